"""The kinds of triggers: what each one is sent, and how one of them is found again."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from faketencent.api.errors import ApiError
from faketencent.scf.api.lookup import qualifier

if TYPE_CHECKING:
    from collections.abc import Iterable

    from faketencent.api.action import Asked
    from faketencent.scf.api.listing import Listed, Shows
    from faketencent.scf.api.lookup import Lookup
    from faketencent.scf.binding import Binding
    from faketencent.scf.cos_trigger import CosTrigger
    from faketencent.scf.function import Function
    from faketencent.scf.function_url import FunctionUrl
    from faketencent.scf.timer import TimerTrigger

TriggerT = TypeVar("TriggerT", "CosTrigger", "TimerTrigger", "FunctionUrl")


class TriggerKind(ABC, Generic[TriggerT]):
    """Triggers of one type. The names that a call may be refused by are those of the action's own list."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup

    def create(self, asked: Asked, function: Function, binding: Binding, shows: Shows) -> Listed:
        """Make one, and show it as it then is. Raises ServiceError."""
        return self.show(self.make(asked, function, binding), shows)

    def update(self, asked: Asked, function: Function) -> None:
        """Change what the call names. Raises ServiceError."""
        old = self.find(asked, function)
        new = self.changed(old, asked)
        self.put(old, replace(new, binding=self._rebound(new.binding, asked)))

    def set_enabled(self, asked: Asked, function: Function, *, enabled: bool) -> None:
        """Open or close.

        Raises:
            ApiError: it is so already, or there is none.
        """
        old = self.find(asked, function)
        if old.binding.enabled == enabled:
            raise ApiError("FailedOperation.UpdateTriggerStatus", "触发器状态与原状态一致")
        now = self._lookup.cloud.clock.now()
        self.put(old, replace(old, binding=replace(old.binding, enabled=enabled, modified_at=now)))

    def find(self, asked: Asked, function: Function) -> TriggerT:
        """The trigger that the call names.

        Raises:
            ApiError: ResourceNotFound.Trigger; or the call says too little to tell.
        """
        wanted = qualifier(asked)
        found = [t for t in self.of(function) if t.binding.qualifier == wanted and self.is_named(t, asked)]
        if not found:
            raise ApiError("ResourceNotFound.Trigger", f"There is no trigger {asked.text('TriggerName')}.")
        if len(found) > 1:
            raise ApiError("InvalidParameterValue.TriggerDesc", "Several triggers are like this; give the filter too.")
        return found[0]

    @abstractmethod
    def of(self, function: Function) -> Iterable[TriggerT]:
        """All that the function has."""

    @abstractmethod
    def make(self, asked: Asked, function: Function, binding: Binding) -> TriggerT:
        """A new one. Raises ServiceError."""

    @abstractmethod
    def is_named(self, trigger: TriggerT, asked: Asked) -> bool:
        """Whether the call's TriggerName and TriggerDesc fit. Raises ApiError."""

    @abstractmethod
    def changed(self, trigger: TriggerT, asked: Asked) -> TriggerT:
        """As UpdateTrigger wants it to be. Raises ApiError."""

    @abstractmethod
    def put(self, old: TriggerT, new: TriggerT) -> None:
        """Have the new one in the old one's place."""

    @abstractmethod
    def remove(self, trigger: TriggerT) -> None:
        """Take it away. Raises ApiError."""

    @abstractmethod
    def show(self, trigger: TriggerT, shows: Shows) -> Listed:
        """As it is listed."""

    def _rebound(self, binding: Binding, asked: Asked) -> Binding:
        changes: dict[str, Any] = {"modified_at": self._lookup.cloud.clock.now()}
        if "Enable" in asked.parameters:
            changes["enabled"] = opened(asked)
        if "Description" in asked.parameters:
            changes["description"] = asked.text("Description")
        return replace(binding, **changes)


def opened(asked: Asked) -> bool:
    """What Enable says. That a trigger is closed where nothing is said is assumed: the documentation has no default.

    Raises:
        ApiError: neither OPEN nor CLOSE.
    """
    given = asked.text("Enable", "CLOSE")
    if given not in ("OPEN", "CLOSE"):
        raise ApiError("InvalidParameterValue.Enable", f"OPEN or CLOSE, not {given!r}")
    return given == "OPEN"


def description(asked: Asked, allowed: frozenset[str]) -> dict[str, Any]:
    """The JSON in TriggerDesc.

    Raises:
        ApiError: not a JSON object, or other fields.
    """
    try:
        found = json.loads(asked.text("TriggerDesc"))
    except ValueError as error:
        raise ApiError("InvalidParameterValue.TriggerDesc", "TriggerDesc is not JSON.") from error
    if not isinstance(found, dict) or not found.keys() <= allowed:
        raise ApiError("InvalidParameterValue.TriggerDesc", f"TriggerDesc may have {', '.join(sorted(allowed))}.")
    return found
