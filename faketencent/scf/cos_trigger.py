"""COS triggers: which events reach which function, and which bindings are refused.

https://cloud.tencent.com/document/product/583/9707: one event type may not be bound twice with prefixes and
suffixes that overlap, and the bucket is in the function's region.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from faketencent.scf import limits
from faketencent.scf.binding import Binding
from faketencent.scf.cos_event import Dialect
from faketencent.scf.exceptions import InvalidValueError, LimitExceededError

if TYPE_CHECKING:
    from collections.abc import Callable

    from faketencent.clock import Clock
    from faketencent.cos.models import ObjectEvent
    from faketencent.scf.invocation import Event

EVENT_TYPES = frozenset({
    "cos:ObjectCreated:*",
    "cos:ObjectCreated:Put",
    "cos:ObjectCreated:Post",
    "cos:ObjectCreated:Copy",
    "cos:ObjectCreated:CompleteMultipartUpload",
    "cos:ObjectCreated:Origin",
    "cos:ObjectCreated:Replication",
    # In COS's own list and in the text of SCF's API, not on the page; that the asterisk covers it is assumed.
    "cos:ObjectCreated:Append",
    "cos:ObjectRemove:*",
    "cos:ObjectRemove:Delete",
    "cos:ObjectRemove:DeleteMarkerCreated",
    "cos:ObjectRestore:Post",
    "cos:ObjectRestore:Completed",
})  # fmt: skip


@dataclass(frozen=True)
class Delivery:
    """How events are handed over: each one `copies` times (0 loses it), at most `batch` records in one event.

    For `window` seconds after the first one events wait for company; then all that came travel together.
    """

    copies: int = 1
    batch: int = 1
    window: float = 0


@dataclass(frozen=True)
class CosTrigger:
    """One binding; `events` is one event type, with or without an asterisk for its end."""

    function: str
    bucket: str
    events: str
    prefix: str
    suffix: str
    binding: Binding = field(default=Binding(), compare=False)

    def matches(self, event: ObjectEvent) -> bool:
        """Whether the function is told of this."""
        return (
            event.object.bucket == self.bucket
            and _covers(self.events, event.name)
            and event.object.key.startswith(self.prefix)
            and event.object.key.endswith(self.suffix)
        )

    def overlaps(self, other: CosTrigger) -> bool:
        """Whether some object could trigger both."""
        return (
            self.bucket == other.bucket
            and (_covers(self.events, other.events) or _covers(other.events, self.events))
            and (self.prefix.startswith(other.prefix) or other.prefix.startswith(self.prefix))
            and (self.suffix.endswith(other.suffix) or other.suffix.endswith(self.suffix))
        )


def _covers(pattern: str, name: str) -> bool:
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern


@dataclass
class CosTriggers:
    """The COS triggers of one cloud; `delivery` and `dialect` may be changed at any time."""

    clock: Clock
    deliver: Callable[[str, Event], None]
    delivery: Delivery = field(default_factory=Delivery)
    dialect: Dialect = field(default_factory=Dialect)
    _triggers: list[CosTrigger] = field(default_factory=list)
    _waiting: dict[CosTrigger, list[ObjectEvent]] = field(default_factory=dict)
    _serial: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def add(self, trigger: CosTrigger) -> None:
        """Bind.

        Raises:
            InvalidValueError: no such event type, or a rule that overlaps this one.
            LimitExceededError: ten triggers of the function, or of the bucket.
        """
        if trigger.events not in EVENT_TYPES:
            raise InvalidValueError("TriggerDesc", f"no such event type: {trigger.events}")
        if any(trigger.overlaps(other) for other in self._triggers):
            raise InvalidValueError("CosNotifyRuleConflict", f"another rule overlaps {trigger}")
        of_function = sum(trigger.function == other.function for other in self._triggers)
        of_bucket = sum(trigger.bucket == other.bucket for other in self._triggers)
        if of_function >= limits.COS_TRIGGERS_PER_FUNCTION or of_bucket >= limits.COS_TRIGGERS_PER_BUCKET:
            raise LimitExceededError("Trigger", "ten COS triggers are there already")
        self._triggers.append(trigger)

    def of(self, function: str) -> list[CosTrigger]:
        """The COS triggers of a function."""
        return [trigger for trigger in self._triggers if trigger.function == function]

    def replace(self, old: CosTrigger, new: CosTrigger) -> None:
        """Open or close a trigger; what is bound stays the same."""
        self._triggers[self._triggers.index(old)] = new

    def remove(self, trigger: CosTrigger) -> None:
        """Unbind; what is on its way still arrives."""
        self._triggers.remove(trigger)

    def told_of(self, bucket: str) -> list[tuple[str, str]]:
        """The functions that are told of a bucket's events, and of which."""
        return [(trigger.function, trigger.events) for trigger in self._triggers if trigger.bucket == bucket]

    def notice(self, event: ObjectEvent) -> None:
        """Take an event of COS; events of one window travel together if `delivery` allows."""
        for trigger in self._triggers:
            if trigger.matches(event) and trigger.binding.works(self.clock.now()):
                if not self._waiting.get(trigger):
                    self.clock.call_later(self.delivery.window, partial(self._send, trigger))
                self._waiting.setdefault(trigger, []).append(event)

    def _send(self, trigger: CosTrigger) -> None:
        events = self._waiting.pop(trigger)
        for start in range(0, len(events), self.delivery.batch):
            records = [self._record(trigger, event) for event in events[start : start + self.delivery.batch]]
            for _ in range(self.delivery.copies):
                self.deliver(trigger.function, {"Records": records})

    def _record(self, trigger: CosTrigger, event: ObjectEvent) -> Event:
        return self.dialect.record(
            event, configured=trigger.events, function=trigger.function, serial=next(self._serial)
        )
