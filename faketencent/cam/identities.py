"""Who signs requests, and what policies allow him.

Policy language: https://cloud.tencent.com/document/product/598/10603 (version 2.0, allow and deny,
`*` and `?` as wildcards in actions and resources; a deny wins; nothing said is a no).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from fnmatch import translate
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

#: A policy document as CAM takes it: `{"version": "2.0", "statement": [...]}`.
Policy = dict[str, Any]

EVERYTHING: Policy = {
    "version": "2.0",
    "statement": [{"effect": "allow", "action": ["*"], "resource": ["*"]}],
}


class Kind(Enum):
    """What a key pair belongs to."""

    ACCOUNT = "the account itself"
    USER = "a user of the account"
    ROLE = "a role that was assumed"


@dataclass(frozen=True)
class Identity:
    """One key pair: of an account or a user (no token, never expires), or of a role somebody assumed.

    `id` is the uin of a user and the id of a role. `attached`, if it is there, gives the policies of this moment in
    place of `policies`.
    """

    name: str
    secret_id: str
    secret_key: str
    policies: tuple[Policy, ...]
    token: str | None = None
    expires_at: float | None = None
    kind: Kind = Kind.ACCOUNT
    id: str = ""
    attached: Callable[[], tuple[Policy, ...]] | None = field(default=None, repr=False, compare=False)

    def may(self, action: str, resource: str) -> bool:
        """Whether the policies allow the action on the resource."""
        policies = self.attached() if self.attached else self.policies
        said = [s for policy in policies for s in policy["statement"]]
        return any(_says(s, "allow", action, resource) for s in said) and not any(
            _says(s, "deny", action, resource) for s in said
        )


def listed(value: str | Sequence[str]) -> tuple[str, ...]:
    """The values, where the language takes one text for a list of one."""
    return (value,) if isinstance(value, str) else tuple(value)


def plain_action(action: str) -> str:
    """The action without what does not count: CAM's own pages write name/cam:passrole and cam:PassRole alike."""
    return action.lower().removeprefix("name/")


def _says(statement: Mapping[str, Any], effect: str, action: str, resource: str) -> bool:
    return (
        statement["effect"] == effect
        and _is_among(action, listed(statement["action"]))
        and bool(_resources(listed(statement["resource"])).match(resource))
    )


@lru_cache(maxsize=4096)
def _is_among(action: str, patterns: tuple[str, ...]) -> bool:
    # Remembered: each call asks about each statement, and both are few.
    return bool(_actions(patterns).match(action.lower()))


@cache
def _actions(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return _any_of(map(plain_action, patterns))


@cache
def _resources(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return _any_of(map(_of_any_region, patterns))


def _of_any_region(resource: str) -> str:
    """A resource without a region is that of all regions: https://cloud.tencent.com/document/product/598/10606."""
    return re.sub(r"^(qcs:[^:]*:[^:]*):(?=:)", r"\1:*", resource)


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    # Where nothing is listed, nothing matches.
    return re.compile("|".join(map(translate, patterns)) or "(?!)")
