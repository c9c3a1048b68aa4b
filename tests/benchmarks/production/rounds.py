"""The measurements: in each round every subject has its turn, each round begins with another."""

from __future__ import annotations

from collections import defaultdict
from contextlib import ExitStack
from typing import TYPE_CHECKING

from tests.benchmarks.production.figures import Row
from tests.benchmarks.production.process import cold, container

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tests.benchmarks.production.paths import Path
    from tests.benchmarks.production.process import Container, Took
    from tests.benchmarks.production.stage import Stage
    from tests.benchmarks.production.subjects import Code, Subject

#: Invocations of a container that are not measured: imports, connections, and what is only once.
_FIRST = 3


def turns(subjects: Sequence[Subject], rounds: int) -> Iterator[Subject]:
    """The subjects, so many times each."""
    for number in range(rounds):
        start = number % len(subjects)
        yield from (*subjects[start:], *subjects[:start])


def cold_rows(path: Path, codes: Mapping[Subject, Code], stage: Stage, rounds: int, latency: int = 0) -> list[Row]:
    """First invocations, each in a fresh process; `latency` is in milliseconds a reply."""
    took: dict[Subject, list[Took]] = defaultdict(list)
    stage.slow_down(latency)
    for subject in turns(list(codes), rounds):
        invocation = stage.invocation(path)
        took[subject].append(cold(codes[subject], path.function, stage.port(), invocation))
    return _rows(f"cold: {path.value}", took, latency)


def warm_rows(path: Path, codes: Mapping[Subject, Code], stage: Stage, rounds: int, latency: int = 0) -> list[Row]:
    """Invocations of containers that have been invoked before."""
    return _in_containers(f"warm: {path.value}", path, codes, stage, rounds, latency, lambda: None)


def rows_after_idle(path: Path, codes: Mapping[Subject, Code], stage: Stage, rounds: int) -> list[Row]:
    """The same where the connections have been closed since, as they are in a container that waited for long."""
    return _in_containers(f"after idle: {path.value}", path, codes, stage, rounds, 0, stage.hang_up)


def _in_containers(
    situation: str,
    path: Path,
    codes: Mapping[Subject, Code],
    stage: Stage,
    rounds: int,
    latency: int,
    before: Callable[[], None],
) -> list[Row]:
    took: dict[Subject, list[Took]] = defaultdict(list)
    stage.slow_down(0)
    with ExitStack() as stack:
        containers: dict[Subject, Container] = {
            subject: stack.enter_context(container(code, path.function, stage.port()))
            for subject, code in codes.items()
        }
        for subject in turns(list(codes), _FIRST):
            containers[subject].invoke(stage.invocation(path))
        stage.slow_down(latency)
        for subject in turns(list(codes), rounds):
            invocation = stage.invocation(path)
            before()
            took[subject].append(containers[subject].invoke(invocation))
    return _rows(situation, took, latency)


def _rows(situation: str, took: Mapping[Subject, Sequence[Took]], latency: int) -> list[Row]:
    return [Row.of(situation, subject.value, latency, one) for subject, one in took.items()]
