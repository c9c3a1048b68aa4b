"""Time and what is due in it. Tests move a virtual clock by hand; the demo lets the real one run."""

from __future__ import annotations

import heapq
import itertools
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

#: 2026-01-01T00:00:00Z, where virtual time begins.
EPOCH = 1_767_225_600.0


class Clock:
    """Virtual time: seconds since 1970 that pass only when told to, and a list of what is due."""

    def __init__(self, start: float = EPOCH) -> None:
        self._now = start
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()

    def now(self) -> float:
        """The present, in seconds since 1970."""
        return self._now

    def call_later(self, delay: float, action: Callable[[], None]) -> None:
        """Have `action` done when `delay` seconds have passed; actions of one instant keep their order."""
        heapq.heappush(self._due, (self.now() + delay, next(self._order), action))

    def pending(self) -> int:
        """How many actions are still to come."""
        return len(self._due)

    def run_next(self) -> bool:
        """Do the next thing that is due by now; say whether there was one."""
        if not self._due or self._due[0][0] > self.now():
            return False
        _, _, action = heapq.heappop(self._due)
        action()
        return True

    def run_due(self) -> int:
        """Do all that is due by now, whatever becomes due meanwhile included; say how much that was."""
        done = 0
        while self.run_next():
            done += 1
        return done

    def sleep(self, seconds: float) -> None:
        """Let time pass for a caller in the middle of something: what becomes due waits."""
        self._now += seconds

    def advance(self, seconds: float) -> None:
        """Let time pass, doing on the way what becomes due, each at its own time."""
        until = self._now + seconds
        while self._due and self._due[0][0] <= until:
            self._now = max(self._now, self._due[0][0])
            self.run_due()
        self._now = max(self._now, until)


class WallClock(Clock):
    """Real time. `advance` sleeps."""

    def now(self) -> float:
        """The machine's own time."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def advance(self, seconds: float) -> None:
        """Wait, doing what becomes due."""
        until = self.now() + seconds
        self.run_due()
        while (left := until - self.now()) > 0:
            time.sleep(min(left, 0.02))
            self.run_due()
