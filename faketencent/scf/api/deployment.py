"""The calls that make, change and remove functions; what they do takes time."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from faketencent.api.errors import ApiError
from faketencent.scf import bootstrap
from faketencent.scf.api import configuration, values
from faketencent.scf.api.configuration import SETTINGS
from faketencent.scf.api.lookup import LATEST, check_namespace
from faketencent.scf.function import AfterRetries, Function, State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faketencent.api.action import Asked
    from faketencent.scf.api.lookup import Lookup

CREATED_WITH = SETTINGS | {
    "Handler", "Runtime", "Type", "InstallDependency", "AutoCreateClsTopic", "AutoDeployClsTopicIndex",
}  # fmt: skip
#: Runtime never changes after creation; sending it is an error of its own.
CHANGED = SETTINGS | {"Runtime", "IgnoreSysLog"}
CODE = frozenset({
    "Namespace", "Handler", "ZipFile", "CosBucketName", "CosObjectName", "CosBucketRegion", "Code",
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
        opened = self._lookup.cloud.cls.backend.opened
        failure = self._failure() if opened else "CLS is not opened: ClsServiceUnregistered"
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
        changes = configuration.given(asked, self._lookup)
        replace(function, **changes)
        if function.code:
            # New settings mean new instances: nothing of the old ones' memory is left.
            changes["handler"] = self._lookup.backend.load(function.code, function.entry)
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
        if not self._lookup.cloud.cam.has_role("SCF_QcsRole"):
            text = (
                "The SCF_QcsRole role does not exist. Please visit https://console.cloud.tencent.com/scf to create it"
            )
            raise ApiError("FailedOperation.QcsRoleNotFound", text)

    def _default_log(self, region: str) -> tuple[str, str]:
        logs = self._lookup.cloud.cls.backend
        if not logs.opened:
            return "", ""
        topic = logs.function_topic(region)
        return topic.logset.id, topic.id

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
        logset, topic = self._default_log(asked.region)
        fields: dict[str, Any] = {
            "logset": logset,
            "topic": topic,
            "role": None,
            "environment": {},
            "timeout": 3,
            "memory": 128,
            "after_retries": AfterRetries.DROP,
        }
        return Function(
            name=asked.text("FunctionName"),
            handler=self._lookup.backend.load(archive, entry),
            region=asked.region,
            retries=2,
            entry=entry,
            code=archive,
            runtime=runtime,
            state=State.CREATING,
            created_at=now,
            modified_at=now,
            **{**fields, **configuration.given(asked, self._lookup)},
        )
