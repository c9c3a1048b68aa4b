"""How the memory of one container grows while it is invoked again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks.production.process import container

if TYPE_CHECKING:
    from tests.benchmarks.production.paths import Path
    from tests.benchmarks.production.stage import Stage
    from tests.benchmarks.production.subjects import Code

#: By then everything is imported and built, and whatever has a size of its own has it.
_SETTLED = 0.05


def growth(code: Code, stage: Stage, events: int, *paths: Path) -> dict[str, float]:
    """By path: MB in memory after so many invocations, above what it was after the first twentieth of them.

    The credentials stay the same. New ones, which the platform writes into the environment each time, would take half
    a KB: the C library never frees a variable.
    """
    return {path.value: _growth(path, code, stage, events) for path in paths}


def _growth(path: Path, code: Code, stage: Stage, events: int) -> float:
    same = {"environment": stage.invocation(path)["environment"]}
    with container(code, path.function, stage.port()) as kept:
        took = [kept.invoke(stage.invocation(path) | same) for _ in range(events)]
    assert not any(one.errors for one in took), f"{path.value}: errors were logged"
    return (took[-1].memory - took[int(events * _SETTLED)].memory) / 1e6
