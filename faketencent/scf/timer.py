"""Timer triggers: https://cloud.tencent.com/document/product/583/9708."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from faketencent.scf import cron, limits
from faketencent.scf.binding import Binding
from faketencent.scf.exceptions import AlreadyExistsError, InvalidValueError, LimitExceededError

if TYPE_CHECKING:
    from collections.abc import Callable

    from faketencent.clock import Clock
    from faketencent.scf.cron import Cron
    from faketencent.scf.invocation import Event


@dataclass(frozen=True)
class TimerTrigger:
    """Runs a function every so many seconds from now, or when the seven fields of a cron expression say so."""

    function: str
    name: str
    every: float
    argument: str
    cron: Cron | None = None
    binding: Binding = field(default=Binding(), compare=False)

    @property
    def expression(self) -> str:
        """The seven fields."""
        return self.cron.text if self.cron else cron.every(self.every)

    def event(self, due: float) -> Event:
        """The documented event; `Time` is when the tick was due."""
        time = datetime.fromtimestamp(due, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        return {"Type": "Timer", "TriggerName": self.name, "Time": time, "Message": self.argument}

    def next_after(self, due: float) -> float | None:
        """When it ticks after that tick, or after it was made; `None` if never."""
        return self.cron.next_after(due) if self.cron else due + self.every


class Timers:
    """The timers of one cloud. A tick does not wait for the run before it: runs may overlap."""

    def __init__(self, clock: Clock, deliver: Callable[[str, Event], None]) -> None:
        self._clock = clock
        self._deliver = deliver
        self._timers: list[TimerTrigger] = []

    def add(self, timer: TimerTrigger) -> None:
        """Let the timer tick from one period from now.

        Raises:
            InvalidValueError: no period.
            AlreadyExistsError: the function has a timer of that name.
            LimitExceededError: it has ten timers.
        """
        if not timer.cron and timer.every <= 0:
            raise InvalidValueError("TriggerDesc", f"a period is longer than nothing, not {timer.every}")
        if any((timer.function, timer.name) == (other.function, other.name) for other in self._timers):
            raise AlreadyExistsError("Trigger", timer.name)
        if len(self.of(timer.function)) >= limits.TIMERS_PER_FUNCTION:
            raise LimitExceededError("Trigger", "ten timers are there already")
        self._timers.append(timer)
        self._schedule(timer, self._clock.now())

    def of(self, function: str) -> list[TimerTrigger]:
        """The timers of a function."""
        return [timer for timer in self._timers if timer.function == function]

    def replace(self, old: TimerTrigger, new: TimerTrigger) -> None:
        """Let the timer tick as the new one says, counted from now."""
        self._timers[self._timers.index(old)] = new
        self._schedule(new, self._clock.now())

    def remove(self, timer: TimerTrigger) -> None:
        """Stop the timer."""
        self._timers.remove(timer)

    def _schedule(self, timer: TimerTrigger, after: float) -> None:
        due = timer.next_after(after)
        if due is not None and timer.binding.enabled:
            self._clock.call_later(due - self._clock.now(), lambda: self._tick(timer, due))

    def _tick(self, timer: TimerTrigger, due: float) -> None:
        if any(timer is other for other in self._timers):
            self._deliver(timer.function, timer.event(due))
            self._schedule(timer, due)
