"""Triggers of type timer."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from faketencent.api.errors import ApiError
from faketencent.scf.api.trigger_kinds import TriggerKind
from faketencent.scf.cron import Cron
from faketencent.scf.timer import TimerTrigger

if TYPE_CHECKING:
    from collections.abc import Iterable

    from faketencent.api.action import Asked
    from faketencent.scf.api.listing import Listed, Shows
    from faketencent.scf.binding import Binding
    from faketencent.scf.function import Function


class TimerKind(TriggerKind[TimerTrigger]):
    """TriggerDesc is the bare text of the seven fields."""

    def of(self, function: Function) -> Iterable[TimerTrigger]:
        """All that the function has."""
        return self._lookup.backend.timers.of(function.name)

    def make(self, asked: Asked, function: Function, binding: Binding) -> TimerTrigger:
        """Start it."""
        name = asked.text("TriggerName")
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,100}", name):
            raise ApiError("InvalidParameterValue.TriggerName", f"not the name of a timer: {name!r}")
        if any(other.name == name for other in self.of(function)):
            raise ApiError("ResourceInUse.TriggerName", f"The function has a timer {name} already.")
        cron = Cron.parse(asked.text("TriggerDesc"))
        timer = TimerTrigger(function.name, name, 0, asked.text("CustomArgument"), cron, binding)
        self._lookup.backend.timers.add(timer)
        return timer

    def is_named(self, trigger: TimerTrigger, asked: Asked) -> bool:
        """By its name."""
        return trigger.name == asked.text("TriggerName")

    def changed(self, trigger: TimerTrigger, asked: Asked) -> TimerTrigger:
        """With another time or argument."""
        if "TriggerDesc" in asked.parameters:
            trigger = replace(trigger, cron=Cron.parse(asked.text("TriggerDesc")))
        return replace(trigger, argument=asked.text("CustomArgument", trigger.argument))

    def put(self, old: TimerTrigger, new: TimerTrigger) -> None:
        """Start the new one instead."""
        self._lookup.backend.timers.replace(old, new)

    def remove(self, trigger: TimerTrigger) -> None:
        """Stop it."""
        self._lookup.backend.timers.remove(trigger)

    def show(self, trigger: TimerTrigger, shows: Shows) -> Listed:
        """As it is listed."""
        return shows.timer(trigger)
