"""CAM: who there is, the temporary credentials of roles, and what policies allow.

Policy language: https://cloud.tencent.com/document/product/598/10603 (version 2.0, allow and deny,
`*` and `?` as wildcards in actions and resources; a deny wins; nothing said is a no).
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from fnmatch import translate
from functools import cache
from typing import TYPE_CHECKING, Any

from faketencent.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from faketencent.clock import Clock

#: A policy document as CAM takes it: `{"version": "2.0", "statement": [...]}`.
Policy = dict[str, Any]

EVERYTHING: Policy = {
    "version": "2.0",
    "statement": [{"effect": "allow", "action": ["*"], "resource": ["*"]}],
}


def _listed(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _says(statement: Mapping[str, Any], effect: str, action: str, resource: str) -> bool:
    return (
        statement["effect"] == effect
        and bool(_actions(_listed(statement["action"])).match(action.lower()))
        and bool(_resources(_listed(statement["resource"])).match(resource))
    )


@cache
def _actions(listed: tuple[str, ...]) -> re.Pattern[str]:
    # CAM folds the case of actions (its own pages write cam:passrole and cam:PassRole alike).
    return _resources(tuple(action.lower().removeprefix("name/") for action in listed))


@cache
def _resources(listed: tuple[str, ...]) -> re.Pattern[str]:
    # Where nothing is listed, nothing matches.
    return re.compile("|".join(map(translate, listed)) or "(?!)")


@dataclass(frozen=True)
class Identity:
    """One key pair: of an account (no token, never expires) or of a role somebody assumed."""

    name: str
    secret_id: str
    secret_key: str
    policies: tuple[Policy, ...]
    token: str | None = None
    expires_at: float | None = None

    def may(self, action: str, resource: str) -> bool:
        """Whether the policies allow the action on the resource."""
        said = [s for policy in self.policies for s in policy["statement"]]
        return any(_says(s, "allow", action, resource) for s in said) and not any(
            _says(s, "deny", action, resource) for s in said
        )


@dataclass
class Cam:
    """The identities of one fake account."""

    clock: Clock
    uin: str = "100000000001"
    _identities: dict[str, Identity] = field(default_factory=dict)
    _roles: dict[str, tuple[Policy, ...]] = field(default_factory=dict)
    _serial: Iterable[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.account = self._add("account", (EVERYTHING,), token=False, lifetime=None)

    def create_role(self, name: str, *policies: Policy) -> None:
        """Create a role, or replace its policies."""
        self._roles[name] = policies

    def delete_role(self, name: str) -> None:
        """Remove a role; credentials that were given out keep working until they expire."""
        self._roles.pop(name, None)

    def has_role(self, name: str) -> bool:
        """Whether the role exists."""
        return name in self._roles

    def assume(self, role: str, lifetime: float = 7200) -> Identity:
        """Fresh temporary credentials of a role, good for `lifetime` seconds."""
        if role not in self._roles:
            raise ServiceError(404, "RoleNotExist", f"The role {role} does not exist")
        return self._add(role, self._roles[role], token=True, lifetime=lifetime)

    def find(self, secret_id: str) -> Identity | None:
        """The identity with that key id."""
        return self._identities.get(secret_id)

    def _add(self, name: str, policies: tuple[Policy, ...], *, token: bool, lifetime: float | None) -> Identity:
        n = next(iter(self._serial))
        identity = Identity(
            name=name,
            secret_id=f"AKID{name}{n:04d}",
            secret_key=f"secret-key-of-{name}-{n:04d}",
            policies=policies,
            token=f"token-of-{name}-{n:04d}" if token else None,
            expires_at=None if lifetime is None else self.clock.now() + lifetime,
        )
        self._identities[identity.secret_id] = identity
        return identity
