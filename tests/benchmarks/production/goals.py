"""What is compared, and how good it has to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.benchmarks.production.paths import Path
from tests.benchmarks.production.subjects import Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.benchmarks.production.figures import Figure, Findings, Row


@dataclass(frozen=True)
class Goal:
    """One comparison: a ratio of medians, or a number of its own, and the most that it may be."""

    name: str
    value: float
    most: float

    @property
    def met(self) -> bool:
        """Whether it is as good as it has to be."""
        return self.value <= self.most


def _cpu(row: Row) -> Figure:
    return row.cpu


def _wall(row: Row) -> Figure:
    return row.wall


@dataclass(frozen=True)
class _Ratio:
    situation: str
    to: Subject
    most: float
    latency: int = 0
    of: Callable[[Row], Figure] = _cpu

    def goal(self, findings: Findings) -> Goal:
        ours, other = (
            self.of(findings.row(self.situation, subject.value, self.latency)).median
            for subject in (Subject.OURS, self.to)
        )
        time = "CPU" if self.of is _cpu else "wall"
        where = f" at {self.latency} ms" if self.latency else ""
        return Goal(f"{self.situation}: {time}{where}, of {self.to.value}", ours / other, self.most)


def _ratios() -> Iterator[_Ratio]:
    for path in (Path.VIDEO, Path.CALLBACK):
        cold, warm = f"cold: {path.value}", f"warm: {path.value}"
        yield _Ratio(cold, Subject.NAIVE, 0.65)
        yield _Ratio(cold, Subject.MODELS, 0.41)
        yield _Ratio(cold, Subject.SDK, 1.0)
        yield _Ratio(warm, Subject.RAW, 1.10)
        yield _Ratio(warm, Subject.RAW, 1.10, of=_wall)
        yield _Ratio(warm, Subject.RAW, 1.01, 20, _wall)
        yield _Ratio(f"after idle: {path.value}", Subject.NAIVE, 0.40)
    for path in (Path.SKIP, Path.FORGED):
        yield _Ratio(f"cold: {path.value}", Subject.NAIVE, 0.42)
    yield _Ratio(f"cold: {Path.VIDEO.value}", Subject.NAIVE, 1.20, 20, _wall)


#: MB and calls.
_MOST_MEMORY, _MOST_GROWTH, _MOST_CALLS = 44.0, 1.0, 0.05
_MOST_ZIPPED, _MOST_UNZIPPED = 4.1, 11.5


def goals(findings: Findings) -> list[Goal]:
    """Every comparison."""
    ours = [row for row in findings.rows if row.subject == Subject.OURS.value and not row.latency]
    memory = [Goal(f"{row.situation}: memory, MB", row.peak.median, _MOST_MEMORY) for row in ours]
    memory += [Goal(f"{what}: memory, MB", peak, _MOST_MEMORY) for what, peak in findings.memory.items()]
    growth = [
        Goal(f"{path}: growth over {findings.events:,} events, MB", grown, _MOST_GROWTH)
        for path, grown in findings.growth.items()
    ]
    sizes = [
        Goal("bundle: MB zipped", findings.bundle["zipped"] / 1e6, _MOST_ZIPPED),
        Goal("bundle: MB unzipped", findings.bundle["unzipped"] / 1e6, _MOST_UNZIPPED),
    ]
    waiting = [
        Goal(f"a claim whose job {kind}: calls a tick", calls, _MOST_CALLS) for kind, calls in findings.waiting.items()
    ]
    return [*(ratio.goal(findings) for ratio in _ratios()), *memory, *growth, *sizes, *waiting]
