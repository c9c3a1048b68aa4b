"""How the memory of one container grows while it is invoked again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks.production.paths import Path
from tests.benchmarks.production.process import container

if TYPE_CHECKING:
    from tests.benchmarks.production.stage import Stage
    from tests.benchmarks.production.subjects import Code

#: By then everything is imported and built, and whatever has a size of its own has it.
_SETTLED = 0.05


def growth(code: Code, stage: Stage, events: int) -> dict[str, float]:
    """By path: MB in memory after so many invocations, above what it was after the first twentieth of them.

    The credentials stay the same. New ones, which the platform writes into the environment each time, would take half
    a KB: the C library never frees a variable.
    """
    return {path.value: _growth(path, code, stage, events) for path in Path}


def _growth(path: Path, code: Code, stage: Stage, events: int) -> float:
    same = {"environment": stage.invocation(path)["environment"]}
    with container(code, path.function, stage.port()) as kept:
        memory = [kept.invoke(stage.invocation(path) | same).memory for _ in range(events)]
    return (memory[-1] - memory[int(events * _SETTLED)]) / 1e6
