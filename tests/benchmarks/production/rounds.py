"""The measurements: in each round every subject has its turn, each round begins with another."""

from __future__ import annotations

from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.benchmarks.production.figures import Row
from tests.benchmarks.production.process import cold, container

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.benchmarks.production.paths import Path
    from tests.benchmarks.production.process import Container, Took
    from tests.benchmarks.production.stage import Stage
    from tests.benchmarks.production.subjects import Code

#: Invocations of a container that are not measured: imports, connections, and what is done only once.
_FIRST = 3


@dataclass(frozen=True)
class Rounds:
    """So many rounds of these subjects, by name; each reply comes `latency` milliseconds later."""

    stage: Stage
    codes: Mapping[str, Code]
    count: int
    latency: int = 0

    def cold(self, path: Path) -> list[Row]:
        """First invocations, each in a fresh process."""

        def invoke(subject: str) -> Took:
            return cold(self.codes[subject], path.function, self.port(path), self.stage.invocation(path))

        return self._measured(f"cold: {path.value}", invoke)

    def warm(self, path: Path) -> list[Row]:
        """Invocations of containers that have been invoked before."""
        with self._containers(path) as containers:
            return self._measured(
                f"warm: {path.value}", lambda subject: containers.of[subject].invoke(self.stage.invocation(path))
            )

    def after_idle(self, path: Path) -> list[Row]:
        """The same where the connections were closed meanwhile, as they are while a container waits for long."""

        def invoke(subject: str) -> Took:
            invocation = self.stage.invocation(path)
            self.stage.hang_up()
            return containers.of[subject].invoke(invocation)

        with self._containers(path) as containers:
            return self._measured(f"after idle: {path.value}", invoke)

    def port(self, path: Path) -> int:
        """Where the cloud is, for what calls it."""
        return self.stage.port() if path.calls_the_cloud else 0

    def _measured(self, situation: str, invoke: Callable[[str], Took]) -> list[Row]:
        took: dict[str, list[Took]] = defaultdict(list)
        self.stage.slow_down(self.latency)
        for subject in self._turns(self.count):
            took[subject].append(invoke(subject))
            # A refusal would be measured as if it were the work.
            assert not took[subject][-1].errors, f"{situation}: {subject} logged an error: {took[subject][-1].returned}"
        self.stage.slow_down(0)
        return [Row.of(situation, subject, self.latency, one) for subject, one in took.items()]

    def _turns(self, rounds: int) -> Iterator[str]:
        subjects = list(self.codes)
        for number in range(rounds):
            start = number % len(subjects)
            yield from (*subjects[start:], *subjects[:start])

    def _containers(self, path: Path) -> _Containers:
        kept = _Containers()
        for subject, code in self.codes.items():
            kept.of[subject] = kept.enter_context(container(code, path.function, self.port(path)))
        for subject in self._turns(_FIRST):
            kept.of[subject].invoke(self.stage.invocation(path))
        return kept


class _Containers(ExitStack):
    """Containers, each of which ends with all the others."""

    def __init__(self) -> None:
        super().__init__()
        self.of: dict[str, Container] = {}
