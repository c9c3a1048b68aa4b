"""A shorter way from the functions to the fake cloud, for tests that make very many calls.

It leaves out `requests` and what is below: the SDK still signs, the fake still checks the signature, and what a
caller sees is the same. `tests/test_direct.py` compares both ways.
"""

from __future__ import annotations

import io
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import requests
from qcloud_cos import CosS3Client
from requests.structures import CaseInsensitiveDict

from faketencent.wire import NoReplyError, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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


@contextmanager
def direct(cloud: FakeCloud) -> Iterator[None]:
    """Within, calls of COS and CI go to the cloud the short way."""

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
        prepared = _Prepared(method, url, {**headers, token: self._conf._token})
        auth(prepared)
        sent = [
            (name, value.decode("latin-1") if isinstance(value, bytes) else value)
            for name, value in prepared.headers.items()
        ]
        try:
            reply = cloud.dispatch(Request.to(method, url, sent, data))
        except NoReplyError as error:
            raise requests.ConnectionError(f"no reply ({error.kind})") from error
        return _Response(reply, b"" if method == "HEAD" else reply.body)

    with patch.object(CosS3Client, "send_request", send):
        yield
