"""Timer triggers: https://cloud.tencent.com/document/product/583/9708."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from faketencent.scf.exceptions import AlreadyExistsError, InvalidValueError

if TYPE_CHECKING:
    from collections.abc import Callable

    from faketencent.clock import Clock
    from faketencent.scf.invocation import Event


@dataclass(frozen=True)
class TimerTrigger:
    """Runs a function every so many seconds, which stands for the seven fields of a cron expression."""

    function: str
    name: str
    every: float
    argument: str

    def event(self, due: float) -> Event:
        """The documented event; `Time` is when the tick was due."""
        time = datetime.fromtimestamp(due, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        return {"Type": "Timer", "TriggerName": self.name, "Time": time, "Message": self.argument}


class Timers:
    """The timers of one cloud. A tick does not wait for the run before it: runs may overlap."""

    def __init__(self, clock: Clock, deliver: Callable[[str, Event], None]) -> None:
        self._clock = clock
        self._deliver = deliver
        self._timers: list[TimerTrigger] = []

    def add(self, timer: TimerTrigger) -> None:
        """Let the timer tick from one period from now."""
        if timer.every <= 0:
            raise InvalidValueError("TriggerDesc", f"a period is longer than nothing, not {timer.every}")
        if any((timer.function, timer.name) == (other.function, other.name) for other in self._timers):
            raise AlreadyExistsError("Trigger", timer.name)
        self._timers.append(timer)
        self._schedule(timer, self._clock.now() + timer.every)

    def remove(self, timer: TimerTrigger) -> None:
        """Stop the timer."""
        self._timers.remove(timer)

    def _schedule(self, timer: TimerTrigger, due: float) -> None:
        self._clock.call_later(due - self._clock.now(), lambda: self._tick(timer, due))

    def _tick(self, timer: TimerTrigger, due: float) -> None:
        if any(timer is other for other in self._timers):
            self._deliver(timer.function, timer.event(due))
            self._schedule(timer, due + timer.every)
