"""Versions of objects, and objects in an archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

from faketencent.cos.objects import DeleteMarker

if TYPE_CHECKING:
    from qcloud_cos import CosS3Client

    from faketencent.cloud import FakeCloud
    from faketencent.cos import CosBackend
    from tests.faketencent.conftest import Connect, Refused

#: Says the same on every Python.
pytestmark = pytest.mark.once

EXPEDITED = {"Days": 2, "CASJobParameters": {"Tier": "Expedited"}}
HOUR, DAY = 3600, 86400


def test_every_upload_makes_a_version(client: CosS3Client, versioned: str) -> None:
    first = client.put_object(Bucket=versioned, Key="a", Body=b"first")["x-cos-version-id"]
    second = client.put_object(Bucket=versioned, Key="a", Body=b"second")["x-cos-version-id"]

    newest = client.get_object(Bucket=versioned, Key="a")
    older = client.get_object(Bucket=versioned, Key="a", VersionId=first)

    assert first != second
    assert newest["x-cos-version-id"] == second
    assert older["Body"].get_raw_stream().read() == b"first"


def test_deleting_hides_the_object_and_deleting_the_marker_brings_it_back(
    client: CosS3Client, cos: CosBackend, versioned: str, refused: Refused
) -> None:
    # given
    version = cos.put(versioned, "a", b"hello").version_id

    # when
    deleted = client.delete_object(Bucket=versioned, Key="a")

    # then
    assert deleted["x-cos-delete-marker"] == "true"
    with refused(404, "NoSuchKey"):
        client.get_object(Bucket=versioned, Key="a")
    with refused(404, None):
        client.head_object(Bucket=versioned, Key="a", VersionId=deleted["x-cos-version-id"])
    assert client.head_object(Bucket=versioned, Key="a", VersionId=version)["Content-Length"] == "5"
    assert cos.keys(versioned) == []

    # and when
    undone = client.delete_object(Bucket=versioned, Key="a", VersionId=deleted["x-cos-version-id"])

    # then
    assert undone["x-cos-delete-marker"] == "true"
    assert cos.keys(versioned) == ["a"]


@pytest.mark.parametrize("version_id", ["", "null"])
def test_a_reply_about_a_deleted_object_says_so(
    connect: Connect, cos: CosBackend, versioned: str, version_id: str
) -> None:
    # given
    client = connect()
    client.put_bucket_versioning(Bucket=versioned, Status="Suspended")
    cos.put(versioned, "a", b"hello")
    cos.delete(versioned, "a")

    # when
    url = client.get_presigned_url(Bucket=versioned, Key="a", Method="GET", Params={"versionId": version_id})
    reply = requests.get(url, timeout=1)

    # then
    assert reply.status_code == 404
    assert reply.headers["x-cos-delete-marker"] == "true"


def test_a_version_is_deleted_for_good(client: CosS3Client, cos: CosBackend, versioned: str, refused: Refused) -> None:
    version = cos.put(versioned, "a", b"hello").version_id

    client.delete_object(Bucket=versioned, Key="a", VersionId=version)

    with refused(404, "NoSuchVersion"):
        client.get_object(Bucket=versioned, Key="a", VersionId=version)


def test_versioning_is_switched_on_and_suspended(client: CosS3Client, cos: CosBackend, videos: str) -> None:
    cos.put(videos, "a", b"before")

    client.put_bucket_versioning(Bucket=videos, Status="Enabled")
    assert client.get_bucket_versioning(Bucket=videos)["Status"] == "Enabled"
    during = client.put_object(Bucket=videos, Key="a", Body=b"during")
    client.put_bucket_versioning(Bucket=videos, Status="Suspended")
    after = client.put_object(Bucket=videos, Key="a", Body=b"after")

    assert [v.version_id for v in cos.bucket(videos).versions("a")] == ["null", during["x-cos-version-id"]]
    assert "x-cos-version-id" not in after
    assert client.get_object(Bucket=videos, Key="a", VersionId="null")["Content-Length"] == "5"


def test_while_versioning_is_suspended_deleting_replaces_the_null_version(
    client: CosS3Client, cos: CosBackend, versioned: str
) -> None:
    kept = cos.put(versioned, "a", b"kept")
    client.put_bucket_versioning(Bucket=versioned, Status="Suspended")
    cos.put(versioned, "a", b"lost")

    client.delete_object(Bucket=versioned, Key="a")

    marker, oldest = cos.bucket(versioned).versions("a")
    assert isinstance(marker, DeleteMarker)
    assert marker.version_id == "null"
    assert oldest is kept


@pytest.mark.parametrize("storage_class", ["ARCHIVE", "DEEP_ARCHIVE"])
def test_an_archived_object_can_be_looked_at_but_not_read(
    client: CosS3Client, cos: CosBackend, videos: str, refused: Refused, storage_class: str
) -> None:
    cos.put(videos, "a", b"hello", {"x-cos-storage-class": storage_class})

    head = client.head_object(Bucket=videos, Key="a")

    assert head["x-cos-storage-class"] == storage_class
    assert "x-cos-restore" not in head
    with refused(403, "InvalidObjectState"):
        client.get_object(Bucket=videos, Key="a")


def test_a_restored_object_can_be_read_until_it_expires(
    client: CosS3Client, cos: CosBackend, cloud: FakeCloud, videos: str, refused: Refused
) -> None:
    # given
    cos.put(videos, "a", b"hello", {"x-cos-storage-class": "ARCHIVE"})

    # when
    client.restore_object(Bucket=videos, Key="a", RestoreRequest=EXPEDITED)

    # then
    head = client.head_object(Bucket=videos, Key="a")
    assert head["x-cos-restore"] == 'ongoing-request="true"'
    with refused(409, "RestoreAlreadyInProgress"):
        client.restore_object(Bucket=videos, Key="a", RestoreRequest=EXPEDITED)
    with refused(403, "InvalidObjectState"):
        client.get_object(Bucket=videos, Key="a")

    # and five minutes later
    cloud.advance(300)
    head = client.head_object(Bucket=videos, Key="a")
    assert head["x-cos-restore"] == ('ongoing-request="false", expiry-date="Sat, 03 Jan 2026 16:00:00 GMT"')
    assert client.get_object(Bucket=videos, Key="a")["Content-Length"] == "5"

    # and when it has expired
    cloud.advance(3 * DAY)
    assert "x-cos-restore" not in client.head_object(Bucket=videos, Key="a")
    with refused(403, "InvalidObjectState"):
        client.get_object(Bucket=videos, Key="a")


@pytest.mark.parametrize(
    ("storage_class", "tier", "hours"),
    [
        ("ARCHIVE", "Standard", 5),
        ("ARCHIVE", "Bulk", 12),
        ("DEEP_ARCHIVE", "Standard", 24),
        ("DEEP_ARCHIVE", "Bulk", 48),
    ],
)
def test_slower_tiers_take_their_time(
    client: CosS3Client, cos: CosBackend, videos: str, storage_class: str, tier: str, hours: int
) -> None:
    cos.put(videos, "a", b"hello", {"x-cos-storage-class": storage_class})
    request = {"Days": 1, "CASJobParameters": {"Tier": tier}}
    client.restore_object(Bucket=videos, Key="a", RestoreRequest=request)

    cos.clock.advance(hours * HOUR - 1)
    assert "true" in client.head_object(Bucket=videos, Key="a")["x-cos-restore"]
    cos.clock.advance(1)
    assert "false" in client.head_object(Bucket=videos, Key="a")["x-cos-restore"]


@pytest.mark.parametrize(
    ("storage_class", "tier", "refusal"),
    [
        ("STANDARD", "Standard", (405, "RestoreNonArchiveObject")),
        ("DEEP_ARCHIVE", "Expedited", (400, "InvalidArgument")),
        ("ARCHIVE", "Tomorrow", (400, "MalformedXML")),
    ],
)
def test_what_cannot_be_restored(
    client: CosS3Client, videos: str, refused: Refused, storage_class: str, tier: str, refusal: tuple[int, str]
) -> None:
    client.put_object(Bucket=videos, Key="a", Body=b"", StorageClass=storage_class)
    request = {"Days": 1, "CASJobParameters": {"Tier": tier}}

    with refused(*refusal):
        client.restore_object(Bucket=videos, Key="a", RestoreRequest=request)
