"""Whether a policy is exactly what some calls need: each of its grants is used, and none can be missed."""

from __future__ import annotations

from contextlib import contextmanager
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from unittest.mock import patch

from faketencent.cam import Identity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faketencent.cam import Policy

#: An action and a resource.
Grant = tuple[str, str]


def grants(policy: Policy) -> list[Grant]:
    """All that it allows."""
    return [
        (action, resource)
        for statement in policy["statement"]
        for action in statement["action"]
        for resource in statement["resource"]
    ]


def without(policy: Policy, grant: Grant) -> Policy:
    """The policy less one grant, wherever it stands."""
    statements = [
        {"effect": "allow", "action": [one[0]], "resource": [one[1]]} for one in grants(policy) if one != grant
    ]
    return {"version": "2.0", "statement": statements}


@contextmanager
def watched() -> Iterator[set[Grant]]:
    """What is asked for from now on."""
    asked: set[Grant] = set()
    may = Identity.may

    def remember(identity: Identity, action: str, resource: str) -> bool:
        asked.add((action, resource))
        return may(identity, action, resource)

    with patch.object(Identity, "may", remember):
        yield asked


def unused(policy: Policy, asked: set[Grant]) -> list[Grant]:
    """The grants that nothing of this asked for."""
    return [
        (action, resource)
        for action, resource in grants(policy)
        if not any(action == name and fnmatchcase(wanted, resource) for name, wanted in asked)
    ]
