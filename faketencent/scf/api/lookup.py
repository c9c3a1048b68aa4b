"""Which function a call is about, and what every group of actions needs to know of the cloud."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from faketencent.api.errors import ApiError
from faketencent.scf.function import State

if TYPE_CHECKING:
    from faketencent.api.action import Asked
    from faketencent.cloud import FakeCloud
    from faketencent.scf.function import Function
    from faketencent.scf.models import ScfBackend

#: Nearly every action takes it; there is only one here.
NAMESPACE = "default"
LATEST = "$LATEST"
#: What leads to the one version there is.
QUALIFIERS = (LATEST, "$DEFAULT")
_CHINA = timezone(timedelta(hours=8))


class Lookup:
    """Finds functions for the actions."""

    def __init__(self, cloud: FakeCloud) -> None:
        self.cloud = cloud
        self._busy_codes = itertools.count()

    @property
    def backend(self) -> ScfBackend:
        """The functions and triggers of the cloud."""
        return self.cloud.scf.backend

    def resource(self, asked: Asked) -> str:
        """The CAM resource of the function that the call names; of all in the namespace if it names none."""
        namespace, name = asked.text("Namespace", NAMESPACE), asked.text("FunctionName", "*")
        return f"qcs::scf::uin/{self.cloud.cam.uin}:namespace/{namespace}/function/{name}"

    def function(self, asked: Asked) -> Function:
        """The function in the region and namespace of the call.

        Raises:
            ApiError: ResourceNotFound.Function, .Namespace, .Qualifier.
        """
        check_namespace(asked)
        name = asked.text("FunctionName")
        function = self.backend.functions.find(name)
        if function is None or function.region != asked.region:
            raise ApiError("ResourceNotFound.Function", f"The function {name} does not exist.")
        return function

    def changeable(self, asked: Asked, action: str) -> Function:
        """The function, if nothing is under way with it.

        Raises:
            ApiError: as `function`; or one after the other the three refusals that were recorded on accounts.
        """
        function = self.function(asked)
        if not function.state.changeable:
            raise self._busy(function, action)
        return function

    def settled(self, asked: Asked, action: str) -> Function:
        """The function, unless it is being made, changed or deleted. Raises ApiError, as `changeable`."""
        function = self.function(asked)
        if function.state in (State.CREATING, State.UPDATING, State.DELETING):
            raise self._busy(function, action)
        return function

    def _busy(self, function: Function, action: str) -> ApiError:
        state = function.state.value
        refusals = (
            ApiError(f"FailedOperation.{action}", "当前函数状态无法进行此操作,请在函数状态正常时重试。"),
            ApiError("UnauthorizedOperation.FunctionStatus", f"Function status {state} is not allowed to do {action}"),
            # The text was recorded without its code.
            ApiError("FailedOperation.FunctionStatusError", f"当前函数处于 {state} 状态,请稍后重试。"),
        )
        return refusals[next(self._busy_codes) % len(refusals)]


def check_namespace(asked: Asked) -> None:
    """See to it that the namespace exists. Raises ApiError."""
    namespace = asked.text("Namespace", NAMESPACE)
    if namespace != NAMESPACE:
        raise ApiError("ResourceNotFound.Namespace", f"The namespace {namespace} does not exist.")


def qualifier(asked: Asked, default: str = LATEST) -> str:
    """The version or alias that the call names. Raises ApiError."""
    given = asked.text("Qualifier", default)
    if given not in QUALIFIERS:
        raise ApiError("ResourceNotFound.Qualifier", f"The qualifier {given} does not exist.")
    return given


def beijing(moment: float) -> str:
    """The form in which times are shown; that it is Beijing time is assumed."""
    return datetime.fromtimestamp(moment, _CHINA).strftime("%Y-%m-%d %H:%M:%S")
