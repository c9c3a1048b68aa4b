"""Takes the functions away, one call at a time; what is gone already is not asked for again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops import waiting
from ops.deploy.functions import UNCLEAR, Functions
from ops.errors import DeployError
from ops.manifest.schema import TriggerKind
from shared.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ops.deploy.account import Account
    from ops.manifest.deployment import Function

#: Seconds until a deleted function is gone.
_GOING = 120


@dataclass(frozen=True)
class Removal:
    """The removal of the functions of one deployment. Methods raise CloudError and DeployError."""

    account: Account
    functions: Mapping[str, Function]
    tell: Callable[[str], None]

    def end_uploads(self) -> None:
        """Delete the triggers of buckets: that COS forgets them with the function is not documented."""
        for key, function in self.functions.items():
            for found in self.account.triggers.of(function.name, key):
                if found.trigger and found.trigger.kind is TriggerKind.COS:
                    self.tell(f"  {function.name}: no longer run by {found.trigger.event} of {found.trigger.bucket}")
                    self.account.triggers.delete(function.name, found)

    def end_functions(self) -> None:
        """Delete the functions, with what else runs them."""
        for key in ("submit", "callback"):
            name = self.functions[key].name
            if Functions(self.account.functions, b"", self.tell).settled(name):
                self._delete(name)

    def _delete(self, name: str) -> None:
        self.tell(f"  removing {name}")
        try:
            self.account.functions.delete(name)
        except NotFoundError:
            return
        except UNCLEAR:
            found = self.account.functions.function(name)
            if found and not found.status.passes:
                raise
        until = waiting.now() + _GOING
        while self.account.functions.function(name):
            if waiting.now() > until:
                raise DeployError(f"{name} is still there. Run the command again, or look in the SCF console")
            waiting.pause(1)
