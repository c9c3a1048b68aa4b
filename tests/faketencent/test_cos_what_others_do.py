"""What users, consoles and rules do to objects behind our back: the verbs of the backend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.cos.models import LockRefusal
from faketencent.cos.objects import Lock
from faketencent.cos.storage import StorageClass

if TYPE_CHECKING:
    from qcloud_cos import CosS3Client

    from faketencent.cloud import FakeCloud
    from faketencent.cos import CosBackend, ObjectEvent, StoredObject
    from tests.faketencent.conftest import Copy, Refused

#: Says the same on every Python.
pytestmark = pytest.mark.once


@pytest.fixture
def events(cos: CosBackend, source: StoredObject) -> list[tuple[str, str]]:
    """What happens to which key after `source` was written, as it is told."""
    cos.clock.run_due()
    assert cos.get(source.bucket, source.key) is source
    heard: list[tuple[str, str]] = []

    def note(event: ObjectEvent) -> None:
        heard.append((event.name.removeprefix("cos:"), event.object.key))

    cos.listeners.append(note)
    return heard


def test_a_rename_is_a_copy_and_a_deletion(
    cloud: FakeCloud, cos: CosBackend, source: StoredObject, events: list[tuple[str, str]]
) -> None:
    cloud.advance(60)
    renamed = cos.rename(source.bucket, source.key, "new.mp4")
    cloud.settle()

    assert cos.keys(source.bucket) == ["new.mp4"]
    assert (renamed.headers, renamed.tags) == (source.headers, source.tags)
    assert renamed.storage_class is source.storage_class
    assert (renamed.etag, renamed.last_modified) == (source.etag, source.last_modified + 60)
    assert events == [("ObjectCreated:Copy", "new.mp4"), ("ObjectRemove:Delete", source.key)]


def test_metadata_is_edited_by_a_copy_onto_itself(
    cloud: FakeCloud, cos: CosBackend, source: StoredObject, events: list[tuple[str, str]]
) -> None:
    cloud.advance(60)
    edited = cos.edit(source.bucket, source.key, {"x-cos-meta-owner": "bob", "x-cos-meta-new": "1"})
    cloud.settle()

    assert edited.headers == {**source.headers, "x-cos-meta-owner": "bob", "x-cos-meta-new": "1"}
    assert (edited.storage_class, edited.tags) == (source.storage_class, source.tags)
    assert (edited.etag, edited.last_modified) == (source.etag, source.last_modified + 60)
    assert events == [("ObjectCreated:Copy", source.key)]


def test_a_copy_goes_into_another_bucket(cos: CosBackend, source: StoredObject, elsewhere: str) -> None:
    made = cos.copy(source.bucket, source.key, "b.mp4", into=elsewhere)

    assert (made.bucket, made.key, made.headers) == (elsewhere, "b.mp4", source.headers)
    assert cos.get(source.bucket, source.key) is source


@pytest.mark.parametrize("storage_class", [StorageClass.ARCHIVE, StorageClass.DEEP_ARCHIVE])
def test_a_lifecycle_rule_archives_without_a_word(
    any_client: CosS3Client, cos: CosBackend, source: StoredObject,
    events: list[tuple[str, str]], storage_class: StorageClass,
) -> None:  # fmt: skip
    # given
    before = any_client.head_object(Bucket=source.bucket, Key=source.key)

    # when
    cos.clock.advance(3600)
    cos.archive(source.bucket, source.key, storage_class)
    cos.clock.run_due()

    # then
    after = any_client.head_object(Bucket=source.bucket, Key=source.key)
    moved = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    assert moved == {"x-cos-storage-class", "Date", "x-cos-request-id"}
    assert after["x-cos-storage-class"] == storage_class.value
    assert events == []


@pytest.mark.parametrize("refusal", LockRefusal)
def test_an_object_under_retention_is_neither_written_nor_deleted(
    any_client: CosS3Client, cos: CosBackend, source: StoredObject, refused: Refused, refusal: LockRefusal
) -> None:
    cos.lock_refusal = refusal
    locked = cos.lock(source.bucket, source.key)
    named = {"Bucket": source.bucket, "Key": source.key, "Region": "ap-beijing"}

    with refused(*refusal.value):
        any_client.copy_object(Bucket=source.bucket, Key=source.key, CopySource=named, CopyStatus="Replaced")
    with refused(*refusal.value):
        any_client.put_object(Bucket=source.bucket, Key=source.key, Body=b"")
    with refused(*refusal.value):
        any_client.delete_object(Bucket=source.bucket, Key=source.key)
    assert cos.get(source.bucket, source.key) is locked


def test_retention_is_refused_as_documented_unless_told_otherwise(cos: CosBackend) -> None:
    assert cos.lock_refusal.value == (409, "ObjectLocked")


def test_retention_ends(copy: Copy, cos: CosBackend, source: StoredObject) -> None:
    cos.lock(source.bucket, source.key)
    cos.lock(source.bucket, source.key, Lock.UNLOCKED)

    copy(Metadata={"x-cos-meta-a": "1"})

    assert cos.get(source.bucket, source.key).headers == {"x-cos-meta-a": "1"}
