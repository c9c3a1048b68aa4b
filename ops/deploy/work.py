"""The whole deployment, in an order in which nothing is spent before everything else stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops.deploy.functions import Functions
from ops.deploy.triggers import Bindings
from ops.manifest.schema import TriggerKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from ops.deploy.account import Account, Found
    from ops.deploy.goal import Goal

_URL = frozenset({TriggerKind.HTTP})
_TIMER = frozenset({TriggerKind.TIMER})
_UPLOADS = frozenset({TriggerKind.COS})


@dataclass(frozen=True)
class Work:
    """One run of `deploy` after it was agreed to. `archive` is the bundle; `tell` is told what is done."""

    account: Account
    archive: bytes
    tell: Callable[[str], None]

    def do(self, goal: Goal, found: Found) -> Goal:
        """Bring everything to the goal; gives the goal with the address that CI calls.

        The callback function comes first, for the other one names its address; the triggers of buckets come last.

        Raises:
            CloudError, DeployError: it stops there; the next run goes on.
        """
        functions = Functions(self.account.functions, self.archive, self.tell)
        known = goal.with_url(found.url)
        functions.bring(known, "callback")
        self._bindings(goal, "callback").bring(goal.of("callback"), _URL)
        if goal.own_url:
            known = goal.with_url(self._bindings(goal, "callback").address())
            functions.bring(known, "callback")
        functions.bring(known, "submit")
        self._bindings(goal, "submit").bring(goal.of("submit"), _URL | _TIMER)
        for key in ("callback", "submit"):
            self._bindings(goal, key).bring(goal.of(key), _TIMER | _UPLOADS)
        return known

    def _bindings(self, goal: Goal, key: str) -> Bindings:
        return Bindings(self.account.triggers, goal.functions[key].name, key, self.tell)
