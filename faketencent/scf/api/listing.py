"""The triggers of a function as ListTriggers and GetFunction show them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from faketencent.scf.api.lookup import beijing
from faketencent.scf.cos_event import SHORT_REGIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faketencent.scf.api.lookup import Lookup
    from faketencent.scf.binding import Binding
    from faketencent.scf.cos_trigger import CosTrigger
    from faketencent.scf.function import Function
    from faketencent.scf.function_url import FunctionUrl
    from faketencent.scf.timer import TimerTrigger


@dataclass(frozen=True)
class Listed:
    """One trigger, its qualifier and when it was changed (seconds since 1970), and how it is shown."""

    qualifier: str
    modified_at: float
    shown: Mapping[str, Any]


def listed(lookup: Lookup, function: Function) -> list[Listed]:
    """All triggers of the function."""
    shows = Shows(lookup, function)
    backend = lookup.backend
    cos = [shows.cos(trigger) for trigger in backend.cos_triggers.of(function.name)]
    timers = [shows.timer(trigger) for trigger in backend.timers.of(function.name)]
    return [*cos, *timers, *(shows.url(url) for url in backend.urls.of(function.name))]


class Shows:
    """Writes down triggers of one function."""

    def __init__(self, lookup: Lookup, function: Function) -> None:
        self._lookup = lookup
        self._function = function

    def cos(self, trigger: CosTrigger) -> Listed:
        """Under the bucket's domain, which several triggers may share."""
        domain = f"{trigger.bucket}.cos.{self._function.region}.myqcloud.com"
        chosen = {"Prefix": trigger.prefix, "Suffix": trigger.suffix}
        shown = {"bucketUrl": domain, "event": trigger.events, "filter": chosen}
        return self._entry("cos", domain, shown, trigger.binding)

    def timer(self, trigger: TimerTrigger) -> Listed:
        """Under its name."""
        return self._entry("timer", trigger.name, {"cron": trigger.expression}, trigger.binding, trigger.argument)

    def url(self, url: FunctionUrl) -> Listed:
        """Under the id in its address, which takes some time to be there."""
        network = url.settings.get("NetConfig", {})
        there = self._lookup.cloud.clock.now() >= url.binding.works_from
        outside = url.host if there and network.get("EnableExtranet") else ""
        inside = url.host.replace(".", ".in.", 1) if there and network.get("EnableIntranet") else ""
        addresses = {
            **_addresses("https", "IntranetUrl", inside),
            **_addresses("http", "IntranetHTTPUrl", inside),
            **_addresses("https", "ExtranetUrl", outside),
            **_addresses("http", "ExtranetHTTPUrl", outside),
            **_addresses("wss", "WssIntranetUrl", ""),
            **_addresses("ws", "WsIntranetUrl", ""),
            **_addresses("wss", "WssExtranetUrl", ""),
            **_addresses("ws", "WsExtranetUrl", ""),
        }
        return self._entry("http", url.url_id, {**url.settings, "NetConfig": {**addresses, **network}}, url.binding)

    def _entry(
        self, kind: str, name: str, description: Mapping[str, Any], binding: Binding, argument: str = ""
    ) -> Listed:
        region = SHORT_REGIONS.get(self._function.region, self._function.region)
        resource = f"qcs::scf:{region}:uin/{self._lookup.cloud.cam.uin}:function/{self._function.name}/{name}"
        shown = {
            "AddTime": beijing(binding.created_at),
            "AvailableStatus": "Available",
            "BindStatus": "on",
            "CustomArgument": argument,
            "Description": binding.description,
            "Enable": int(binding.enabled),
            "ModTime": beijing(binding.modified_at),
            "Qualifier": binding.qualifier,
            "ResourceId": resource,
            "TriggerAttribute": "single",
            "TriggerDesc": json.dumps(description, ensure_ascii=False, separators=(",", ":")),
            "TriggerName": name,
            "Type": kind,
        }
        return Listed(binding.qualifier, binding.modified_at, shown)


def _addresses(scheme: str, name: str, host: str) -> dict[str, str]:
    return {name: f"{scheme}://{host}" if host else ""}
