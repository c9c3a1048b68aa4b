"""Which calls an invocation makes, by name, and how many connections it opens for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks.production.process import container

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.benchmarks.production.paths import Path
    from tests.benchmarks.production.stage import Stage
    from tests.benchmarks.production.subjects import Code


def calls(paths: Sequence[Path], codes: Mapping[str, Code], stage: Stage) -> dict[str, list[str]]:
    """By situation and subject: of the first invocation of a container, and of a later one.

    At the end stands one `connect` for each connection that it opened.
    """
    found: dict[str, list[str]] = {}
    for path in paths:
        for subject, code in codes.items():
            with container(code, path.function, stage.port()) as first:
                for situation in ("cold", "warm"):
                    invocation = stage.invocation(path)
                    stage.calls()
                    before = stage.connections()
                    first.invoke(invocation)
                    connects = ["connect"] * (stage.connections() - before)
                    found[f"{situation}: {path.value}: {subject}"] = stage.calls() + connects
    return found
