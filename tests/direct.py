"""A shorter way from the functions to the fake cloud, for tests that make very many calls.

It leaves out `requests` and what is below: the SDK still signs, the fake still checks the signature, and what a
caller sees is the same. `tests/test_direct.py` compares both ways. A module whose tests are about what becomes of
videos, and not about HTTP, takes it with `pytest.mark.usefixtures("short_way")`.
"""

from __future__ import annotations

import io
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from urllib.parse import urlencode

import requests
from qcloud_cos import CosS3Client
from requests.structures import CaseInsensitiveDict

from faketencent.in_process import in_process
from faketencent.wire import NoReplyError, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from faketencent.cloud import FakeCloud
    from faketencent.wire import Reply


@dataclass
class _Prepared:
    """What the SDK signs."""

    method: str
    url: str
    headers: dict[str, Any]


class _Body(io.BytesIO):
    def read1(self, size: int | None = -1, /, *, decode_content: bool = False) -> bytes:  # noqa: ARG002 - as urllib3
        return super().read1(-1 if size is None else size)


class _Response:
    """As much of a `requests.Response` as is looked at."""

    def __init__(self, reply: Reply, body: bytes) -> None:
        self.status_code = reply.status
        self.headers = CaseInsensitiveDict(reply.headers)
        self.raw = _Body(body)

    def __enter__(self) -> _Response:
        return self

    def __exit__(self, *_: object) -> None:
        self.raw.close()


class _Session:
    """As much of a `requests.Session` as polling a queue takes."""

    def __init__(self, cloud: FakeCloud) -> None:
        self._cloud = cloud

    def post(self, url: str, *, data: Mapping[str, str], **_: object) -> _Response:
        form = [("Content-Type", "application/x-www-form-urlencoded")]
        return _answer(self._cloud, Request.to("POST", url, form, urlencode(data).encode()))


@contextmanager
def direct(cloud: FakeCloud) -> Iterator[None]:
    """Within, calls of COS, CI and TDMQ go to the cloud the short way."""

    def send(  # noqa: PLR0913 - the SDK's own
        self: CosS3Client,
        method: str,
        url: str,
        *,
        auth: Callable[[_Prepared], object],
        headers: dict[str, Any],
        data: bytes,
        ci_request: bool,
        **_: object,
    ) -> _Response:
        token = "x-ci-security-token" if ci_request else "x-cos-security-token"
        # A person's key pair has none.
        given = {token: self._conf._token} if self._conf._token else {}
        prepared = _Prepared(method, url, {**headers, **given})
        auth(prepared)
        sent = [
            (name, value.decode("latin-1") if isinstance(value, bytes) else value)
            for name, value in prepared.headers.items()
        ]
        return _answer(cloud, Request.to(method, url, sent, data))

    session = _Session(cloud)
    with patch.object(CosS3Client, "send_request", send), patch("shared.cloud.tdmq.session", lambda: session):
        yield


@contextmanager
def in_process_directly(cloud: FakeCloud, clocked: tuple[str, ...]) -> Iterator[FakeCloud]:
    """As `in_process`, with the short way for whatever has one."""
    with in_process(cloud, clocked), direct(cloud):
        yield cloud


def _answer(cloud: FakeCloud, request: Request) -> _Response:
    try:
        reply = cloud.dispatch(request)
    except NoReplyError as error:
        raise requests.ConnectionError(f"no reply ({error.kind})") from error
    assert reply.pacing is None, "slow replies need the long way"
    return _Response(reply, b"" if request.method == "HEAD" else reply.body)
