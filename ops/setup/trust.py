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
    return any(service in _listed(_in(_in(one, "principal"), "service")) for one in _listed(_in(document, "statement")))


def _in(node: object, name: str) -> Any:  # noqa: ANN401 - any JSON value
    """What stands under that name, whatever its letters: CAM has it in either way, and `*` for a whole principal."""
    return next((v for k, v in node.items() if k.lower() == name), None) if isinstance(node, dict) else None


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]
