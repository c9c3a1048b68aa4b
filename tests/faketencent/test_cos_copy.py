"""PUT Object - Copy: what a copy keeps and what it loses.

https://cloud.tencent.com/document/product/436/10881
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from faketencent.cos.acl import INHERITED, PUBLIC_READ
from faketencent.cos.buckets import Versioning
from faketencent.cos.storage import StorageClass

if TYPE_CHECKING:
    from qcloud_cos import CosS3Client

    from faketencent.cloud import FakeCloud
    from faketencent.cos import CosBackend, StoredObject
    from tests.faketencent.conftest import Connect, Copy, Refused

#: Says the same on every Python.
pytestmark = pytest.mark.once


def test_a_plain_copy_takes_metadata_and_tags_and_nothing_else(
    copy: Copy, cos: CosBackend, source: StoredObject
) -> None:
    copy("copy.mp4", "Copy")

    made = cos.get(source.bucket, "copy.mp4")
    assert (made.body, made.headers, made.tags) == (source.body, source.headers, source.tags)
    assert (made.etag, made.crc64) == (source.etag, source.crc64)
    assert made.storage_class is StorageClass.STANDARD
    assert made.acl == INHERITED
    assert made.encryption == {}


def test_replaced_metadata_is_that_of_the_request_alone(copy: Copy, cos: CosBackend, source: StoredObject) -> None:
    copy(ContentType="video/mp4", Metadata={"x-cos-meta-watermark": "found"})

    made = cos.get(source.bucket, source.key)
    assert made.headers == {"content-type": "video/mp4", "x-cos-meta-watermark": "found"}
    assert made.tags == source.tags


def test_class_acl_and_encryption_stay_if_they_are_sent_again(
    copy: Copy, cos: CosBackend, source: StoredObject
) -> None:
    copy(StorageClass="STANDARD_IA", ACL="public-read", ServerSideEncryption="AES256")

    made = cos.get(source.bucket, source.key)
    assert made.storage_class is StorageClass.STANDARD_IA
    assert made.acl == PUBLIC_READ
    assert made.encryption == source.encryption


@pytest.mark.parametrize("directive", ["Replaced", "REPLACE"])
def test_tags_have_a_directive_of_their_own(copy: Copy, cos: CosBackend, source: StoredObject, directive: str) -> None:
    copy(Metadata={"x-cos-tagging-directive": directive}, Tagging="team=blue&size=s")

    assert cos.get(source.bucket, source.key).tags == {"team": "blue", "size": "s"}


def test_a_copy_is_dated_anew_and_answers_with_what_it_made(copy: Copy, cloud: FakeCloud, source: StoredObject) -> None:
    cloud.advance(61)

    reply = copy()

    assert reply["ETag"] == source.etag
    assert reply["CRC64"] == source.crc64
    assert reply["LastModified"] == "2026-01-01T00:01:01Z"
    assert "VersionId" not in reply


def test_an_object_is_copied_onto_itself_only_to_replace_its_metadata(
    copy: Copy, cos: CosBackend, source: StoredObject, refused: Refused
) -> None:
    with refused(400, "InvalidRequest"):
        copy(status="Copy")

    assert cos.get(source.bucket, source.key) == source


def test_a_versioned_bucket_gets_a_new_version(
    copy: Copy, client: CosS3Client, cos: CosBackend, source: StoredObject
) -> None:
    cos.bucket(source.bucket).set_versioning(Versioning.ENABLED)

    reply = copy(ContentType="text/plain")

    newest, oldest = cos.bucket(source.bucket).versions(source.key)
    assert reply["VersionId"] == newest.version_id
    assert oldest.version_id == "null"
    old = client.head_object(Bucket=source.bucket, Key=source.key, VersionId="null")
    assert old["Content-Type"] == "video/mp4"


def test_an_older_version_can_be_copied_back(client: CosS3Client, cos: CosBackend, versioned: str) -> None:
    first = cos.put(versioned, "a", b"first")
    cos.put(versioned, "a", b"second")
    named = {"Bucket": versioned, "Key": "a", "Region": "ap-beijing", "VersionId": first.version_id}

    reply = client.copy_object(Bucket=versioned, Key="a", CopySource=named)

    assert cos.get(versioned, "a").body == b"first"
    assert reply["x-cos-copy-source-version-id"] == first.version_id


def test_objects_are_copied_across_buckets_and_regions(
    connect: Connect, cos: CosBackend, source: StoredObject, elsewhere: str
) -> None:
    named = {"Bucket": source.bucket, "Key": source.key, "Region": "ap-beijing"}

    connect(region="ap-shanghai").copy_object(Bucket=elsewhere, Key=source.key, CopySource=named)

    assert cos.get(elsewhere, source.key).body == b"hello"


def test_kms_encryption_makes_a_new_etag_and_keeps_the_crc64(copy: Copy, source: StoredObject) -> None:
    first, second = copy(ServerSideEncryption="cos/kms"), copy(ServerSideEncryption="cos/kms")

    assert len({source.etag, first["ETag"], second["ETag"]}) == 3
    assert first["CRC64"] == source.crc64
    assert copy()["ETag"] == source.etag


ASCII = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=40)
NAMES = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(metadata=st.dictionaries(NAMES, ASCII, max_size=6), class_=st.sampled_from(["STANDARD", "STANDARD_IA"]))
def test_what_is_sent_again_is_unchanged_for_any_metadata(
    client: CosS3Client, videos: str, metadata: dict[str, str], class_: str
) -> None:
    # given
    sent = {f"x-cos-meta-{name}": value for name, value in metadata.items()}
    client.put_object(Bucket=videos, Key="a", Body=b"hello", Metadata=sent, StorageClass=class_)
    before = client.head_object(Bucket=videos, Key="a")

    # when
    named = {"Bucket": videos, "Key": "a", "Region": "ap-beijing"}
    client.copy_object(
        Bucket=videos, Key="a", CopySource=named, CopyStatus="Replaced", Metadata=sent, StorageClass=class_
    )

    # then
    after = client.head_object(Bucket=videos, Key="a")
    assert {**after, "x-cos-request-id": ""} == {**before, "x-cos-request-id": ""}
