"""CreateTrigger, and what else is done with triggers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from faketencent.api.action import Action
from faketencent.api.errors import ApiError
from faketencent.scf.api.cos_triggers import CosTriggerKind
from faketencent.scf.api.http_triggers import HttpTriggerKind
from faketencent.scf.api.listing import Shows, listed
from faketencent.scf.api.lookup import LATEST, QUALIFIERS, qualifier
from faketencent.scf.api.timers import TimerKind
from faketencent.scf.api.trigger_kinds import TriggerKind, opened
from faketencent.scf.binding import Binding
from faketencent.scf.function import State

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from faketencent.api.action import Asked
    from faketencent.scf.api.lookup import Lookup

_NAMED = frozenset({"FunctionName", "TriggerName", "Type"})
_WHICH = frozenset({"Namespace", "Qualifier", "TriggerDesc"})
_ABOUT = frozenset({"Description", "CustomArgument"})
_PAGE = 20


class TriggerActions:
    """The actions about triggers. They need their right on everything: CAM knows them on operation level only."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._kinds: dict[str, TriggerKind[Any]] = {
            "cos": CosTriggerKind(lookup),
            "http": HttpTriggerKind(lookup),
            "timer": TimerKind(lookup),
        }

    def __iter__(self) -> Iterator[Action]:
        """All of them."""
        yield Action("CreateTrigger", self._create, _NAMED | {"TriggerDesc"}, _WHICH | _ABOUT | {"Enable"})
        yield Action("UpdateTrigger", self._update, _NAMED, _WHICH | _ABOUT | {"Enable"})
        yield Action("UpdateTriggerStatus", self._update_status, _NAMED | {"Enable"}, _WHICH)
        yield Action("DeleteTrigger", self._delete, _NAMED, _WHICH)
        pages = frozenset({"Namespace", "Offset", "Limit", "OrderBy", "Order", "Filters"})
        yield Action("ListTriggers", self._list, frozenset({"FunctionName"}), pages)

    def _create(self, asked: Asked) -> Mapping[str, Any]:
        function = self._lookup.function(asked)
        kind = self._kind(asked, "cos", "http", "timer")
        if function.state is not State.ACTIVE:
            state = function.state.value
            raise ApiError("FailedOperation.CreateTrigger", f"当前函数处于 {state} 状态,无法创建触发器。")
        now = self._lookup.cloud.clock.now()
        binding = Binding(qualifier(asked), opened(asked), asked.text("Description"), now, now, now)
        made = kind.create(asked, function, binding, Shows(self._lookup, function))
        return {"TriggerInfo": made.shown}

    def _update(self, asked: Asked) -> Mapping[str, Any]:
        self._kind(asked, "http", "timer").update(asked, self._lookup.function(asked))
        return {}

    def _update_status(self, asked: Asked) -> Mapping[str, Any]:
        kind = self._kind(asked, "cos", "timer")
        kind.set_enabled(asked, self._lookup.function(asked), enabled=opened(asked))
        return {}

    def _delete(self, asked: Asked) -> Mapping[str, Any]:
        kind = self._kind(asked, "cos", "http", "timer")
        kind.remove(kind.find(asked, self._lookup.function(asked)))
        return {}

    def _list(self, asked: Asked) -> Mapping[str, Any]:
        """Newest change first. That those of `$LATEST` alone are listed where no qualifier is named is assumed."""
        wanted = _filters(asked)
        there = [entry for entry in listed(self._lookup, self._lookup.function(asked))
                 if all(entry.shown[name] in values for name, values in wanted.items())]  # fmt: skip
        there.sort(key=lambda entry: entry.modified_at, reverse=asked.text("Order", "DESC") == "DESC")
        start = asked.number("Offset", 0)
        page = there[start : start + asked.number("Limit", _PAGE)]
        return {"TotalCount": len(there), "Triggers": [entry.shown for entry in page]}

    def _kind(self, asked: Asked, *allowed: str) -> TriggerKind[Any]:
        given = asked.text("Type")
        if given not in allowed:
            raise ApiError("InvalidParameterValue.Type", f"{', '.join(allowed)}; not {given!r}")
        return self._kinds[given]


def _filters(asked: Asked) -> dict[str, list[str]]:
    given = {entry["Name"]: entry["Values"] for entry in asked.parameters.get("Filters") or []}
    if not given.keys() <= {"Qualifier", "TriggerName", "Description"}:
        raise ApiError("InvalidParameterValue.Filters", "Qualifier, TriggerName and Description can be filtered by.")
    if not set(given.get("Qualifier", QUALIFIERS)) <= set(QUALIFIERS):
        raise ApiError("ResourceNotFound.Qualifier", "There is no such qualifier.")
    return {"Qualifier": [LATEST], **given}
