"""The fake cloud inside this process: every request made through `requests` is answered by it.

Built on `responses`, which replaces the sending end of `requests`; so the SDK, its pool and its retry
loop are the real ones. Time is the fake's: modules that read a clock are given the virtual one.
"""

from __future__ import annotations

import http.client
import io
import re
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias
from unittest.mock import patch

import requests
import responses
from urllib3 import HTTPHeaderDict, HTTPResponse
from urllib3.exceptions import ProtocolError

from faketencent.errors import UnknownRouteError
from faketencent.slow_body import Patience, buffered
from faketencent.wire import NoReplyError, Reply, Request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faketencent.cloud import FakeCloud

_METHODS = ("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS")
Body: TypeAlias = bytes | io.BufferedReader
#: Modules whose `time` is the fake's: the SDKs sign with the time of day.
CLOCKED = ("qcloud_cos.cos_auth", "tencentcloud.common.abstract_client")


class _Time:
    """Stands in for the `time` module."""

    def __init__(self, cloud: FakeCloud) -> None:
        self._cloud = cloud

    def time(self) -> float:
        return self._cloud.clock.now()

    def monotonic(self) -> float:
        return self._cloud.clock.now()

    def sleep(self, seconds: float) -> None:
        self._cloud.clock.sleep(seconds)


class _Answer(responses.CallbackResponse):
    """A reply whose raw body is read as it came, as it is from a socket; `requests` unpacks it above that."""

    def get_response(self, request: requests.PreparedRequest) -> HTTPResponse:
        reply = super().get_response(request)
        reply.decode_content = False
        return reply


@contextmanager
def in_process(cloud: FakeCloud, clocked: tuple[str, ...] = CLOCKED) -> Iterator[FakeCloud]:
    """Answer all of this process's `requests` traffic from the fake cloud.

    Raises:
        UnknownRouteError: on the way out, if a request was made that no fake serves.
    """
    with ExitStack() as stack:
        for module in clocked:
            stack.enter_context(patch(f"{module}.time", _Time(cloud)))
        mock = stack.enter_context(responses.RequestsMock(assert_all_requests_are_fired=False))
        for method in _METHODS:
            mock.add(_Answer(method, re.compile(".*"), lambda request: _answer(cloud, request), content_type=None))
        yield cloud
    if cloud.unknown:
        raise UnknownRouteError("\n".join(cloud.unknown))


def _answer(cloud: FakeCloud, prepared: requests.PreparedRequest) -> tuple[int, HTTPHeaderDict, Body]:
    request = Request.to(
        prepared.method or "GET",
        prepared.url or "",
        [(_text(name), _text(value)) for name, value in prepared.headers.items()],
        _bytes(prepared.body),
    )
    try:
        reply = cloud.dispatch(request)
    except NoReplyError as error:
        if error.kind == "timeout":
            raise _read_timeout(request) from error
        raise requests.exceptions.ConnectionError(f"connection to {request.host} was reset") from error
    headers = _headers(reply)
    body = b"" if request.method == "HEAD" else reply.body
    if reply.pacing is None:
        return reply.status, headers, body
    patience = Patience(cloud.clock, _read_patience(prepared))
    try:
        for pause, _ in reply.pacing.head_steps(_head(reply, headers)):
            patience.wait(pause)
    except TimeoutError as error:
        raise _read_timeout(request) from error
    return reply.status, headers, buffered(reply.pacing.body_steps(body), patience)


def _headers(reply: Reply) -> HTTPHeaderDict:
    """The headers as the HTTP server sends them.

    Raises:
        ConnectionError: more of them than `http.client` takes.
    """
    headers = HTTPHeaderDict(reply.sent().headers)
    # `Connection`, which every reply has over HTTP, and the empty line at the end count too.
    most: int = vars(http.client)["_MAXHEADERS"]
    if len(reply.sent().headers) + 2 > most:
        error = http.client.HTTPException(f"got more than {most} headers")
        raise requests.exceptions.ConnectionError(ProtocolError("Connection aborted.", error))
    return headers


def _head(reply: Reply, headers: HTTPHeaderDict) -> bytes:
    return "\r\n".join(
        [f"HTTP/1.1 {reply.status_line}", *(f"{name}: {value}" for name, value in headers.iteritems()), "", ""]
    ).encode("latin-1")


def _read_patience(prepared: requests.PreparedRequest) -> float | None:
    """Seconds that the caller waits for the next bytes."""
    # `responses` puts what `send` was given onto the request.
    timeout: Any = vars(prepared)["req_kwargs"].get("timeout")
    if isinstance(timeout, tuple):
        timeout = timeout[1]
    return None if timeout is None else float(timeout)


def _read_timeout(request: Request) -> requests.exceptions.ReadTimeout:
    return requests.exceptions.ReadTimeout(f"no reply from {request.host}")


def _text(value: Any) -> str:  # noqa: ANN401 - the SDK hands over str or bytes
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _bytes(body: Any) -> bytes:  # noqa: ANN401 - whatever requests was given: text, bytes, a file, nothing
    if body is None:
        return b""
    if hasattr(body, "read"):
        body = body.read()
    return body.encode() if isinstance(body, str) else bytes(body)
