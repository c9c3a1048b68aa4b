"""The calls that make, change and remove functions; what they do takes time."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from faketencent.api.errors import ApiError, NotAllowedError
from faketencent.scf import bootstrap, limits
from faketencent.scf.api import values
from faketencent.scf.api.lookup import LATEST, check_namespace
from faketencent.scf.function import AfterRetries, Function, State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faketencent.api.action import Asked
    from faketencent.scf.api.lookup import Lookup

#: What can be given at any time; what UpdateFunctionConfiguration does not name stays as it is.
_SETTINGS = frozenset({
    "Namespace", "Description", "MemorySize", "Timeout", "InitTimeout", "Environment", "Role", "ClsLogsetId",
    "ClsTopicId", "PublicNetConfig",
})  # fmt: skip
CREATED_WITH = _SETTINGS | {
    "Handler", "Runtime", "Type", "InstallDependency", "AutoCreateClsTopic", "AutoDeployClsTopicIndex",
}  # fmt: skip
#: Runtime never changes after creation; sending it is an error of its own.
CHANGED = _SETTINGS | {"Runtime", "Publish", "IgnoreSysLog"}
CODE = frozenset({
    "Namespace", "Handler", "ZipFile", "CosBucketName", "CosObjectName", "CosBucketRegion", "Code", "Publish",
})  # fmt: skip
_RUNTIME = re.compile(r"Python(2\.7|3\.(6|7|9|10|12))")
_EVENT = {"Type": "Event", "InstallDependency": "FALSE"}


class Deployment:
    """Begins what then takes its time."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup

    def create(self, asked: Asked) -> Mapping[str, Any]:
        """CreateFunction."""
        backend = self._lookup.backend
        self._check_account(asked)
        function = self._new(asked)
        if backend.functions.find(function.name):
            raise ApiError("ResourceInUse.Function", f"The function {function.name} exists already.")
        failure = self._failure() if backend.cls_opened else "CLS is not opened: ClsServiceUnregistered"
        ended: dict[str, Any] = {"state": State.ACTIVE}
        if failure:
            ended = {"state": State.CREATE_FAILED, "reason": failure, "code": b""}
        backend.functions.begin(function, backend.habits.creating, ended)
        return {}

    def update_code(self, asked: Asked) -> Mapping[str, Any]:
        """UpdateFunctionCode: the zip, and the handler if it is named."""
        function = self._lookup.changeable(asked, "UpdateFunctionCode")
        archive = values.archive(asked, self._lookup.cloud)
        if archive is None:
            raise ApiError("MissingParameter.Code", "There is no code: give ZipFile or an object.")
        entry = asked.text("Handler", function.entry)
        bootstrap.parts(entry)
        loaded = self._lookup.backend.load(archive, entry)
        self._begin(function, {"code": archive, "entry": entry, "handler": loaded})
        return {}

    def update_configuration(self, asked: Asked) -> Mapping[str, Any]:
        """UpdateFunctionConfiguration."""
        function = self._lookup.changeable(asked, "UpdateFunctionConfiguration")
        if "Runtime" in asked.parameters:
            raise ApiError("InvalidParameterValue.Runtime", "The runtime cannot be changed.")
        if {"ClsLogsetId", "ClsTopicId"} & asked.parameters.keys() and "Role" not in asked.parameters:
            raise ApiError("InvalidParameterValue.ClsRole", "The log can only be changed together with the role.")
        changes = self._settings(asked)
        replace(function, **changes)
        self._begin(function, changes)
        return {}

    def delete(self, asked: Asked) -> Mapping[str, Any]:
        """DeleteFunction: the triggers are gone at once."""
        function = self._lookup.settled(asked, "DeleteFunction")
        if asked.text("Qualifier", LATEST) != LATEST:
            raise ApiError("ResourceNotFound.Qualifier", "There are no published versions.")
        backend = self._lookup.backend
        backend.delete_triggers(function.name)
        backend.functions.begin(replace(function, state=State.DELETING), backend.habits.deleting, None)
        return {}

    def _begin(self, function: Function, changes: Mapping[str, Any]) -> None:
        backend = self._lookup.backend
        failure = self._failure()
        ended = {**changes, "state": State.ACTIVE, "reason": "", "modified_at": self._lookup.cloud.clock.now()}
        if failure:
            ended = {"state": State.UPDATE_FAILED, "reason": failure}
        backend.functions.begin(replace(function, state=State.UPDATING), backend.habits.updating, ended)

    def _failure(self) -> str:
        failures = self._lookup.backend.habits.failures
        return failures.popleft() if failures else ""

    def _check_account(self, asked: Asked) -> None:
        check_namespace(asked)
        if not self._lookup.backend.has_service_role:
            text = (
                "The SCF_QcsRole role does not exist. Please visit https://console.cloud.tencent.com/scf to create it"
            )
            raise ApiError("FailedOperation.QcsRoleNotFound", text)

    def _new(self, asked: Asked) -> Function:
        for name, only in _EVENT.items():
            if asked.text(name, only) != only:
                raise ApiError(f"InvalidParameterValue.{name}", f"This fake knows {only} alone.")
        runtime = asked.text("Runtime")
        if not _RUNTIME.fullmatch(runtime):
            raise ApiError("InvalidParameterValue.Runtime", f"No such runtime: {runtime!r}")
        archive = values.archive(asked, self._lookup.cloud)
        if archive is None:
            raise ApiError("MissingParameter.Code", "There is no code: give ZipFile or an object.")
        entry = asked.text("Handler", "index.main_handler")
        bootstrap.parts(entry)
        now = self._lookup.cloud.clock.now()
        logset, topic = self._lookup.backend.default_log
        fields: dict[str, Any] = {
            "logset": logset,
            "topic": topic,
            "role": None,
            "environment": {},
            "timeout": 3,
            "memory": 128,
        }
        return Function(
            name=asked.text("FunctionName"),
            handler=self._lookup.backend.load(archive, entry),
            region=asked.region,
            retries=2,
            after_retries=AfterRetries.DROP,
            entry=entry,
            code=archive,
            runtime=runtime,
            state=State.CREATING,
            created_at=now,
            modified_at=now,
            **{**fields, **self._settings(asked)},
        )

    def _settings(self, asked: Asked) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for parameter, field in (("Description", "description"), ("ClsLogsetId", "logset"), ("ClsTopicId", "topic")):
            if parameter in asked.parameters:
                found[field] = asked.text(parameter)
        for parameter, field in (("MemorySize", "memory"), ("Timeout", "timeout"), ("InitTimeout", "init_timeout")):
            if parameter in asked.parameters:
                found[field] = asked.number(parameter, 0)
        if found.get("timeout", 1) > limits.TIMEOUT[-1]:
            raise ApiError("LimitExceeded.Timeout", f"at most {limits.TIMEOUT[-1]} s")
        environment = values.variables(asked)
        if environment is not None:
            found["environment"] = environment
        if "Role" in asked.parameters:
            found["role"] = self._role(asked)
        network = values.structure(asked, "PublicNetConfig", frozenset({"PublicNetStatus", "EipConfig"}))
        if network:
            found["public_network"] = network.get("PublicNetStatus") == "ENABLE"
        return found

    def _role(self, asked: Asked) -> str | None:
        role = asked.text("Role")
        if not role:
            return None
        cam = self._lookup.cloud.cam
        resource = f"qcs::cam::uin/{cam.uin}:roleName/{role}"
        if not asked.identity.may("cam:PassRole", resource):
            raise NotAllowedError("cam:PassRole", resource)
        if not cam.has_role(role):
            raise ApiError("ResourceNotFound.Role", f"The role {role} does not exist.")
        if not self._lookup.backend.may_assume(role):
            raise ApiError("UnauthorizedOperation.Role", f"SCF is not authorized to assume the role {role}.")
        return role
