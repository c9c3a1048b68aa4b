"""Whom a role trusts: https://cloud.tencent.com/document/api/598/36226."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def trust_in(service: str) -> dict[str, Any]:
    """The document of a role that this service alone may assume."""
    statement = {"effect": "allow", "action": "name/sts:AssumeRole", "principal": {"service": service}}
    return {"version": "2.0", "statement": [statement]}


def trusts(document: Mapping[str, Any], service: str) -> bool:
    """Whether the service is among those that may assume the role."""
    statements = [one for one in _listed(document.get("statement")) if isinstance(one, dict)]
    return any(service in _listed((one.get("principal") or {}).get("service")) for one in statements)


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]
