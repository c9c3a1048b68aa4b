"""Triggers of type cos: bound to a bucket, whose domain is their name."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

from faketencent.api.errors import ApiError
from faketencent.errors import ServiceError
from faketencent.scf.api.trigger_kinds import TriggerKind, description
from faketencent.scf.cos_trigger import CosTrigger

if TYPE_CHECKING:
    from faketencent.api.action import Asked
    from faketencent.scf.api.listing import Listed, Shows
    from faketencent.scf.binding import Binding
    from faketencent.scf.function import Function

_DOMAIN = re.compile(r"(?P<bucket>[a-z0-9-]+-\d+)\.cos\.(?P<region>[a-z0-9-]+)\.myqcloud\.com")
_FIELDS = frozenset({"event", "filter"})


class CosTriggerKind(TriggerKind[CosTrigger]):
    """One is told from another by bucket, event and filter together."""

    def of(self, function: Function) -> list[CosTrigger]:
        """All that the function has."""
        return self._lookup.backend.cos_triggers.of(function.name)

    def make(self, asked: Asked, function: Function, binding: Binding) -> CosTrigger:
        """Bind the bucket."""
        found = _DOMAIN.fullmatch(asked.text("TriggerName"))
        if not found:
            raise ApiError("InvalidParameterValue.TriggerName", "The name is the bucket's domain.")
        self._check_bucket(found["bucket"], found["region"], function)
        rule = _rule(description(asked, _FIELDS))
        late = replace(binding, works_from=binding.created_at + self._lookup.backend.habits.cos_trigger_delay)
        trigger = CosTrigger(
            function.name, found["bucket"], rule["event"], rule.get("Prefix", ""), rule.get("Suffix", ""), late
        )
        if trigger in self.of(function):
            raise ApiError("ResourceInUse.Cos", "The function has this trigger already.")
        self._lookup.backend.cos_triggers.add(trigger)
        return trigger

    def is_named(self, trigger: CosTrigger, asked: Asked) -> bool:
        """By the bucket's domain, the event, and the filter if that is given."""
        found = _DOMAIN.fullmatch(asked.text("TriggerName"))
        rule = _rule(description(asked, _FIELDS | {"bucketUrl"}))
        fits = {"event": trigger.events, "Prefix": trigger.prefix, "Suffix": trigger.suffix}.items() >= rule.items()
        return found is not None and found["bucket"] == trigger.bucket and fits

    def changed(self, trigger: CosTrigger, asked: Asked) -> NoReturn:  # noqa: ARG002 - none can be
        """Never: it has to be deleted and made again."""
        raise ApiError("InvalidParameterValue.Type", "Triggers of type cos cannot be updated.")

    def put(self, old: CosTrigger, new: CosTrigger) -> None:
        """Open or close."""
        self._lookup.backend.cos_triggers.replace(old, new)

    def remove(self, trigger: CosTrigger) -> None:
        """Unbind."""
        self._lookup.backend.cos_triggers.remove(trigger)

    def show(self, trigger: CosTrigger, shows: Shows) -> Listed:
        """As it is listed."""
        return shows.cos(trigger)

    def _check_bucket(self, bucket: str, region: str, function: Function) -> None:
        try:
            there = self._lookup.cloud.cos.backend.bucket(bucket).region
        except ServiceError as error:
            raise ApiError("ResourceNotFound.Cos", f"There is no bucket {bucket}.") from error
        if not there == region == function.region:
            raise ApiError("InvalidParameterValue.Cos", f"The bucket is in {there}, the function in {function.region}.")


def _rule(given: dict[str, Any]) -> dict[str, str]:
    """Event, Prefix and Suffix, as far as they are given."""
    chosen = given.get("filter", {})
    if not isinstance(chosen, dict) or not chosen.keys() <= {"Prefix", "Suffix"}:
        raise ApiError("InvalidParameterValue.TriggerDesc", "The filter has Prefix and Suffix.")
    rule = {"event": given.get("event"), **chosen}
    if not all(isinstance(value, str) for value in rule.values()):
        raise ApiError("InvalidParameterValue.TriggerDesc", "TriggerDesc has an event, and texts alone.")
    return rule
