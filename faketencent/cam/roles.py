"""Roles: who may use them, and which policies they have."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from faketencent.cam.exceptions import role_name_in_use, role_not_exist
from faketencent.cam.identities import listed

if TYPE_CHECKING:
    from faketencent.cam.identities import Policy
    from faketencent.clock import Clock

#: Role ids, 19 digits as in the documented samples.
_FIRST_ID = 4_611_686_018_427_000_001


@dataclass
class Role:
    """A role. `trust` is the document that says who may assume it; `attached` is policy id → time of attachment."""

    id: str
    name: str
    trust: Policy
    description: str
    created_at: float
    updated_at: float
    type: str = "user"
    attached: dict[int, float] = field(default_factory=dict)

    def trusts(self, service: str) -> bool:
        """Whether the service, such as `scf.qcloud.com`, may assume the role."""
        return any(
            statement["effect"] == "allow" and service in listed(statement["principal"].get("service", ()))
            for statement in self.trust["statement"]
        )


def trust_in(service: str) -> Policy:
    """The document of a role for one service."""
    statement = {"effect": "allow", "action": "name/sts:AssumeRole", "principal": {"service": service}}
    return {"version": "2.0", "statement": [statement]}


@dataclass
class Roles:
    """The roles of one account, by name; a `dict` of them is `known`."""

    clock: Clock
    known: dict[str, Role] = field(default_factory=dict)
    _made: int = 0

    def create(self, name: str, trust: Policy, description: str = "") -> Role:
        """Make a role without rights.

        Raises:
            ApiError: InvalidParameter.RoleNameInUse.
        """
        if name in self.known:
            raise role_name_in_use(name)
        now = self.clock.now()
        self.known[name] = Role(str(_FIRST_ID + self._made), name, trust, description, now, now)
        self._made += 1
        return self.known[name]

    def get(self, name: str = "", role_id: str = "") -> Role:
        """The role of that name or id.

        Raises:
            ApiError: InvalidParameter.RoleNotExist.
        """
        for role in self.known.values():
            if (role_id and role.id == role_id) or (name and role.name == name):
                return role
        raise role_not_exist(role_id or name)
