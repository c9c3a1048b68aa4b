"""Reading objects in part, and on conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from qcloud_cos import CosS3Client

    from tests.faketencent.conftest import Refused

#: Says the same on every Python.
pytestmark = pytest.mark.once

NOW = "Thu, 01 Jan 2026 00:00:00 GMT"
BEFORE = "Wed, 31 Dec 2025 23:59:59 GMT"
ETAG = '"5d41402abc4b2a76b9719d911017c592"'
OTHER = '"00000000000000000000000000000000"'


@pytest.mark.parametrize(
    ("asked", "range_sent", "body"),
    [
        ("bytes=0-1", "bytes 0-1/5", b"he"),
        ("bytes=3-", "bytes 3-4/5", b"lo"),
        ("bytes=3-99", "bytes 3-4/5", b"lo"),
        ("bytes=-2", "bytes 3-4/5", b"lo"),
        ("bytes=-99", "bytes 0-4/5", b"hello"),
        ("bytes=0-0,2-3", None, b"hello"),
        ("pages=1-2", None, b"hello"),
    ],
)
def test_a_range_is_a_part_of_the_object(
    client: CosS3Client, hello: str, asked: str, range_sent: str | None, body: bytes
) -> None:
    got = client.get_object(Bucket=hello, Key="a.mp4", Range=asked)

    assert got.get("Content-Range") == range_sent
    assert got["Body"].get_raw_stream().read() == body


def test_a_range_behind_the_end_is_refused(client: CosS3Client, hello: str, refused: Refused) -> None:
    with refused(416, "InvalidRange"):
        client.get_object(Bucket=hello, Key="a.mp4", Range="bytes=5-9")


@pytest.mark.parametrize(
    ("conditions", "status"),
    [
        ({"IfMatch": ETAG}, 200),
        ({"IfMatch": OTHER}, 412),
        ({"IfMatch": "*"}, 200),
        ({"IfNoneMatch": ETAG}, 304),
        ({"IfNoneMatch": OTHER}, 200),
        ({"IfModifiedSince": NOW}, 304),
        ({"IfModifiedSince": BEFORE}, 200),
        ({"IfUnmodifiedSince": NOW}, 200),
        ({"IfUnmodifiedSince": BEFORE}, 412),
        ({"IfMatch": ETAG, "IfUnmodifiedSince": BEFORE}, 412),
        ({"IfNoneMatch": OTHER, "IfModifiedSince": NOW}, 304),
        ({"IfUnmodifiedSince": "yesterday"}, 400),
    ],
)
@pytest.mark.parametrize("method", ["head_object", "get_object"])
def test_conditions_on_reading(
    client: CosS3Client, hello: str, refused: Refused, method: str, conditions: dict[str, str], status: int
) -> None:
    read = getattr(client, method)

    if status >= 400:
        with refused(status, None):
            read(Bucket=hello, Key="a.mp4", **conditions)
    else:
        reply = read(Bucket=hello, Key="a.mp4", **conditions)
        assert ("Last-Modified" in reply) == (status == 200 or method == "get_object")
        assert reply["Content-Length"] == ("5" if status == 200 else "0")
