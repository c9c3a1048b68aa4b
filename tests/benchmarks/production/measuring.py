"""All measurements, part by part."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING

from tests.benchmarks.filling import Claimed
from tests.benchmarks.production.calls import calls
from tests.benchmarks.production.changes import measured
from tests.benchmarks.production.edits import EDITS
from tests.benchmarks.production.figures import Findings
from tests.benchmarks.production.growth import growth
from tests.benchmarks.production.machine import machine
from tests.benchmarks.production.memory import memory
from tests.benchmarks.production.paths import Path
from tests.benchmarks.production.process import instructions
from tests.benchmarks.production.rounds import Rounds
from tests.benchmarks.production.subjects import Subject, bundle_sizes, deploy
from tests.benchmarks.rows import calls_while_waiting, of_claims, of_messages
from tests.benchmarks.scenarios import CLAIMS, ENTRIES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.benchmarks.production.stage import Stage
    from tests.benchmarks.production.subjects import Code
    from tests.benchmarks.rows import TickRow

#: The ways on which work is done; the others only find that there is none.
WORK = (Path.VIDEO, Path.CALLBACK)
#: Milliseconds that a reply takes, beside none.
SLOW = 20
NAIVE = (Subject.OURS, Subject.NAIVE, Subject.MODELS, Subject.COMPILED)
SAME_CALLS = (Subject.RAW, Subject.FLOOR)
IMPORTS = (Subject.SDK, Subject.SDK_COMPILED, Subject.NOTHING)
#: How many claims or waiting entries a tick finds, and of which kinds.
COUNTS = (100, 1_000, 10_000, 100_000)
MANY = (*(scenario for scenario in CLAIMS if "jobs that" in scenario.name), *ENTRIES[-2:])
MOST_MESSAGES = 10_000
IN_FLIGHT = 1_000
WAITING = {"runs": Claimed.LIVE, "waits in CI's queue": Claimed.QUEUED}
#: A warm invocation is short, so it is measured more often.
_WARM_ROUNDS = 4


def measure(stage: Stage, rounds: int, events: int, most: int, tell: Callable[[str], None]) -> Findings:
    """All of it, of ticks up to so many claims, waiting entries and messages; `tell` is told what comes next.

    Raises:
        BundleError: the bundle cannot be built.
    """
    tell("building")
    codes = deploy(stage.authority())
    ours = codes[Subject.OURS]
    findings = Findings(machine=machine(ours.python), rounds=rounds, events=events, bundle=bundle_sizes())
    kept = _some(codes, Subject.OURS, Subject.NAIVE, *SAME_CALLS)
    tell("calls")
    findings.calls = calls(WORK, kept, stage)
    _check_same(findings.calls)
    for path in Path:
        tell(f"cold: {path.value}")
        _measure_cold(path, findings, codes, stage)
    # The one by the standard library does not connect again.
    again = _some(codes, Subject.OURS, Subject.NAIVE, Subject.RAW)
    for path in WORK:
        tell(f"slow, warm and idle: {path.value}")
        findings.rows += Rounds(stage, _some(codes, *NAIVE, *SAME_CALLS), rounds, SLOW).cold(path)
        findings.rows += Rounds(stage, kept, _WARM_ROUNDS * rounds).warm(path)
        findings.rows += Rounds(stage, kept, rounds, SLOW).warm(path)
        findings.rows += Rounds(stage, again, rounds).after_idle(path)
    tell("changes")
    findings.changes = list(measured(EDITS, ours, stage, rounds))
    tell("memory")
    findings.memory = memory(ours, stage)
    tell(f"growth over {events} events, and ticks that find up to {most}")
    # Neither memory nor calls depend on what else runs.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as beside:
        of_ticks = beside.submit(_of_ticks, most)
        findings.growth = growth(ours, stage, events, *Path)
        findings.waiting, findings.ticks = of_ticks.result()
    return findings


def measure_again(findings: Findings, path: Path, stage: Stage, tell: Callable[[str], None]) -> None:
    """One path, and what memory ticks take, as often as they were measured before; the rest stays as it is."""
    tell("building")
    codes = deploy(stage.authority())
    tell(f"cold: {path.value}")
    findings.rows = [row for row in findings.rows if (row.situation, row.latency) != (f"cold: {path.value}", 0)]
    _measure_cold(path, findings, codes, stage)
    tell("memory, and growth")
    findings.memory = memory(codes[Subject.OURS], stage)
    findings.growth |= growth(codes[Subject.OURS], stage, findings.events, path)


def _measure_cold(path: Path, findings: Findings, codes: Mapping[Subject, Code], stage: Stage) -> None:
    findings.rows += Rounds(stage, _some(codes, *_compared(path)), findings.rounds).cold(path)
    findings.instructions[path.value] = _instructions(path, codes, stage)


def _of_ticks(most: int) -> tuple[dict[str, float], list[TickRow]]:
    """Calls of claims that wait, and what ticks take with few and with very many."""
    counts = [number for number in COUNTS if number <= most]
    waiting = {what: calls_while_waiting(kind, IN_FLIGHT) for what, kind in WAITING.items()}
    rows = [row for scenario in MANY for row in of_claims(scenario, counts)]
    return waiting, [*rows, *of_messages([count for count in counts if count <= MOST_MESSAGES])]


def _check_same(made: Mapping[str, list[str]]) -> None:
    """What is compared as the same calls must make the same calls."""
    for situation, names in made.items():
        before, _, subject = situation.rpartition(": ")
        if subject in {same.value for same in SAME_CALLS}:
            assert names == made[f"{before}: {Subject.OURS.value}"], f"{situation} makes other calls: {names}"


def _compared(path: Path) -> tuple[Subject, ...]:
    return (*NAIVE, *SAME_CALLS, *IMPORTS) if path in WORK else NAIVE


def _some(codes: Mapping[Subject, Code], *subjects: Subject) -> dict[str, Code]:
    return {subject.value: codes[subject] for subject in subjects}


def _instructions(path: Path, codes: Mapping[Subject, Code], stage: Stage) -> dict[str, int]:
    counted = {
        name: instructions(code, path.function, stage.port(), stage.invocation(path))
        for name, code in _some(codes, *NAIVE).items()
    }
    return {name: count for name, count in counted.items() if count is not None}
