"""The HTTP channel: a function URL's or API gateway's event in, an answer out.

Shapes: https://cloud.tencent.com/document/product/583/96099 (function URL) and 583/12513 (API gateway). Real events had
nodes that the first page says are left out, so both are read in the same way.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

from shared.documents import MAX_CALLBACK_BYTES
from shared.domain.outcome import Kind, Outcome
from shared.errors import MalformedError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Bytes of a request body that are looked at: a document, and room for its base64.
_MAX_TEXT = MAX_CALLBACK_BYTES * 4 // 3 + 4


class HttpRequest(NamedTuple):
    """What of a request matters to us."""

    method: str
    body: bytes


def is_http(event: object) -> TypeGuard[dict[str, Any]]:
    """Whether the event is an HTTP request."""
    return isinstance(event, dict) and isinstance(event.get("httpMethod"), str)


def read_request(event: Mapping[str, Any]) -> HttpRequest:
    """The request in an event.

    Raises:
        TooLargeError: the body is over what is looked at.
        MalformedError: the body is no text, or not the base64 that it is said to be.
    """
    body = event.get("body")
    if body is None:
        body = ""
    if not isinstance(body, str):
        raise MalformedError("the body is not text")
    if len(body) > _MAX_TEXT:
        raise TooLargeError(f"a body of {len(body)} characters is too large, and was not read")
    if event.get("isBase64Encoded") is True:
        return HttpRequest(event["httpMethod"].upper(), _unbase64(body))
    # Half a surrogate pair is no character; its bytes fail in the parser.
    return HttpRequest(event["httpMethod"].upper(), body.encode(errors="surrogatepass"))


def answer(status: int, **fields: object) -> dict[str, object]:
    """The answer as the platform wants it."""
    headers = {"Content-Type": "application/json"} | ({"Allow": "POST"} if status == 405 else {})
    return {"isBase64Encoded": False, "statusCode": status, "headers": headers, "body": json.dumps(fields)}


def answer_outcomes(outcomes: Iterable[Outcome]) -> dict[str, object]:
    """The answer to a callback: the status of the worst outcome, how each ended, and nothing that helps a forger."""
    ended = list(outcomes)
    status = max((_status(outcome) for outcome in ended), default=200)
    return answer(status, outcomes=[outcome.kind.value for outcome in ended])


def _status(outcome: Outcome) -> int:
    if outcome.unfinished:
        return 503
    if outcome.kind is not Kind.FAILED:
        return 200
    if isinstance(outcome.error, TooLargeError):
        return 413
    return 400 if isinstance(outcome.error, MalformedError) else 403


def _unbase64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedError("the body is not base64, but the event says so") from error
