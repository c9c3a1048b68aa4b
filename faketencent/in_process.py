"""The fake cloud inside this process: every request made through `requests` is answered by it.

Built on `responses`, which replaces the sending end of `requests`; so the SDK, its pool and its retry
loop are the real ones. Time is the fake's: modules that read a clock are given the virtual one.
"""

from __future__ import annotations

import re
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import requests
import responses

from faketencent.errors import UnknownRouteError
from faketencent.wire import NoReplyError, Reply, Request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faketencent.cloud import FakeCloud

_METHODS = ("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS")
#: Modules whose `time` is the fake's: the SDK signs with the time of day.
CLOCKED = ("qcloud_cos.cos_auth",)


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
            mock.add_callback(method, re.compile(".*"), lambda request: _answer(cloud, request), content_type=None)
        yield cloud
    if cloud.unknown:
        raise UnknownRouteError("\n".join(cloud.unknown))


def _answer(cloud: FakeCloud, prepared: requests.PreparedRequest) -> tuple[int, dict[str, str], bytes]:
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
            raise requests.exceptions.ReadTimeout(f"no reply from {request.host}") from error
        raise requests.exceptions.ConnectionError(f"connection to {request.host} was reset") from error
    return reply.status, _headers(reply), b"" if request.method == "HEAD" else reply.body


def _headers(reply: Reply) -> dict[str, str]:
    # `responses` would try to unpack a body whose object was stored with a Content-Encoding.
    return {name: value for name, value in reply.headers if name.lower() != "content-encoding" or not reply.body}


def _text(value: Any) -> str:  # noqa: ANN401 - the SDK hands over str or bytes
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _bytes(body: Any) -> bytes:  # noqa: ANN401 - whatever requests was given: text, bytes, a file, nothing
    if body is None:
        return b""
    if hasattr(body, "read"):
        body = body.read()
    return body.encode() if isinstance(body, str) else bytes(body)
