"""What SCF writes into the log service of one run: https://cloud.tencent.com/document/product/583/60336.

A line of the function that is a JSON object also becomes fields of its own, where its values are texts and numbers
(https://cloud.tencent.com/document/product/583/55595). Of the platform's lines the first one is as in a sample of
Tencent's, and RetMsg was seen; the rest is assumed. How often an event was tried before is not noted.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from faketencent.scf.invocation import Status, StatusCode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from faketencent.scf.function import Function
    from faketencent.scf.invocation import Invocation

_RUNNING = 202
#: Bytes of a line; what is cut of a longer one is assumed to be its end.
_LONGEST = 8 * 1024


def log_lines(function: Function, run: Invocation, *, message_kept: bool) -> Iterator[tuple[float, dict[str, str]]]:
    """When each line is from, and its fields. All lines of the function are dated by the end of its run."""
    end = run.started_at + run.duration

    def line(at: float, kind: str, code: int, message: str, level: str = "INFO") -> tuple[float, dict[str, str]]:
        return at, {
            "SCF_FunctionName": function.name,
            "SCF_Namespace": function.namespace,
            "SCF_Qualifier": "$LATEST",
            "SCF_Alias": "",
            "SCF_StartTime": str(round(run.started_at * 1000)),
            "SCF_LogTime": str(round(at * 1e9)),
            "SCF_RequestId": run.request_id,
            "SCF_Duration": "0" if code == _RUNNING else str(round(run.duration * 1000)),
            "SCF_MemUsage": "0.00",
            "SCF_Level": level,
            "SCF_Message": message,
            "SCF_Type": kind,
            "SCF_StatusCode": str(int(code)),
            "SCF_RetryNum": "0",
        }

    yield line(run.started_at, "Platform", _RUNNING, f"START RequestId: {run.request_id}")
    for text in run.log.splitlines():
        printed = text.encode(errors="replace")[:_LONGEST].decode(errors="ignore")
        own = _fields(printed)
        at, fields = line(end, "Custom", _RUNNING, printed if message_kept or not own else "")
        yield at, {**fields, **own}
    code = run.outcome.code
    if run.status is not Status.SUCCEEDED:
        said = json.dumps({"errorMessage": run.error, "statusCode": int(code)}, ensure_ascii=False)
        yield line(end, "Platform", code, f"ERROR RequestId: {run.request_id} Result: {said}", "ERROR")
    elif code is StatusCode.SUCCESS:
        said = json.dumps(run.result, ensure_ascii=False)
        yield line(end, "Platform", code, f"Response RequestId: {run.request_id} RetMsg: {said}")
    yield line(end, "Platform", code, f"END RequestId: {run.request_id}")
    yield line(end, "Platform", code, f"Report RequestId: {run.request_id} Duration:{round(run.duration * 1000)}ms")


def _fields(text: str) -> Mapping[str, str]:
    """The fields of a line that is a JSON object; those that are neither text nor number are ignored."""
    if not text.startswith("{"):
        return {}
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    values = {name: value for name, value in found.items() if type(value) in (str, int, float)}
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()}
