"""What is to happen to the triggers of a function. No I/O."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ops.manifest.schema import TriggerKind

if TYPE_CHECKING:
    from ops.manifest.deployment import Trigger
    from ops.tencent.triggers import DeployedTrigger


@dataclass(frozen=True)
class TriggerChanges:
    """What is to happen to the triggers of a function, in this order.

    `first` are deleted before `made`, because SCF has no two that are told of the same event; `last` after it. `kept`
    are of kinds that are not ours, or function URLs: a new one would have another address.
    """

    switched: list[tuple[DeployedTrigger, Trigger]] = field(default_factory=list)
    changed: list[tuple[DeployedTrigger, Trigger]] = field(default_factory=list)
    first: list[DeployedTrigger] = field(default_factory=list)
    made: list[Trigger] = field(default_factory=list)
    last: list[DeployedTrigger] = field(default_factory=list)
    kept: list[DeployedTrigger] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        """Whether the triggers are as wanted."""
        return not (self.switched or self.changed or self.first or self.made or self.last)


def trigger_changes(wanted: list[Trigger], found: tuple[DeployedTrigger, ...]) -> TriggerChanges:
    """What is to happen to the triggers of one function."""
    changes = TriggerChanges()
    left = list(found)
    for trigger in wanted:
        match = next((one for one in left if one.trigger and _same(one.trigger, trigger)), None)
        if match is None:
            changes.made.append(trigger)
            continue
        left.remove(match)
        if match.trigger != replace(trigger, name=match.trigger.name if match.trigger else ""):
            (changes.switched if trigger.kind is TriggerKind.COS else changes.changed).append((match, trigger))
    for one in left:
        if one.trigger is None or one.trigger.kind is TriggerKind.HTTP:
            changes.kept.append(one)
        elif any(_overlap(one.trigger, trigger) for trigger in changes.made):
            changes.first.append(one)
        else:
            changes.last.append(one)
    return changes


def _same(found: Trigger, wanted: Trigger) -> bool:
    if (found.kind, found.qualifier) != (wanted.kind, wanted.qualifier):
        return False
    if found.kind is TriggerKind.COS:
        return (found.name, found.event, found.prefix, found.suffix) == (
            wanted.name, wanted.event, wanted.prefix, wanted.suffix,
        )  # fmt: skip
    return found.kind is TriggerKind.HTTP or found.name == wanted.name


def _overlap(old: Trigger, new: Trigger) -> bool:
    """Whether SCF refuses to have both: https://cloud.tencent.com/document/product/583/9707."""
    if old.kind is not new.kind:
        return False
    if old.kind is TriggerKind.TIMER:
        return old.name == new.name
    return (
        old.name == new.name
        and (old.covers(new.event.rstrip("*")) or new.covers(old.event.rstrip("*")))
        and (old.prefix.startswith(new.prefix) or new.prefix.startswith(old.prefix))
        and (old.suffix.endswith(new.suffix) or new.suffix.endswith(old.suffix))
    )
