"""Triggers of type http: function URLs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from faketencent.api.errors import ApiError
from faketencent.scf.api.trigger_kinds import TriggerKind, description
from faketencent.scf.function_url import FunctionUrl

if TYPE_CHECKING:
    from faketencent.api.action import Asked
    from faketencent.scf.api.listing import Listed, Shows
    from faketencent.scf.binding import Binding
    from faketencent.scf.function import Function

_FIELDS = frozenset({"AuthType", "NetConfig", "CorsConfig", "ApiGwCompatible", "EnableSimpleMode"})
_SWITCHES = ("EnableIntranet", "EnableExtranet")


class HttpTriggerKind(TriggerKind[FunctionUrl]):
    """Whatever name it is given, the trigger is called by the id in its address."""

    def of(self, function: Function) -> list[FunctionUrl]:
        """All that the function has."""
        return self._lookup.backend.urls.of(function.name)

    def make(self, asked: Asked, function: Function, binding: Binding) -> FunctionUrl:
        """Have an address."""
        settings = _settings(asked)
        if any(url.binding.qualifier == binding.qualifier for url in self.of(function)):
            raise ApiError("ResourceInUse.Trigger", "The function has a URL already.")
        backend = self._lookup.backend
        late = replace(binding, works_from=binding.created_at + backend.habits.url_delay)
        return backend.urls.make(function.name, function.region, settings, late)

    def is_named(self, trigger: FunctionUrl, asked: Asked) -> bool:
        """By the id."""
        return trigger.url_id == asked.text("TriggerName")

    def changed(self, trigger: FunctionUrl, asked: Asked) -> FunctionUrl:
        """With other settings; the address stays."""
        return replace(trigger, settings=_settings(asked)) if "TriggerDesc" in asked.parameters else trigger

    def put(self, old: FunctionUrl, new: FunctionUrl) -> None:
        """Change it."""
        self._lookup.backend.urls.replace(old, new)

    def remove(self, trigger: FunctionUrl) -> None:
        """Take the address away, unless a domain of one's own leads there."""
        if self._lookup.backend.has_custom_domain(trigger.function):
            raise ApiError("FailedOperation.DeleteTrigger.UrlUsed", "A custom domain leads to this URL.")
        self._lookup.backend.urls.remove(trigger)

    def show(self, trigger: FunctionUrl, shows: Shows) -> Listed:
        """As it is listed."""
        return shows.url(trigger)


def _settings(asked: Asked) -> dict[str, Any]:
    given = description(asked, _FIELDS)
    network = given.get("NetConfig", {})
    switches = {name: network.get(name, False) for name in _SWITCHES}
    if given.get("AuthType") not in ("NONE", "CAM") or not all(type(on) is bool for on in switches.values()):
        raise ApiError("InvalidParameterValue.TriggerDesc", "AuthType is NONE or CAM; what is enabled is a boolean.")
    # What was listed may be sent again as it is; the addresses in it mean nothing.
    return {**given, "NetConfig": switches}
