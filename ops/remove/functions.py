"""Takes the functions away, one call at a time; what is gone already is not asked for again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops import waiting
from ops.deploy.functions import UNCLEAR, Functions
from ops.deploy.marker import read_marker
from ops.errors import DeployError
from ops.manifest.schema import TriggerKind
from shared.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ops.deploy.account import Account, Found
    from ops.manifest.deployment import Function

#: Seconds until a deleted function is gone.
_GOING = 120


@dataclass(frozen=True)
class Removal:
    """The removal of the functions of one deployment. Methods raise CloudError and DeployError."""

    account: Account
    functions: Mapping[str, Function]
    tell: Callable[[str], None]

    def ours(self, found: Found) -> list[str]:
        """The keys of the functions that are there and that `deploy` made."""
        return [key for key, one in found.functions.items() if one and read_marker(one.description)]

    def plan(self, found: Found) -> Iterator[str]:
        """A line for each function that goes, `-`, or that stays, `!`."""
        ours = self.ours(found)
        for key, one in found.functions.items():
            name = self.functions[key].name
            if key in ours:
                yield f"- function {name}, and its triggers"
            elif one:
                yield f"! function {name} stays: `deploy` did not create it, or somebody changed its description"

    def end_uploads(self, keys: Iterable[str]) -> None:
        """Delete the triggers of buckets: that COS forgets them with the function is not documented."""
        for key in keys:
            function = self.functions[key]
            for found in self.account.triggers.of(function.name, key):
                if found.trigger and found.trigger.kind is TriggerKind.COS:
                    self.tell(
                        f"  {function.name}: no longer triggered by {found.trigger.event} of {found.trigger.bucket}"
                    )
                    self.account.triggers.delete(function.name, found)

    def end_functions(self, keys: Iterable[str]) -> None:
        """Delete the functions, with what else runs them."""
        for key in keys:
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
