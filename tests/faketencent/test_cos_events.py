"""What COS tells its listeners, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from qcloud_cos import CosS3Client

    from faketencent.cloud import FakeCloud
    from faketencent.cos import CosBackend, ObjectEvent

#: Says the same on every Python.
pytestmark = pytest.mark.once


@pytest.fixture
def events(cos: CosBackend) -> list[ObjectEvent]:
    heard: list[ObjectEvent] = []
    cos.listeners.append(heard.append)
    return heard


def test_an_event_comes_after_the_reply_not_with_it(
    client: CosS3Client, cloud: FakeCloud, videos: str, events: list[ObjectEvent]
) -> None:
    client.put_object(Bucket=videos, Key="a.mp4", Body=b"hello", Metadata={"x-cos-meta-a": "1"})
    assert events == []

    cloud.settle()

    (event,) = events
    assert event.name == "cos:ObjectCreated:Put"
    assert (event.object.key, event.object.size, event.region) == ("a.mp4", 5, "ap-beijing")
    assert event.object.headers["x-cos-meta-a"] == "1"
    assert event.request_headers["Authorization"].startswith("q-sign-algorithm=sha1")


def test_every_way_to_create_an_object_has_its_own_event(
    client: CosS3Client, cloud: FakeCloud, cos: CosBackend, videos: str, events: list[ObjectEvent]
) -> None:
    # when
    client.put_object(Bucket=videos, Key="put", Body=b"")
    source = {"Bucket": videos, "Key": "put", "Region": "ap-beijing"}
    client.copy_object(Bucket=videos, Key="copy", CopySource=source)
    client.copy_object(Bucket=videos, Key="put", CopySource=source, CopyStatus="Replaced")
    upload = client.create_multipart_upload(Bucket=videos, Key="parts")["UploadId"]
    part = client.upload_part(Bucket=videos, Key="parts", Body=b"x", PartNumber=1, UploadId=upload)
    listed = {"Part": [{"PartNumber": "1", "ETag": part["ETag"]}]}
    client.complete_multipart_upload(Bucket=videos, Key="parts", UploadId=upload, MultipartUpload=listed)
    cos.put(videos, "form", b"", event="Post")
    cloud.settle()

    # then
    assert [(event.name.removeprefix("cos:ObjectCreated:"), event.object.key) for event in events] == [
        ("Put", "put"),
        ("Copy", "copy"),
        ("Copy", "put"),
        ("CompleteMultipartUpload", "parts"),
        ("Post", "form"),
    ]


def test_deletions_are_told_if_there_was_something_to_delete(
    client: CosS3Client, cloud: FakeCloud, cos: CosBackend, videos: str, versioned: str,
    events: list[ObjectEvent],
) -> None:  # fmt: skip
    # given
    cos.put(videos, "a", b"hello")
    cos.put(versioned, "a", b"hello")
    cloud.settle()
    events.clear()

    # when
    for bucket in (videos, versioned, videos):
        client.delete_object(Bucket=bucket, Key="a")
    cloud.settle()

    # then
    assert [(event.name, event.object.bucket) for event in events] == [
        ("cos:ObjectRemove:Delete", videos),
        ("cos:ObjectRemove:DeleteMarkerCreated", versioned),
    ]
    assert events[1].object.version_id == cos.bucket(versioned).versions("a")[0].version_id


def test_neither_tags_nor_acls_are_events(
    client: CosS3Client, cloud: FakeCloud, cos: CosBackend, videos: str, events: list[ObjectEvent]
) -> None:
    cos.put(videos, "a", b"hello")
    cloud.settle()
    events.clear()

    client.put_object_tagging(Bucket=videos, Key="a", Tagging={"TagSet": {"Tag": [{"Key": "k", "Value": "v"}]}})
    client.put_object_acl(Bucket=videos, Key="a", ACL="public-read")
    cloud.settle()

    assert events == []


def test_a_restoration_is_told_twice(
    client: CosS3Client, cloud: FakeCloud, cos: CosBackend, videos: str, events: list[ObjectEvent]
) -> None:
    cos.put(videos, "a", b"hello", {"x-cos-storage-class": "ARCHIVE"})

    client.restore_object(Bucket=videos, Key="a", RestoreRequest={"Days": 1, "CASJobParameters": {"Tier": "Expedited"}})
    cloud.advance(299)
    assert [event.name for event in events][1:] == ["cos:ObjectRestore:Post"]
    cloud.advance(1)

    assert events[-1].name == "cos:ObjectRestore:Completed"
