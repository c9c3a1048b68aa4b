"""Both front ends bring the same body, whatever encoding its object claims to have."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest
import requests

if TYPE_CHECKING:
    from faketencent.cos import CosBackend

#: Says the same on every Python.
pytestmark = pytest.mark.once

HOST = "videos-1250000000.cos.ap-beijing.myqcloud.com"
PUBLIC = {"x-cos-acl": "public-read"}
ENCODED = {
    "packed": gzip.compress(b"hello", mtime=0),
    "not packed at all": b"hello",
    "empty": b"",
}


def _seen(proxies: dict[str, str], method: str, *, decode: bool) -> tuple[object, ...]:
    """What a client gets that reads the body as it came, or unpacks it; or how it fails."""
    with requests.request(method, f"http://{HOST}/a", proxies=proxies, timeout=10, stream=True) as reply:
        kept = {name: value for name, value in reply.headers.items() if name not in ("Connection", "x-cos-request-id")}
        try:
            return reply.status_code, kept, reply.content if decode else reply.raw.read()
        except requests.exceptions.ContentDecodingError:
            return reply.status_code, kept, "cannot be unpacked"


@pytest.mark.parametrize("decode", [True, False], ids=["unpacking", "as it came"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "identity", "aws-chunked", ""])
@pytest.mark.parametrize("body", ENCODED.values(), ids=ENCODED)
def test_a_content_encoding_means_the_same_to_both(  # noqa: PLR0913 - fixtures and what is varied
    request: pytest.FixtureRequest,
    cos: CosBackend,
    videos: str,
    body: bytes,
    encoding: str,
    method: str,
    *,
    decode: bool,
) -> None:
    headers = {"content-encoding": encoding} if encoding else {}
    cos.put(videos, "a", body, {**PUBLIC, **headers})

    over_http = _seen({"http": request.getfixturevalue("server").url}, method, decode=decode)
    request.getfixturevalue("connect")
    assert _seen({}, method, decode=decode) == over_http


@pytest.mark.parametrize(("body", "expected"), [("packed", b"hello"), ("not packed at all", None)])
def test_a_packed_object_is_unpacked_on_its_way_and_another_cannot_be(
    cos: CosBackend, videos: str, proxies: dict[str, str], body: str, expected: bytes | None
) -> None:
    cos.put(videos, "a", ENCODED[body], {**PUBLIC, "content-encoding": "gzip"})

    if expected is None:
        with pytest.raises(requests.exceptions.ContentDecodingError):
            requests.get(f"http://{HOST}/a", proxies=proxies, timeout=10)
    else:
        reply = requests.get(f"http://{HOST}/a", proxies=proxies, timeout=10)
        assert (reply.content, reply.headers["Content-Encoding"]) == (expected, "gzip")
