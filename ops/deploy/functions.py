"""Brings a function to what is wanted, from whatever state it is in, one call at a time.

Before each call the state is read. So a call whose reply was lost is not made again if it took effect, a function that
is busy is waited for, and a run that was killed is finished by the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops import waiting
from ops.deploy.difference import Part, function_changes
from ops.deploy.goal import Code
from ops.errors import DeployError
from ops.tencent.scf import Status
from shared.errors import (
    ConflictError,
    GarbledReplyError,
    NoReplyError,
    NotFoundError,
    RejectedError,
    ServerError,
    ThrottledError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from ops.deploy.goal import Goal
    from ops.tencent.scf import DeployedFunction, Scf
    from shared.errors import CloudError

#: Seconds: for a function to be made or changed, and for a new role to be known everywhere.
_CHANGING, _PROPAGATION = 300, 60
#: Seconds between two looks, and before a refused call is made again.
_LOOK, _AGAIN = 1, 5
#: After these nobody knows whether a call took effect.
UNCLEAR = (NoReplyError, GarbledReplyError, ServerError, ThrottledError)
_NEW_ROLE = ("ResourceNotFound.Role", "UnauthorizedOperation.Role")


@dataclass(frozen=True)
class Functions:
    """The functions of one deployment. `tell` is told what is done."""

    scf: Scf
    archive: bytes
    tell: Callable[[str], None]

    def bring(self, goal: Goal, key: str) -> None:
        """Make or change the function until nothing differs.

        Raises:
            CloudError: a call was refused, or its reply was lost and it took no effect.
            DeployError: the function failed, or does not get there.
        """
        name, begun = goal.functions[key].name, waiting.now()
        given = Code.AS_MARKED
        while True:
            found = self.settled(name)
            changes = function_changes(goal, key, found, given)
            if not changes:
                return
            if waiting.now() > begun + _CHANGING:
                raise DeployError(f"{name} still differs: {changes[0].text}. Run the command again")
            part = changes[0].part
            try:
                self._call(goal, key, part, found, given)
            except UNCLEAR:
                self.tell(f"  {name}: no clear reply; checking whether it was done")
                if not self._is_done(goal, key, part, found):
                    raise
            except (ConflictError, NotFoundError, RejectedError) as error:
                if not self._will_pass(error, name, begun):
                    raise
                continue
            self._refuse_failure(name, part)
            given = Code.JUST_SENT if part is not Part.CONFIGURATION else given

    def settled(self, name: str) -> DeployedFunction | None:
        """The function once it has stopped changing; `None` if it is not there."""
        until = waiting.now() + _CHANGING
        told = False
        while True:
            found = self.scf.function(name)
            if found is None or not found.status.passes:
                break
            if waiting.now() > until:
                raise DeployError(f"{name} is still {found.status.value}. Run the command again")
            if not told:
                self.tell(f"  {name} is {found.status.value}")
            told = True
            waiting.pause(_LOOK)
        if found and found.status in (Status.UPDATE_FAILED, Status.DELETE_FAILED):
            self.tell(f"  {name} is {found.status.value}: {found.why}")
        return found

    def _is_done(self, goal: Goal, key: str, part: Part, before: DeployedFunction | None) -> bool:
        """Whether a call took effect whose reply was lost."""
        found = self.settled(goal.functions[key].name)
        if part is Part.CODE:
            # Nothing else tells one code from another.
            return found is not None and self.scf.code_sha256(goal.functions[key].name) == goal.marker.sha256
        return found != before

    def _refuse_failure(self, name: str, part: Part) -> None:
        found = self.settled(name)
        if found and found.status in (Status.CREATE_FAILED, Status.UPDATE_FAILED) and part is not Part.CONFIGURATION:
            raise DeployError(
                f"{name} is {found.status.value}: {found.why or 'SCF does not say why'}. Correct that (is the log "
                "service CLS open, the account not in arrears?), and run the command again"
            )

    def _call(self, goal: Goal, key: str, part: Part, found: DeployedFunction | None, given: Code) -> None:
        function = goal.functions[key]
        description = goal.description(key, found, given)
        if part is Part.FUNCTION and found:
            self.tell(f"  {function.name} could not be created before ({found.why}): removing what is left of it")
            self.scf.delete(function.name)
        elif part is Part.FUNCTION:
            self.tell(f"  making {function.name}")
            self.scf.create(function, description, self.archive)
        elif part is Part.CODE:
            self.tell(f"  {function.name}: sending the code")
            self.scf.update_code(function, self.archive)
        else:
            self.tell(f"  {function.name}: writing its settings")
            self.scf.update_configuration(function, description)

    def _will_pass(self, error: CloudError, name: str, begun: float) -> bool:
        """Whether a refusal will be over soon, or is over."""
        if error.cause.code in _NEW_ROLE and waiting.now() < begun + _PROPAGATION:
            self.tell(f"  {name}: its new role is not known everywhere yet")
            waiting.pause(_AGAIN)
            return True
        found = self.scf.function(name)
        taken = isinstance(error, ConflictError) and error.cause.code.startswith("ResourceInUse")
        if taken and found:
            return True
        if found and found.status.passes:
            waiting.pause(_LOOK)
            return True
        return False
