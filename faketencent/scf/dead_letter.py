"""Events that were given up: https://cloud.tencent.com/document/product/583/39704."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from faketencent.scf.function import Function
    from faketencent.scf.invocation import Invocation

_CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class DeadLetter:
    """One event that was given up after its last run; `message` is what the dead-letter queue receives."""

    function: str
    last: Invocation
    message: dict[str, Any]


def dead_letter(
    function: Function, last: Invocation, payload: str, *, retries: int, appid: str, uin: str
) -> DeadLetter:
    """The documented message; `ClientContext` is the event as JSON text."""
    ended = last.started_at + last.duration
    message = {
        "RequestId": last.request_id,
        "ErrorCode": -1,
        "ErrorMessage": last.error,
        "Body": {
            "AppId": int(appid),
            "Uin": uin,
            "SubAccountUin": uin,
            "RequestSource": last.source.value,
            "FunctionName": function.name,
            "Namespace": function.namespace,
            "Qualifier": "$DEFAULT",
            # The documented sample says so, although the invocation was asynchronous.
            "InvocationType": "RequestResponse",
            "ClientContext": payload,
            "LogType": "",
            "TimeStampForInvoker": str(int(last.started_at * 1000)),
            "RequestId": last.request_id,
            "PushTime": datetime.fromtimestamp(ended, _CHINA).isoformat(timespec="microseconds"),
            "RetryNum": retries,
            "Ttl": 0,
        },
    }
    return DeadLetter(function.name, last, message)
