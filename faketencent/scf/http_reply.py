"""A function's answer as HTTP: https://cloud.tencent.com/document/product/583/96099."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any

from faketencent.scf.invocation import Status, StatusCode
from faketencent.wire import Reply

if TYPE_CHECKING:
    from faketencent.scf.invocation import Invocation

_JSON = ("Content-Type", "application/json")
_BAD_RESPONSE = "Invalid scf response format. please check your scf response format."


def http_reply(run: Invocation) -> Reply:
    """The reply to the caller.

    A dict with `statusCode` is an HTTP answer, any other JSON value is the body of a 200. Of a failed run the
    caller sees the platform's error document (https://cloud.tencent.com/document/product/583/9210), stack trace
    included; that its HTTP status is 500 is assumed.
    """
    if run.status is not Status.SUCCEEDED:
        return _failure(failure_document(run))
    result = run.result
    if not (isinstance(result, dict) and "statusCode" in result):
        return Reply(200, [_JSON], json.dumps(result, ensure_ascii=False).encode())
    try:
        return _answer(result)
    except (TypeError, ValueError):
        return _failure(_document(run, StatusCode.INVALID_RESPONSE, _BAD_RESPONSE))


def _answer(result: dict[str, Any]) -> Reply:
    status, body, headers = result["statusCode"], result.get("body", ""), result.get("headers", {})
    if type(status) is not int or not 100 <= status < 600 or not isinstance(body, str):
        raise TypeError(_BAD_RESPONSE)
    if not isinstance(headers, dict) or not all(_is_header(value) for value in headers.values()):
        raise TypeError(_BAD_RESPONSE)
    content = base64.b64decode(body, validate=True) if result.get("isBase64Encoded") is True else body.encode()
    return Reply(status, list(headers.items()), content)


def _is_header(value: object) -> bool:
    """Text that fits on one line of a reply. What the platform does with other values is not documented."""
    return isinstance(value, str) and re.fullmatch(r"[\t\x20-\x7e\xa0-\xff]*", value) is not None


def _words(run: Invocation) -> str:
    if run.outcome.code is StatusCode.USER_CODE_EXCEPTION:
        return "user code exception caught"
    return run.error


def failure_document(run: Invocation) -> dict[str, Any]:
    """What the platform says of a run that failed: https://cloud.tencent.com/document/product/583/9210."""
    return _document(run, run.outcome.code, _words(run), stack_trace=run.error)


def _document(run: Invocation, code: StatusCode, message: str, *, stack_trace: str = "") -> dict[str, Any]:
    document: dict[str, Any] = {
        "errorCode": -1,
        "errorMessage": message,
        "requestId": run.request_id,
        "statusCode": code.value,
    }
    if code is StatusCode.USER_CODE_EXCEPTION:
        document["stackTrace"] = stack_trace
    return document


def _failure(document: dict[str, Any]) -> Reply:
    return Reply(500, [_JSON], json.dumps(document, ensure_ascii=False).encode())
