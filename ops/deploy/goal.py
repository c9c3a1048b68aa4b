"""What is to be there after a deployment: by `.env`, serverless.yml and the bundle, and the address that SCF gives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from ops.deploy.marker import Marker, read_marker
from ops.manifest.schema import TriggerKind
from shared.settings import CallbackType, variable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ops.configuration.configuration import Configuration
    from ops.manifest.deployment import Deployment, Function, Trigger
    from ops.tencent.scf import DeployedFunction

CALLBACK_URL = variable("callback_url")
NO_CALLBACK = "no"


class Code(Enum):
    """How it is known which code a function has."""

    AS_MARKED = "by the marker in its description"
    JUST_SENT = "it was sent a moment ago"


@dataclass(frozen=True)
class Goal:
    """The functions with all their variables, their triggers, and the code's marker."""

    functions: Mapping[str, Function]
    triggers: tuple[Trigger, ...]
    marker: Marker
    #: Whether CI is to call the function's own URL.
    own_url: bool

    def with_url(self, url: str) -> Goal:
        """The same, with the address of the callback function where `.env` says nothing; empty: not known yet."""
        if not self.own_url:
            return self
        added = {CALLBACK_URL: url or NO_CALLBACK}
        functions = {
            key: replace(function, environment={**function.environment, **added})
            for key, function in self.functions.items()
        }
        return replace(self, functions=functions)

    def of(self, key: str) -> list[Trigger]:
        """The triggers of one function."""
        return [trigger for trigger in self.triggers if trigger.function == key]

    def description(self, key: str, found: DeployedFunction | None, given: Code = Code.AS_MARKED) -> str:
        """What the function's description is to be, given what is there: with its size, once SCF has this code."""
        marker = self.marker
        if found and has_code(found, marker, given):
            marker = replace(marker, size=found.code_size)
        return marker.on(self.functions[key].description)


def goal(deployment: Deployment, configuration: Configuration, marker: Marker) -> Goal:
    """What the file and `.env` ask for; the address is still to be added."""
    has_url = any(t.kind is TriggerKind.HTTP and t.function == "callback" for t in deployment.triggers)
    by_url = configuration.settings.callback_type is CallbackType.URL
    silent = CALLBACK_URL not in configuration.environment
    made = Goal(deployment.functions, deployment.triggers, marker, own_url=has_url and by_url and silent)
    if silent and by_url and not has_url:
        # Nobody can be called: said, instead of leaving it to a queue's setting.
        return replace(replace(made, own_url=True).with_url(""), own_url=False)
    return made


def has_code(found: DeployedFunction, wanted: Marker, given: Code = Code.AS_MARKED) -> bool:
    """Whether the function has this code, as far as marker and size tell."""
    if given is Code.JUST_SENT:
        return True
    marker = read_marker(found.description)
    return bool(marker and marker.sha256 == wanted.sha256 and marker.size in (None, found.code_size))
