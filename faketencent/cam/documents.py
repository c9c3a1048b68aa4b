"""Policy documents: what CAM takes (https://cloud.tencent.com/document/product/598/10604), and how it gives it back.

CAM lists a code for each thing that can be wrong with a document; how much it checks is not said. Assumed is: all.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from faketencent.cam.action_names import knows_action, knows_service
from faketencent.cam.exceptions import wrong_document
from faketencent.cam.identities import listed, plain_action

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faketencent.cam.identities import Policy

_VERSION = "2.0"
_RESOURCE = re.compile(r"\*|qcs:[^:]*:[a-z]+:[a-z0-9*-]*:(?:ui[nd]/[0-9*]+)?:.+")


@dataclass(frozen=True)
class Rewriting:
    """How a document differs from what was sent when it comes back, each way as seen on an account or in a sample."""

    escaped_slashes: bool = True
    named_actions: bool = True
    single_values: bool = True
    turned_keys: bool = True
    url_encoded: bool = False


def read_policy(text: str, limit: int) -> Policy:
    """A document that says what may be done to what.

    Raises:
        ApiError: InvalidParameter with the code for what is wrong.
    """
    policy = _read(text, limit)
    for statement in policy["statement"]:
        if "principal" in statement:
            raise wrong_document("PrincipalError", "only the document of a role has a principal")
        _check_resources(statement)
    return policy


def read_trust(text: str, limit: int) -> Policy:
    """The document of a role: who may assume it.

    Raises:
        ApiError: InvalidParameter with the code for what is wrong.
    """
    trust = _read(text, limit)
    for statement in trust["statement"]:
        principal = statement.get("principal")
        if not isinstance(principal, dict) or not principal or not {*principal} <= {"service", "qcs", "federated"}:
            raise wrong_document("PrincipalError", "a role needs principals: service, qcs or federated")
        if any(not _texts(value) for value in principal.values()):
            raise wrong_document("PrincipalError", "a principal is a text or a list of texts")
    return trust


def shown(document: Policy, how: Rewriting) -> str:
    """The document as CAM gives it back."""
    statements = [_rewritten(statement, how) for statement in document["statement"]]
    text = json.dumps({**document, "statement": statements}, ensure_ascii=False, separators=(",", ":"))
    if how.escaped_slashes:
        text = text.replace("/", "\\/")
    return quote(text, safe="") if how.url_encoded else text


def _read(text: str, limit: int) -> Policy:
    if len(text) > limit:
        raise wrong_document("PolicyDocumentLengthOverLimit", f"the document has more than {limit} characters")
    try:
        document = json.loads(text)
    except ValueError as error:
        raise wrong_document("PolicyDocumentError", "the document is not JSON") from error
    if not isinstance(document, dict):
        raise wrong_document("PolicyDocumentError", "the document is not a JSON object")
    if document.get("version") != _VERSION:
        raise wrong_document("VersionError", f"the version is not {_VERSION}")
    statements = document.get("statement")
    if not isinstance(statements, list) or not statements or not all(isinstance(s, dict) for s in statements):
        raise wrong_document("StatementError", "statement is not a list of objects")
    return {**document, "statement": [_checked(statement) for statement in statements]}


def _checked(statement: dict[str, Any]) -> dict[str, Any]:
    effect = str(statement.get("effect", "")).lower()
    if effect not in ("allow", "deny"):
        raise wrong_document("EffectError", "effect is allow or deny")
    if "action" not in statement:
        raise wrong_document("ActionMiss", "a statement has no action")
    if not _texts(statement["action"]):
        raise wrong_document("ActionError", "action is a text or a list of texts")
    for action in listed(statement["action"]):
        _check_action(action)
    return {**statement, "effect": effect}


def _check_action(action: str) -> None:
    if action == "*":
        return
    service, colon, name = plain_action(action).partition(":")
    if not (service and colon and name):
        raise wrong_document("ActionError", f"{action} is no action")
    if not knows_service(service):
        raise wrong_document("ActionServiceNotExist", f"there is no service {service}")
    if not knows_action(service, name):
        raise wrong_document("ActionNotExist", f"there is no action {action}")


def _check_resources(statement: Mapping[str, Any]) -> None:
    resources = statement.get("resource", "")
    if not _texts(resources):
        raise wrong_document("ResourceError", "resource is a text or a list of texts")
    for resource in listed(resources):
        if not _RESOURCE.fullmatch(resource):
            raise wrong_document("ResourceError", f"{resource} is no resource")


def _texts(value: object) -> bool:
    if isinstance(value, str):
        return bool(value)
    return isinstance(value, list) and bool(value) and all(isinstance(text, str) and text for text in value)


def _rewritten(statement: Mapping[str, Any], how: Rewriting) -> dict[str, Any]:
    changed = dict(statement)
    if how.named_actions:
        changed["action"] = [_named(action) for action in listed(changed["action"])]
    if how.single_values:
        changed = {key: _single(value) for key, value in changed.items()}
    return dict(sorted(changed.items(), reverse=True)) if how.turned_keys else changed


def _named(action: str) -> str:
    return action if action == "*" or action.startswith("name/") else f"name/{action}"


def _single(value: object) -> object:
    if isinstance(value, dict):
        return {key: _single(inner) for key, inner in value.items()}
    return value[0] if isinstance(value, list) and len(value) == 1 else value
