"""Replication between buckets: https://cloud.tencent.com/document/product/436/19923."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.cos.models import Cause
from faketencent.errors import ServiceError

if TYPE_CHECKING:
    from qcloud_cos import CosS3Client

    from faketencent.cloud import FakeCloud
    from faketencent.cos import CosBackend, ObjectEvent
    from tests.faketencent.conftest import Connect

#: Says the same on every Python.
pytestmark = pytest.mark.once

SEALED = {"content-type": "video/mp4", "x-cos-meta-watermark": "found", "x-cos-tagging": "team=red"}


@pytest.fixture
def far(cos: CosBackend) -> str:
    return cos.create_bucket("far-1250000000", "ap-shanghai", versioning=True).name


@pytest.fixture
def events(cos: CosBackend) -> list[tuple[str, str]]:
    """What happened where, as it is told."""
    heard: list[tuple[str, str]] = []

    def note(event: ObjectEvent) -> None:
        heard.append((event.object.bucket, event.name.removeprefix("cos:ObjectCreated:")))

    cos.listeners.append(note)
    return heard


def test_a_replica_arrives_later_with_content_metadata_and_version(
    cloud: FakeCloud, cos: CosBackend, versioned: str, far: str
) -> None:
    # given
    cos.replicate(versioned, far, delay=60)
    original = cos.put(versioned, "a.mp4", b"hello", {**SEALED, "x-cos-acl": "public-read"})

    # when
    cloud.advance(59)
    assert cos.keys(far) == []
    cloud.advance(1)

    # then
    replica = cos.get(far, "a.mp4")
    assert (replica.body, replica.etag, replica.crc64) == (original.body, original.etag, original.crc64)
    assert (replica.headers, replica.tags) == (original.headers, original.tags)
    assert replica.version_id == original.version_id
    assert replica.last_modified == original.last_modified + 60
    assert replica.acl.inherited


def test_a_replica_is_seen_over_http_like_any_object(
    client_over_http: CosS3Client, cloud: FakeCloud, cos: CosBackend, versioned: str
) -> None:
    other = cos.create_bucket("other-1250000000", "ap-beijing", versioning=True).name
    cos.replicate(versioned, other)

    client_over_http.put_object(
        Bucket=versioned, Key="a.mp4", Body=b"hello", Metadata={"x-cos-meta-watermark": "found"}
    )
    cloud.advance(60)

    head = client_over_http.head_object(Bucket=other, Key="a.mp4")
    assert head["x-cos-meta-watermark"] == "found"
    assert head["Last-Modified"] == "Thu, 01 Jan 2026 00:01:00 GMT"


def test_replicas_are_told_as_such(
    cloud: FakeCloud, cos: CosBackend, versioned: str, far: str, events: list[tuple[str, str]]
) -> None:
    cos.replicate(versioned, far)

    cos.put(versioned, "a.mp4", b"hello")
    cloud.advance(60)

    assert events == [(versioned, "Put"), (far, "Replication")]


def test_a_replica_is_never_replicated_but_a_new_write_onto_it_is(
    connect: Connect, cloud: FakeCloud, cos: CosBackend, versioned: str, far: str, events: list[tuple[str, str]]
) -> None:
    # given: both ways
    cos.replicate(versioned, far)
    cos.replicate(far, versioned)

    # when
    cos.put(versioned, "a.mp4", b"hello", SEALED)
    cloud.advance(3600)

    # then
    assert events == [(versioned, "Put"), (far, "Replication")]
    events.clear()

    # and when
    connect(region="ap-shanghai").copy_object(
        Bucket=far, Key="a.mp4", CopySource={"Bucket": far, "Key": "a.mp4", "Region": "ap-shanghai"},
        CopyStatus="Replaced", Metadata={"x-cos-meta-watermark": "none"},
    )  # fmt: skip
    cloud.advance(3600)

    # then
    assert events == [(far, "Copy"), (versioned, "Replication")]
    assert cos.get(versioned, "a.mp4").headers == {"x-cos-meta-watermark": "none"}


def test_replication_does_not_go_on_from_bucket_to_bucket(
    cloud: FakeCloud, cos: CosBackend, versioned: str, far: str
) -> None:
    third = cos.create_bucket("third-1250000000", "ap-beijing", versioning=True).name
    cos.replicate(versioned, far)
    cos.replicate(far, third)

    cos.put(versioned, "a.mp4", b"hello")
    cloud.advance(3600)

    assert cos.keys(far) == ["a.mp4"]
    assert cos.keys(third) == []


def test_a_rule_is_about_a_prefix_and_about_what_comes_after_it(
    cloud: FakeCloud, cos: CosBackend, versioned: str, far: str
) -> None:
    cos.put(versioned, "in/before.mp4", b"hello")
    cos.replicate(versioned, far, "in/")

    cos.put(versioned, "in/after.mp4", b"hello")
    cos.put(versioned, "out/after.mp4", b"hello")
    cloud.advance(3600)

    assert cos.keys(far) == ["in/after.mp4"]


def test_what_is_gone_or_archived_by_then_is_not_replicated(
    cloud: FakeCloud, cos: CosBackend, versioned: str, far: str
) -> None:
    cos.replicate(versioned, far)
    gone = cos.put(versioned, "gone", b"hello")
    cos.put(versioned, "archived", b"hello")
    cos.put(versioned, "kept", b"hello")

    cos.remove(cos.bucket(versioned), "gone", gone.version_id, Cause("Delete"))
    cos.archive(versioned, "archived")
    cloud.advance(60)

    assert cos.keys(far) == ["kept"]


def test_links_and_deletions_are_not_replicated(cloud: FakeCloud, cos: CosBackend, versioned: str, far: str) -> None:
    cos.replicate(versioned, far)
    cos.put(versioned, "a.mp4", b"hello")
    cos.symlink(versioned, "link.mp4", "a.mp4")
    cloud.advance(60)

    cos.delete(versioned, "a.mp4")
    cloud.advance(60)

    assert cos.keys(far) == ["a.mp4"]


def test_both_buckets_must_keep_versions(cos: CosBackend, versioned: str, videos: str) -> None:
    for source, target in ((versioned, videos), (videos, versioned)):
        with pytest.raises(ServiceError, match="BucketVersionNotOpen"):
            cos.replicate(source, target)
