"""Listings at their largest: a thousand names, each as long as a name can be."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

if TYPE_CHECKING:
    from qcloud_cos import CosS3Client

    from faketencent.cloud import FakeCloud
    from faketencent.cos import CosBackend
    from faketencent.wire import Reply

#: Says the same on every Python.
pytestmark = pytest.mark.once

#: 850 bytes each, most of them of three: percent-encoded, a name is as long as 2,546 letters.
NAMES = [f"{'键' * 282}{number:04d}" for number in range(1, 1003)]


@pytest.fixture
def full(cos: CosBackend, videos: str) -> str:
    for name in NAMES:
        cos.put(videos, name, b"")
    return videos


def test_the_names_are_as_long_as_can_be() -> None:
    assert {len(name.encode()) for name in NAMES} == {850}


def test_a_page_of_a_thousand_is_exact(any_client: CosS3Client, full: str) -> None:
    first = any_client.list_objects(Bucket=full)
    rest = any_client.list_objects(Bucket=full, Marker=first["NextMarker"])

    assert [entry["Key"] for entry in first["Contents"]] == NAMES[:1000]
    assert (first["IsTruncated"], first["NextMarker"]) == ("true", NAMES[999])
    assert [entry["Key"] for entry in rest["Contents"]] == NAMES[1000:]
    assert rest["IsTruncated"] == "false"


def test_so_it_is_percent_encoded_with_over_a_megabyte(
    client: CosS3Client, cloud: FakeCloud, full: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    replies: list[Reply] = []
    finish = cloud.cos.finish

    def note(reply: Reply) -> Reply:
        replies.append(reply)
        return finish(reply)

    monkeypatch.setattr(cloud.cos, "finish", note)

    listing = client.list_objects(Bucket=full, EncodingType="url", MaxKeys=5000)

    assert len(replies[0].body) > 2_000_000
    assert (listing["MaxKeys"], listing["EncodingType"]) == ("1000", "url")
    assert [unquote(entry["Key"]) for entry in listing["Contents"]] == NAMES[:1000]


def test_folders_with_the_longest_names_are_paged_exactly(
    any_client: CosS3Client, cos: CosBackend, videos: str
) -> None:
    # given
    folders = [f"{'夹' * 282}{number:02d}/" for number in range(30)]
    for folder, name in itertools.product(folders, "ab"):
        cos.put(videos, folder + name, b"")

    # when
    seen: list[str] = []
    marker, more = "", True
    while more:
        page = any_client.list_objects(Bucket=videos, Delimiter="/", MaxKeys=7, Marker=marker)
        seen += [entry["Prefix"] for entry in page["CommonPrefixes"]]
        more = page["IsTruncated"] == "true"
        marker = page.get("NextMarker", "")

    # then
    assert seen == folders
