"""Symlinks: https://cloud.tencent.com/document/product/436/109082."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

from faketencent.cos.checksums import etag

if TYPE_CHECKING:
    from qcloud_cos import CosS3Client

    from faketencent.cloud import FakeCloud
    from faketencent.cos import CosBackend, ObjectEvent
    from tests.faketencent.conftest import Connect, Refused

#: Says the same on every Python.
pytestmark = pytest.mark.once

TARGET = "videos/片.mp4"
LINK_ETAG = etag(TARGET.encode())
VIDEO_ETAG = etag(b"hello")


@pytest.fixture
def linked(cos: CosBackend, videos: str) -> str:
    """A bucket with an object of an hour ago, and a link to it of now: `link.mp4`."""
    cos.put(videos, TARGET, b"hello", {"content-type": "video/mp4", "x-cos-meta-owner": "amy"})
    cos.clock.advance(3600)
    cos.symlink(videos, "link.mp4", TARGET)
    return videos


def test_a_link_is_read_as_its_target(any_client: CosS3Client, linked: str) -> None:
    head = any_client.head_object(Bucket=linked, Key="link.mp4")
    got = any_client.get_object(Bucket=linked, Key="link.mp4")

    for reply in (head, got):
        assert reply["x-cos-object-type"] == "symlink"
        assert (reply["Content-Length"], reply["Content-Type"]) == ("5", "video/mp4")
        assert (reply["ETag"], reply["x-cos-meta-owner"]) == (VIDEO_ETAG, "amy")
        assert reply["Last-Modified"] == "Thu, 01 Jan 2026 00:00:00 GMT"
    assert got["Body"].get_raw_stream().read() == b"hello"


def test_a_link_is_made_and_looked_at_by_itself(any_client: CosS3Client, cos: CosBackend, videos: str) -> None:
    made = any_client.put_symlink(Bucket=videos, SymlinkName="link.mp4", SymlinkTarget="a.mp4")
    looked_at = any_client.get_symlink(Bucket=videos, SymlinkName="link.mp4")

    assert made["ETag"] == looked_at["ETag"] == etag(b"a.mp4")
    assert looked_at["x-cos-symlink-target"] == "a.mp4"
    assert cos.keys(videos) == ["link.mp4"]


def test_a_listing_shows_the_link_itself(client: CosS3Client, linked: str) -> None:
    link = client.list_objects(Bucket=linked, Prefix="link")["Contents"][0]

    assert (link["ETag"], link["Size"]) == (LINK_ETAG, str(len(TARGET.encode())))
    assert link["LastModified"] == "2026-01-01T01:00:00.000Z"


def test_the_name_of_a_target_is_percent_encoded_in_headers(client: CosS3Client, cos: CosBackend, linked: str) -> None:
    client.put_symlink(Bucket=linked, SymlinkName="other", SymlinkTarget="videos/%E7%89%87.mp4")

    assert cos.get(linked, "other").etag == LINK_ETAG
    assert client.get_symlink(Bucket=linked, SymlinkName="link.mp4")["x-cos-symlink-target"] == "videos/%E7%89%87.mp4"


def test_a_link_follows_its_target_through_changes(client: CosS3Client, cos: CosBackend, linked: str) -> None:
    cos.put(linked, TARGET, b"goodbye")

    assert client.head_object(Bucket=linked, Key="link.mp4")["Content-Length"] == "7"


def test_a_link_to_nothing_is_not_found(client: CosS3Client, cos: CosBackend, linked: str, refused: Refused) -> None:
    cos.delete(linked, TARGET)

    with refused(404, "NoSuchKey"):
        client.get_object(Bucket=linked, Key="link.mp4")
    assert client.get_symlink(Bucket=linked, SymlinkName="link.mp4")["ETag"] == LINK_ETAG


def test_a_link_to_a_link_is_not_followed(client: CosS3Client, cos: CosBackend, linked: str, refused: Refused) -> None:
    cos.symlink(linked, "second.mp4", "link.mp4")

    with refused(404, "NoSuchKey"):
        client.get_object(Bucket=linked, Key="second.mp4")


def test_a_link_needs_a_target(client: CosS3Client, videos: str, refused: Refused) -> None:
    with refused(400, "InvalidArgument"):
        client.put_symlink(Bucket=videos, SymlinkName="link.mp4", SymlinkTarget="")


def test_what_is_no_link_has_no_target(client: CosS3Client, hello: str, refused: Refused) -> None:
    with refused(400, "InvalidRequest"):
        client.get_symlink(Bucket=hello, SymlinkName="a.mp4")


@pytest.mark.parametrize("seen", [VIDEO_ETAG, LINK_ETAG])
def test_a_copy_onto_itself_fails_its_condition_or_puts_an_object_in_the_links_place(
    client: CosS3Client, cos: CosBackend, linked: str, refused: Refused, seen: str
) -> None:
    source = {"Bucket": linked, "Key": "link.mp4", "Region": "ap-beijing"}
    copy = {"Bucket": linked, "Key": "link.mp4", "CopySource": source, "CopyStatus": "Replaced"}

    if seen == VIDEO_ETAG:  # the one that HEAD shows
        with refused(412, "PreconditionFailed"):
            client.copy_object(**copy, CopySourceIfMatch=seen)
        assert client.get_symlink(Bucket=linked, SymlinkName="link.mp4")["ETag"] == LINK_ETAG
    else:
        client.copy_object(**copy, CopySourceIfMatch=seen)
        assert cos.get(linked, "link.mp4").body == b"hello"
        assert "x-cos-object-type" not in client.head_object(Bucket=linked, Key="link.mp4")


def test_reading_through_a_link_needs_the_right_to_read_its_target(
    connect: Connect, cloud: FakeCloud, linked: str, refused: Refused
) -> None:
    resource = f"qcs::cos:ap-beijing:uid/1250000000:{linked}"
    statement = {"effect": "allow", "action": ["cos:*"], "resource": [f"{resource}/link.mp4"]}
    cloud.cam.create_role("reader", {"version": "2.0", "statement": [statement]})
    reader = connect(cloud.cam.assume("reader"))

    assert reader.get_symlink(Bucket=linked, SymlinkName="link.mp4")["ETag"] == LINK_ETAG
    with refused(403, "AccessDenied"):
        reader.get_object(Bucket=linked, Key="link.mp4")


@pytest.mark.usefixtures("connect")
@pytest.mark.parametrize(
    ("link_acl", "target_acl", "status"),
    [("public-read", "public-read", 200), ("public-read", "private", 403), ("private", "public-read", 403)],
)
def test_anyone_reads_through_a_link_if_both_are_public(
    cos: CosBackend, videos: str, link_acl: str, target_acl: str, status: int
) -> None:
    cos.put(videos, "a.mp4", b"hello", {"x-cos-acl": target_acl})
    cos.symlink(videos, "link.mp4", "a.mp4", {"x-cos-acl": link_acl})

    reply = requests.get(f"https://{videos}.cos.ap-beijing.myqcloud.com/link.mp4", timeout=1)

    assert reply.status_code == status


def test_a_new_link_is_told_like_an_upload(cloud: FakeCloud, cos: CosBackend, videos: str) -> None:
    heard: list[ObjectEvent] = []
    cos.listeners.append(heard.append)

    cos.symlink(videos, "link.mp4", "a.mp4")
    cloud.settle()

    assert [(event.name, event.object.size) for event in heard] == [("cos:ObjectCreated:Put", 5)]
