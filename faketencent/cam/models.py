"""The identities of one account: itself, its users, and its roles with their policies."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from faketencent.cam.documents import Rewriting
from faketencent.cam.identities import EVERYTHING, Identity, Kind
from faketencent.cam.policies import Policies, PolicyType
from faketencent.cam.roles import Role, Roles, trust_in
from faketencent.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faketencent.cam.identities import Policy
    from faketencent.cam.service_roles import ServiceRole
    from faketencent.clock import Clock


@dataclass
class Cam:
    """The identities of one fake account.

    Where nothing is documented or things vary, a test can choose: `rewriting` is how documents come back,
    `document_limit` how many characters of one are taken, `propagation` how many seconds pass until another service
    knows a new role.
    """

    clock: Clock
    uin: str = "100000000001"
    rewriting: Rewriting = field(default_factory=Rewriting)
    document_limit: int = 6144
    propagation: float = 0
    _identities: dict[str, Identity] = field(default_factory=dict)
    _serial: Iterator[int] = field(default_factory=itertools.count)
    _documents: Iterator[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.roles = Roles(self.clock)
        self.policies = Policies(self.clock)
        self.account = self._add("account", (EVERYTHING,))

    def create_user(self, name: str, *policies: Policy) -> Identity:
        """A key pair of a new user with these policies."""
        return self._add(name, policies, Kind.USER)

    def create_role(self, name: str, *policies: Policy, service: str = "scf.qcloud.com") -> Role:
        """Create a role that the service may assume, or replace its policies by new ones with these documents."""
        role = self.roles.known.get(name) or self.roles.create(name, trust_in(service))
        for policy_id in list(role.attached):
            self._drop(role, policy_id)
        for policy in policies:
            made = self.policies.create(f"{name}-{next(self._documents)}", policy)
            self.attach(role, made.id)
        return role

    def add_service_role(self, known: ServiceRole) -> Role:
        """Have a role as the console makes it for a service."""
        role = self.roles.create(known.name, trust_in(known.service))
        role.type = "system"
        for name in known.policies:
            self.attach(role, self.policies.get(name=name).id)
        return role

    def delete_role(self, name: str) -> None:
        """Remove a role; credentials that were given out keep working until they expire."""
        self.roles.known.pop(name, None)

    def has_role(self, name: str) -> bool:
        """Whether the role exists."""
        return name in self.roles.known

    def role_ready(self, name: str, service: str = "scf.qcloud.com") -> bool:
        """Whether the service can use the role: it exists, trusts the service, and the service has heard of it."""
        role = self.roles.known.get(name)
        return role is not None and role.trusts(service) and self.clock.now() - role.updated_at >= self.propagation

    def attach(self, role: Role, policy_id: int) -> None:
        """Give a role a policy; one that it has already stays as it is."""
        role.attached.setdefault(self.policies.get(policy_id).id, self.clock.now())

    def delete_policy(self, policy_id: int) -> None:
        """Remove a policy, from all roles too."""
        del self.policies.known[self.policies.get(policy_id).id]
        for role in self.roles.known.values():
            role.attached.pop(policy_id, None)

    def assume(self, role: str, lifetime: float = 7200) -> Identity:
        """Fresh temporary credentials of a role, good for `lifetime` seconds; they allow what the role may when used.

        Raises:
            ServiceError: 404 RoleNotExist.
        """
        found = self.roles.known.get(role)
        if found is None:
            raise ServiceError(404, "RoleNotExist", f"The role {role} does not exist")
        return self._add(role, (), Kind.ROLE, found, lifetime)

    def federate(self, who: Identity, policy: Policy, lifetime: float) -> Identity:
        """Temporary credentials for a part of what somebody may; that a part goes beyond it is not looked at."""
        made = self._add("federated", (policy,), Kind.ROLE, lifetime=lifetime)
        self._identities[made.secret_id] = replace(made, token=f"token-of-{made.secret_id}", id=who.id)
        return self._identities[made.secret_id]

    def find(self, secret_id: str) -> Identity | None:
        """The identity with that key id."""
        return self._identities.get(secret_id)

    def documents(self, role: Role) -> tuple[Policy, ...]:
        """What the role's policies say at this moment."""
        known = self.policies.known
        return tuple(known[policy_id].document for policy_id in role.attached if policy_id in known)

    def _drop(self, role: Role, policy_id: int) -> None:
        del role.attached[policy_id]
        shared = any(policy_id in other.attached for other in self.roles.known.values())
        if not shared and self.policies.get(policy_id).type is PolicyType.CUSTOM:
            del self.policies.known[policy_id]

    def _add(
        self,
        name: str,
        policies: tuple[Policy, ...],
        kind: Kind = Kind.ACCOUNT,
        role: Role | None = None,
        lifetime: float | None = None,
    ) -> Identity:
        n = next(self._serial)
        identity = Identity(
            name=name,
            secret_id=f"AKID{name}{n:04d}",
            secret_key=f"secret-key-of-{name}-{n:04d}",
            policies=policies,
            token=f"token-of-{name}-{n:04d}" if role else None,
            expires_at=None if lifetime is None else self.clock.now() + lifetime,
            kind=kind,
            id=role.id if role else str(int(self.uin) + n),
            attached=partial(self.documents, role) if role else None,
        )
        self._identities[identity.secret_id] = identity
        return identity
