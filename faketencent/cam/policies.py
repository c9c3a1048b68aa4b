"""Policies that have a name and an id of their own: those of the account, and Tencent's preset ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING

from faketencent.cam.exceptions import policy_name_in_use, policy_not_exist

if TYPE_CHECKING:
    from faketencent.cam.identities import Policy
    from faketencent.clock import Clock


class PolicyType(IntEnum):
    """Who made a policy."""

    CUSTOM = 1
    PRESET = 2


@dataclass(frozen=True)
class ManagedPolicy:
    """A policy; times are seconds since 1970."""

    id: int
    name: str
    document: Policy
    description: str
    type: PolicyType
    created_at: float
    updated_at: float


def _preset(*actions: str) -> Policy:
    return {"version": "2.0", "statement": [{"effect": "allow", "action": [*actions], "resource": ["*"]}]}


#: What the service roles have; that these are all actions is assumed, and more than enough for what the fakes do.
_PRESETS = {
    "QcloudAccessForScfRole": _preset("cos:*", "cls:*", "tdmq:*", "vpc:*"),
    "QcloudCOSDataFullControl": _preset("cos:*"),
    "QcloudAccessForCIRole": _preset("cos:*"),
    "QcloudPartAccessForCIRole": _preset("tdmq:*"),
}
_FIRST_PRESET, _FIRST_CUSTOM = 28_341_895, 170_000_001


class Policies:
    """The policies of one account, by id."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._made = 0
        presets = enumerate(_PRESETS.items(), _FIRST_PRESET)
        now = clock.now()
        self.known = {n: ManagedPolicy(n, name, text, "", PolicyType.PRESET, now, now) for n, (name, text) in presets}

    def create(self, name: str, document: Policy, description: str = "") -> ManagedPolicy:
        """Make a policy that nobody has yet.

        Raises:
            ApiError: FailedOperation.PolicyNameInUse.
        """
        if any(policy.name == name for policy in self.known.values()):
            raise policy_name_in_use(name)
        now, number = self._clock.now(), _FIRST_CUSTOM + self._made
        self._made += 1
        self.known[number] = ManagedPolicy(number, name, document, description, PolicyType.CUSTOM, now, now)
        return self.known[number]

    def get(self, policy_id: int = 0, name: str = "") -> ManagedPolicy:
        """The policy of that id, or of that name.

        Raises:
            ApiError: InvalidParameter.PolicyIdNotExist.
        """
        for policy in self.known.values():
            if (policy_id and policy.id == policy_id) or (name and policy.name == name):
                return policy
        raise policy_not_exist(policy_id or name)

    def update(self, policy: ManagedPolicy, document: Policy | None, description: str | None) -> None:
        """Replace what is given."""
        self.known[policy.id] = replace(
            policy,
            document=policy.document if document is None else document,
            description=policy.description if description is None else description,
            updated_at=self._clock.now(),
        )
