"""What is deployed: the two functions and their triggers, as the account shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops.tencent.scf import Scf
from ops.tencent.triggers import Triggers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ops.manifest.deployment import Deployment, Function
    from ops.tencent.api import Api
    from ops.tencent.scf import DeployedFunction
    from ops.tencent.triggers import DeployedTrigger


@dataclass(frozen=True)
class Found:
    """What there is, by the keys of the file (`submit`, `callback`)."""

    functions: Mapping[str, DeployedFunction | None]
    triggers: Mapping[str, tuple[DeployedTrigger, ...]]

    @property
    def nothing(self) -> bool:
        """Whether neither function is there."""
        return not any(self.functions.values())

    @property
    def url(self) -> str:
        """The address of the callback function; empty while it has none."""
        return next((found.url for found in self.triggers.get("callback", ()) if found.url), "")


@dataclass(frozen=True)
class Account:
    """The functions of one deployment. Every method raises CloudError."""

    functions: Scf
    triggers: Triggers

    @classmethod
    def of(cls, api: Api, deployment: Deployment) -> Account:
        """The account behind the API."""
        namespace = next(iter(deployment.functions.values())).namespace
        return cls(Scf(api, namespace), Triggers(api, namespace))

    def look(self, functions: Mapping[str, Function]) -> Found:
        """Everything there is of these functions."""
        found = {key: self.functions.function(function.name) for key, function in functions.items()}
        triggers = {
            key: self.triggers.of(function.name, key) if found[key] else () for key, function in functions.items()
        }
        return Found(found, triggers)
