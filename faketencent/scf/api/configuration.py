"""The settings that a function is created with and that UpdateFunctionConfiguration changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from faketencent.api.errors import ApiError, NotAllowedError
from faketencent.scf import limits
from faketencent.scf.api import values
from faketencent.scf.function import AfterRetries, DeadLetterQueue

if TYPE_CHECKING:
    from faketencent.api.action import Asked
    from faketencent.scf.api.lookup import Lookup

#: Parameters. What an update does not name stays as it is.
SETTINGS = frozenset({
    "Namespace", "Description", "MemorySize", "Timeout", "InitTimeout", "Environment", "Role", "ClsLogsetId",
    "ClsTopicId", "PublicNetConfig", "DeadLetterConfig",
})  # fmt: skip
_TEXTS = {"Description": "description", "ClsLogsetId": "logset", "ClsTopicId": "topic"}
_NUMBERS = {"MemorySize": "memory", "Timeout": "timeout", "InitTimeout": "init_timeout"}


def given(asked: Asked, lookup: Lookup) -> dict[str, Any]:
    """What the call sets, as fields of a function.

    Raises:
        ServiceError: a value out of its limits, no such role, or one that the caller may not pass on.
    """
    named = {name for name, value in asked.parameters.items() if value is not None}
    found: dict[str, Any] = {field: asked.text(name) for name, field in _TEXTS.items() if name in named}
    found |= {field: asked.number(name, 0) for name, field in _NUMBERS.items() if name in named}
    if found.get("timeout", 1) > limits.TIMEOUT[-1]:
        raise ApiError("LimitExceeded.Timeout", f"at most {limits.TIMEOUT[-1]} s")
    environment = values.variables(asked)
    if environment is not None:
        found["environment"] = environment
    if "Role" in named:
        found["role"] = _role(asked, lookup)
    if asked.parameters.get("DeadLetterConfig"):
        found |= _dead_letters(asked)
    network = values.structure(asked, "PublicNetConfig", frozenset({"PublicNetStatus", "EipConfig"}))
    if network:
        if network.get("PublicNetStatus") not in ("ENABLE", "DISABLE"):
            raise ApiError("InvalidParameterValue.PublicNetStatus", "ENABLE or DISABLE")
        found["public_network"] = network["PublicNetStatus"] == "ENABLE"
    return found


def _dead_letters(asked: Asked) -> dict[str, Any]:
    config = values.structure(asked, "DeadLetterConfig", frozenset({"Type", "Name", "FilterType"}))
    kind, name = config.get("Type", ""), config.get("Name", "")
    # That empty texts take the queue away, as an empty pair does with variables, is assumed.
    if not kind and not name:
        return {"dead_letter_queue": None, "after_retries": AfterRetries.DROP}
    if kind not in ("CMQ-QUEUE", "CMQ-TOPIC") or not name:
        raise ApiError("InvalidParameterValue.DeadLetterConfig", "Type is CMQ-QUEUE or CMQ-TOPIC, Name is given.")
    return {"dead_letter_queue": DeadLetterQueue(kind, name), "after_retries": AfterRetries.DEAD_LETTER}


def _role(asked: Asked, lookup: Lookup) -> str | None:
    role = asked.text("Role")
    if not role:
        return None
    cam = lookup.cloud.cam
    resource = f"qcs::cam::uin/{cam.uin}:roleName/{role}"
    if not asked.identity.may("cam:PassRole", resource):
        raise NotAllowedError("cam:PassRole", resource)
    if not cam.has_role(role):
        raise ApiError("ResourceNotFound.Role", f"The role {role} does not exist.")
    if not lookup.cloud.cam.role_ready(role):
        raise ApiError("UnauthorizedOperation.Role", f"SCF is not authorized to assume the role {role}.")
    return role
