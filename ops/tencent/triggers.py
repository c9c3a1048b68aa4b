"""Triggers of functions, as they are in the account: what is sent, and what is listed, which is never quite the same.

https://cloud.tencent.com/document/api/583/18589 (CreateTrigger), /52638 (ListTriggers). The trigger of a bucket is
named after the bucket's domain, so several have one name; a function URL is listed under a name of its own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field

from ops.manifest.deployment import Trigger
from ops.manifest.schema import TriggerKind
from ops.tencent.api import Product
from ops.tencent.replies import Answer, read_as
from shared.errors import NotFoundError

if TYPE_CHECKING:
    from ops.tencent.api import Api

_PAGE = 20
#: A trigger is listed and deleted under the qualifier that it was made with.
QUALIFIERS = ("$DEFAULT", "$LATEST")


class _Listed(Answer):
    type: str = Field(alias="Type")
    name: str = Field(alias="TriggerName")
    enable: int = Field(alias="Enable")
    qualifier: str = Field(alias="Qualifier")
    description: str = Field("", alias="TriggerDesc")
    argument: Annotated[str, BeforeValidator(lambda given: given or "")] = Field("", alias="CustomArgument")
    available: str = Field("", alias="AvailableStatus")
    bound: str = Field("", alias="BindStatus")


class _Page(Answer):
    total: int = Field(alias="TotalCount")
    triggers: Annotated[tuple[_Listed, ...], BeforeValidator(lambda given: given or ())] = Field((), alias="Triggers")


@dataclass(frozen=True)
class DeployedTrigger:
    """A trigger in the account. `trigger` is `None` for kinds that are not ours, `text` its description as listed."""

    trigger: Trigger | None
    kind: str
    name: str
    qualifier: str
    text: str
    url: str = ""
    bound: bool = True


@dataclass(frozen=True)
class Triggers:
    """The triggers of the functions of one namespace. Every method raises CloudError."""

    api: Api
    namespace: str

    def of(self, function: str, key: str) -> tuple[DeployedTrigger, ...]:
        """All triggers of the function, none if there is no such function; `key` is what the file calls it."""
        try:
            return tuple(_deployed(one, key) for qualifier in QUALIFIERS for one in self._list(function, qualifier))
        except NotFoundError:
            return ()

    def create(self, function: str, trigger: Trigger) -> None:
        """Make it."""
        self._call("CreateTrigger", function, trigger, TriggerName=trigger.name, TriggerDesc=_sent(trigger))

    def update(self, function: str, name: str, trigger: Trigger) -> None:
        """Change a timer or a function URL, which is there under that name."""
        self._call("UpdateTrigger", function, trigger, TriggerName=name, TriggerDesc=_sent(trigger))

    def switch(self, function: str, found: DeployedTrigger, trigger: Trigger) -> None:
        """Switch the trigger of a bucket on or off, as `trigger` says."""
        self._call("UpdateTriggerStatus", function, trigger, TriggerName=found.name, TriggerDesc=found.text)

    def delete(self, function: str, found: DeployedTrigger) -> None:
        """Delete it; one that is not there any more is as good as deleted."""
        named = {"FunctionName": function, "Namespace": self.namespace, "Qualifier": found.qualifier}
        parameters = {**named, "TriggerName": found.name, "Type": found.kind, "TriggerDesc": found.text}
        try:
            self.api.call(Product.SCF, "DeleteTrigger", parameters)
        except NotFoundError:
            return

    def _list(self, function: str, qualifier: str) -> list[_Listed]:
        named = {"FunctionName": function, "Namespace": self.namespace, "Limit": _PAGE}
        found: list[_Listed] = []
        while True:
            asked = {**named, "Offset": len(found), "Filters": [{"Name": "Qualifier", "Values": [qualifier]}]}
            page = read_as(_Page, self.api.call(Product.SCF, "ListTriggers", asked), "scf ListTriggers")
            found += page.triggers
            if not page.triggers or len(found) >= page.total:
                return [one for one in found if one.qualifier == qualifier]

    def _call(self, action: str, function: str, trigger: Trigger, **parameters: str) -> None:
        named = {"FunctionName": function, "Namespace": self.namespace, "Qualifier": trigger.qualifier}
        enable = "OPEN" if trigger.enabled else "CLOSE"
        more = {"CustomArgument": trigger.argument} if trigger.argument else {}
        self.api.call(
            Product.SCF, action, {**named, "Type": trigger.kind.value, "Enable": enable, **parameters, **more}
        )


def _sent(trigger: Trigger) -> str:
    if trigger.kind is TriggerKind.TIMER:
        return trigger.cron
    if trigger.kind is TriggerKind.COS:
        return json.dumps({"event": trigger.event, "filter": {"Prefix": trigger.prefix, "Suffix": trigger.suffix}})
    net = {"EnableIntranet": trigger.intranet, "EnableExtranet": trigger.extranet}
    return json.dumps({"AuthType": trigger.auth_type, "NetConfig": net})


def _deployed(listed: _Listed, key: str) -> DeployedTrigger:
    made = DeployedTrigger(None, listed.type, listed.name, listed.qualifier, listed.description)
    made = replace(made, bound=listed.bound in ("", "on"))
    described = _described(listed.description)
    if listed.type not in {kind.value for kind in TriggerKind}:
        return made
    kind = TriggerKind(listed.type)
    trigger = Trigger(kind, key, listed.qualifier, listed.enable == 1, listed.name)
    if kind is TriggerKind.TIMER:
        cron = str(described.get("cron") or listed.description)
        return replace(made, trigger=replace(trigger, cron=cron, argument=listed.argument))
    if kind is TriggerKind.COS:
        chosen = _part(described, "filter")
        prefix, suffix = str(chosen.get("Prefix") or ""), str(chosen.get("Suffix") or "")
        trigger = replace(trigger, event=str(described.get("event")), prefix=prefix, suffix=suffix)
        return replace(made, trigger=replace(trigger, name=str(described.get("bucketUrl") or listed.name)))
    net = _part(described, "NetConfig")
    extranet, intranet = net.get("EnableExtranet") is True, net.get("EnableIntranet") is True
    trigger = replace(trigger, auth_type=str(described.get("AuthType")), extranet=extranet, intranet=intranet)
    return replace(made, trigger=trigger, url=str(net.get("ExtranetUrl") or ""))


def _described(text: str) -> dict[str, Any]:
    try:
        described = json.loads(text)
    except ValueError:
        return {}
    return described if isinstance(described, dict) else {}


def _part(described: dict[str, Any], name: str) -> dict[str, Any]:
    part = described.get(name)
    return part if isinstance(part, dict) else {}
