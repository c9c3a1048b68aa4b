"""Brings the triggers of a function to what is wanted, one call at a time; before each call they are listed.

A function URL is never deleted: a new one would have another address. The trigger of a bucket cannot be changed; the
new one is made before the old one goes, unless SCF refuses to have both: then uploads of some seconds go unseen, and
that is said before and after.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from ops import waiting
from ops.deploy.functions import UNCLEAR
from ops.deploy.trigger_changes import trigger_changes
from ops.errors import DeployError
from ops.manifest.schema import TriggerKind
from shared.errors import ConflictError, RejectedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ops.deploy.trigger_changes import TriggerChanges
    from ops.manifest.deployment import Trigger
    from ops.tencent.triggers import DeployedTrigger, Triggers

#: Seconds between two tries of a trigger that SCF does not take yet, and how many there are.
_AGAIN, _TRIES = 5, 5
#: Seconds for all triggers of a function to be as wanted, and before what was seen before is seen to again.
_CHANGING, _LOOK = 300, 1
#: Has uploads checked that raised no event.
_SUBMIT = "./cos-watermark submit --all"
#: Seconds that a new function URL may take to have its address.
_ADDRESS = 20


@dataclass(frozen=True)
class Bindings:
    """The triggers of one function, which the file calls `key`. `tell` is told what is done."""

    triggers: Triggers
    function: str
    key: str
    tell: Callable[[str], None]

    def bring(self, wanted: list[Trigger], kinds: frozenset[TriggerKind]) -> None:
        """Make, change and delete triggers of these kinds until nothing differs.

        Raises:
            CloudError: a call was refused, or its reply was lost and it took no effect.
            DeployError: they do not get there, say because somebody else changes them back.
        """
        mine = [trigger for trigger in wanted if trigger.kind in kinds]
        gap: str | None = None
        refused = 0
        until = waiting.now() + _CHANGING
        seen: list[TriggerChanges] = []
        while not (changes := trigger_changes(mine, self._found(kinds))).nothing:
            if waiting.now() > until:
                raise DeployError(f"{self.function}: its triggers still differ. Run the command again")
            if changes in seen:
                waiting.pause(_LOOK)
            seen.append(changes)
            if changes.first and gap is None:
                gap = _time()
                buckets = _buckets(changes.first)
                self.tell(f"  from {gap} on, uploads to {buckets} cause no event, until the new trigger is there")
                # Said now: if this run is stopped, the end of the gap is not known.
                self.tell(f"      if this run stops before: deploy again, then {_SUBMIT} --newer-than {gap}")
            try:
                self._step(changes)
            except UNCLEAR:
                self.tell(f"  {self.function}: no clear reply; checking whether it was done")
                if trigger_changes(mine, self._found(kinds)) == changes:
                    raise
            except (ConflictError, RejectedError) as error:
                refused += 1
                if refused >= _TRIES or not _may_pass(error):
                    raise
                waiting.pause(_AGAIN)
        if gap:
            end = _time()
            self.tell(f"  uploads between {gap} and {end} caused no event; to check them:")
            self.tell(f"      {_SUBMIT} --newer-than {gap} --older-than {end}")

    def address(self) -> str:
        """The URL of the function, as soon as it is known.

        Raises:
            DeployError: it is not, after some time.
        """
        until = waiting.now() + _ADDRESS
        while True:
            found = [one.url for one in self._found(frozenset({TriggerKind.HTTP})) if one.url]
            if found:
                return found[0]
            if waiting.now() > until:
                raise DeployError(f"{self.function} has no URL yet. Run the command again")
            waiting.pause(1)

    def _found(self, kinds: frozenset[TriggerKind]) -> tuple[DeployedTrigger, ...]:
        found = self.triggers.of(self.function, self.key)
        return tuple(one for one in found if one.trigger and one.trigger.kind in kinds)

    def _step(self, changes: TriggerChanges) -> None:
        """The first thing that is to happen."""
        if changes.switched:
            found, trigger = changes.switched[0]
            self.tell(f"  {self.function}: {'on' if trigger.enabled else 'off'}: {described(trigger)}")
            self.triggers.switch(self.function, found, trigger)
        elif changes.changed:
            found, trigger = changes.changed[0]
            self.tell(f"  {self.function}: {described(trigger)}")
            self.triggers.update(self.function, found.name, trigger)
        elif changes.first:
            self._delete(changes.first[0])
        elif changes.made:
            self.tell(f"  {self.function}: {described(changes.made[0])}")
            self.triggers.create(self.function, changes.made[0])
        else:
            self._delete(changes.last[0])

    def _delete(self, found: DeployedTrigger) -> None:
        self.tell(f"  {self.function}: no longer {described(found.trigger) if found.trigger else found.name}")
        self.triggers.delete(self.function, found)


def described(trigger: Trigger) -> str:
    """A trigger in words."""
    off = "" if trigger.enabled else ", switched off"
    if trigger.kind is TriggerKind.COS:
        keys = f" for keys {trigger.prefix}…{trigger.suffix}" if trigger.prefix or trigger.suffix else ""
        return f"triggered by {trigger.event} of {trigger.bucket or trigger.name}{keys}{off}"
    if trigger.kind is TriggerKind.TIMER:
        return f"triggered at {trigger.cron} ({trigger.name}){off}"
    return f"triggered by requests to its URL{'' if trigger.extranet else ', from inside only'}{off}"


def _may_pass(error: ConflictError | RejectedError) -> bool:
    code = error.cause.code
    return code.startswith("FailedOperation") or "FunctionStatus" in code


def _buckets(deleted: list[DeployedTrigger]) -> str:
    return ", ".join(dict.fromkeys(one.trigger.bucket for one in deleted if one.trigger))


def _time() -> str:
    return datetime.fromtimestamp(waiting.now(), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
