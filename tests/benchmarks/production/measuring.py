"""All measurements, part by part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks.production.calls import calls
from tests.benchmarks.production.figures import Findings
from tests.benchmarks.production.growth import growth
from tests.benchmarks.production.machine import machine
from tests.benchmarks.production.paths import Path
from tests.benchmarks.production.process import instructions
from tests.benchmarks.production.rounds import cold_rows, rows_after_idle, warm_rows
from tests.benchmarks.production.subjects import Subject, bundle_sizes, deploy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.benchmarks.production.stage import Stage
    from tests.benchmarks.production.subjects import Code

#: The ways on which work is done; the others only find that there is none.
WORK = (Path.VIDEO, Path.CALLBACK)
#: Milliseconds that a reply takes, beside none.
SLOW = 20
NAIVE = (Subject.OURS, Subject.NAIVE, Subject.MODELS, Subject.COMPILED)
SAME_CALLS = (Subject.RAW, Subject.FLOOR)
IMPORTS = (Subject.SDK, Subject.SDK_COMPILED, Subject.NOTHING)
#: A warm invocation is short, so it is measured more often.
_WARM_ROUNDS = 4


def measure(stage: Stage, rounds: int, events: int, tell: Callable[[str], None]) -> Findings:
    """All of it; `tell` is told what comes next.

    Raises:
        BundleError: the bundle cannot be built.
    """
    tell("building")
    codes = deploy(stage.authority())
    findings = Findings(machine=machine(codes[Subject.OURS].python), bundle=bundle_sizes())
    tell("calls")
    findings.calls = calls(WORK, _some(codes, Subject.OURS, Subject.NAIVE, *SAME_CALLS), stage)
    for path in Path:
        tell(f"cold: {path.value}")
        findings.rows += cold_rows(path, _some(codes, *_compared(path)), stage, rounds)
        findings.instructions[path.value] = _instructions(path, codes, stage)
    for path in WORK:
        kept = _some(codes, Subject.OURS, Subject.NAIVE, *SAME_CALLS)
        tell(f"warm, idle and slow: {path.value}")
        findings.rows += cold_rows(path, _some(codes, *NAIVE, *SAME_CALLS), stage, rounds, SLOW)
        findings.rows += warm_rows(path, kept, stage, _WARM_ROUNDS * rounds)
        findings.rows += warm_rows(path, kept, stage, rounds, SLOW)
        findings.rows += rows_after_idle(path, _some(codes, Subject.OURS, Subject.NAIVE, Subject.RAW), stage, rounds)
    tell(f"growth over {events} events")
    findings.growth = growth(codes[Subject.OURS], stage, events)
    return findings


def _compared(path: Path) -> tuple[Subject, ...]:
    return (*NAIVE, *SAME_CALLS, *IMPORTS) if path in WORK else NAIVE


def _some(codes: Mapping[Subject, Code], *subjects: Subject) -> dict[Subject, Code]:
    return {subject: codes[subject] for subject in subjects}


def _instructions(path: Path, codes: Mapping[Subject, Code], stage: Stage) -> dict[str, int]:
    counted = {
        subject.value: instructions(codes[subject], path.function, stage.port(), stage.invocation(path))
        for subject in NAIVE
    }
    return {name: count for name, count in counted.items() if count is not None}
