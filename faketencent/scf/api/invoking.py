"""InvokeFunction and Invoke."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

from faketencent.api.action import Action
from faketencent.api.errors import ApiError
from faketencent.scf.api.lookup import qualifier
from faketencent.scf.http_reply import failure_document
from faketencent.scf.invocation import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from faketencent.api.action import Asked
    from faketencent.scf.api.lookup import Lookup
    from faketencent.scf.function import Function
    from faketencent.scf.invocation import Invocation

_NAME = frozenset({"FunctionName"})
_HOW = frozenset({"Namespace", "Qualifier", "LogType", "RoutingKey"})
#: Bytes of the log that come with the result.
_TAIL = 4096


class InvokingActions:
    """Run a function. They need their right on everything: CAM knows them on operation level only."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup

    def __iter__(self) -> Iterator[Action]:
        """Both."""
        yield Action("InvokeFunction", self._invoke_function, _NAME, _HOW | {"Event"})
        yield Action("Invoke", self._invoke, _NAME, _HOW | {"ClientContext", "InvocationType"})

    def _invoke_function(self, asked: Asked) -> Mapping[str, Any]:
        return self._run(asked, self._runnable(asked), _event(asked, "Event"))

    def _invoke(self, asked: Asked) -> Mapping[str, Any]:
        kind = asked.text("InvocationType", "RequestResponse")
        if kind not in ("RequestResponse", "Event"):
            raise ApiError("InvalidParameterValue.InvocationType", f"RequestResponse or Event, not {kind!r}")
        function, event = self._runnable(asked), _event(asked, "ClientContext")
        if kind == "RequestResponse":
            return self._run(asked, function, event)
        self._lookup.backend.invoke_later(function, event)
        return {"Result": {**_NOTHING_YET, "FunctionRequestId": str(uuid.uuid4())}}

    def _runnable(self, asked: Asked) -> Function:
        function = self._lookup.function(asked)
        qualifier(asked)
        if not function.state.runs:
            raise ApiError(
                "FailedOperation.FunctionStatusError", f"当前函数处于 {function.state.value} 状态,请稍后重试。"
            )
        return function

    def _run(self, asked: Asked, function: Function, event: object) -> Mapping[str, Any]:
        run = self._lookup.backend.invoke(function, event)
        return {"Result": _result(run, function, tail=asked.text("LogType", "None") == "Tail")}


_NOTHING_YET = {"Log": "", "RetMsg": "", "ErrMsg": "", "MemUsage": 0, "Duration": 0, "BillDuration": 0}


def _event(asked: Asked, name: str) -> object:
    try:
        return json.loads(asked.text(name) or "{}")
    except ValueError as error:
        raise ApiError("InvalidParameterValue.Param", f"{name} is not JSON.") from error


def _result(run: Invocation, function: Function, *, tail: bool) -> dict[str, Any]:
    """That a failed run has SCF's status code as InvokeResult is assumed; a good one has 0."""
    good = run.status is Status.SUCCEEDED
    return {
        "Log": _last(run.log) if tail else "",
        "RetMsg": json.dumps(run.result, ensure_ascii=False) if good else "",
        "ErrMsg": "" if good else json.dumps(failure_document(run), ensure_ascii=False),
        "MemUsage": function.memory * 1024 * 1024,
        "Duration": run.duration * 1000,
        "BillDuration": round(run.duration * 1000),
        "FunctionRequestId": run.request_id,
        "InvokeResult": 0 if good else run.outcome.code.value,
    }


def _last(log: str) -> str:
    return log.encode()[-_TAIL:].decode("utf-8", "ignore")
