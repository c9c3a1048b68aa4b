"""Keys: any text, the same on every way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from qcloud_cos import CosS3Client

    from faketencent.cos import CosBackend
    from tests.faketencent.conftest import Refused

#: Says the same on every Python.
pytestmark = pytest.mark.once

ETAG = '"5d41402abc4b2a76b9719d911017c592"'

ODD_KEYS = [
    "a b+c.mp4",
    "100%25.mp4",
    "videos/中文/片.mp4",
    "🎬.mp4",
    "a//b.mp4",
    "//leading.mp4",
    "a/../b.mp4",
    "./a.mp4",
    "a?b#c&d=e;f.mp4",
    "videos-1250000000/1250000000/a.mp4",
    "a'\"<>\\|*:~.mp4",
    "line\nbreak\ttab.mp4",
]


@pytest.mark.parametrize("key", ODD_KEYS)
def test_a_key_means_the_same_on_every_way(client: CosS3Client, cos: CosBackend, videos: str, key: str) -> None:
    client.put_object(Bucket=videos, Key=key, Body=b"hello")

    # The SDK, and the signature, take one leading slash for the path's own.
    assert cos.keys(videos) == [key.removeprefix("/")]
    assert client.head_object(Bucket=videos, Key=key)["ETag"] == ETAG
    assert client.list_objects(Bucket=videos)["Contents"][0]["Key"] == key.removeprefix("/")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=100))
def test_any_text_can_be_a_key(client: CosS3Client, cos: CosBackend, videos: str, key: str) -> None:
    stored = "k" + key  # neither empty nor with a leading slash, for the SDK's sake

    client.put_object(Bucket=videos, Key=stored, Body=b"hello")

    assert cos.keys(videos) == [stored]
    assert client.list_objects(Bucket=videos)["Contents"][0]["Key"] == stored
    client.delete_object(Bucket=videos, Key=stored)
    assert cos.keys(videos) == []


def test_a_key_has_at_most_850_bytes(client: CosS3Client, videos: str, refused: Refused) -> None:
    client.put_object(Bucket=videos, Key="键" * 283, Body=b"")

    with refused(400, "KeyTooLong"):
        client.put_object(Bucket=videos, Key="键" * 284, Body=b"")
