"""Objects in COS: written, read, deleted."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

import pytest

from faketencent.cos.objects import Lock
from faketencent.faults import Fault

if TYPE_CHECKING:
    from qcloud_cos import CosS3Client

    from faketencent.cloud import FakeCloud
    from faketencent.cos import CosBackend
    from tests.faketencent.conftest import Connect, Refused

#: Says the same on every Python.
pytestmark = pytest.mark.once

NOW = "Thu, 01 Jan 2026 00:00:00 GMT"
ETAG = '"5d41402abc4b2a76b9719d911017c592"'
CUSTOMER_KEY = b"0123456789ABCDEF0123456789ABCDEF"
SSE_C = {
    "SSECustomerAlgorithm": "AES256",
    "SSECustomerKey": base64.b64encode(CUSTOMER_KEY).decode(),
    "SSECustomerKeyMD5": base64.b64encode(hashlib.md5(CUSTOMER_KEY, usedforsecurity=False).digest()).decode(),
}


def test_an_upload_is_read_back_with_every_header_it_came_with(client: CosS3Client, videos: str) -> None:
    # given
    client.put_object(
        Bucket=videos,
        Key="a.mp4",
        Body=b"hello",
        ContentType="video/mp4",
        CacheControl="max-age=60",
        ContentDisposition="inline",
        ContentEncoding="identity",
        ContentLanguage="zh-CN",
        Expires=NOW,
        StorageClass="STANDARD_IA",
        ServerSideEncryption="AES256",
        Metadata={"x-cos-meta-Owner": "amy", "x-cos-meta-under-score": "a_b"},
    )

    # when
    head = client.head_object(Bucket=videos, Key="a.mp4")
    got = client.get_object(Bucket=videos, Key="a.mp4")

    # then
    expected = {
        "Content-Type": "video/mp4",
        "Cache-Control": "max-age=60",
        "Content-Disposition": "inline",
        "Content-Encoding": "identity",
        "Content-Language": "zh-CN",
        "Expires": NOW,
        "Content-Length": "5",
        "ETag": ETAG,
        "Last-Modified": NOW,
        "x-cos-storage-class": "STANDARD_IA",
        "x-cos-server-side-encryption": "AES256",
        "x-cos-meta-owner": "amy",
        "x-cos-meta-under-score": "a_b",
    }
    assert expected.items() <= head.items()
    # Only here the front end is in the way: without a server, nothing decodes the body.
    assert expected.keys() - {"Content-Encoding"} <= got.keys()
    assert got["Body"].get_raw_stream().read() == b"hello"


def test_an_encoding_is_metadata_and_says_nothing_about_the_content(
    any_client: CosS3Client, cos: CosBackend, videos: str
) -> None:
    cos.put(videos, "a.mp4", b"no gzip at all", {"content-encoding": "gzip"})

    head = any_client.head_object(Bucket=videos, Key="a.mp4")
    got = any_client.get_object(Bucket=videos, Key="a.mp4")

    assert (head["Content-Encoding"], head["Content-Length"]) == ("gzip", "14")
    assert got["Body"].get_raw_stream().read() == b"no gzip at all"


def test_what_was_not_set_is_not_shown(client: CosS3Client, cos: CosBackend, videos: str) -> None:
    cos.put(videos, "a.mp4", b"hello")

    head = client.head_object(Bucket=videos, Key="a.mp4")

    assert head["Content-Type"] == "application/octet-stream"
    assert head.keys() == {
        "Content-Type",
        "Content-Length",
        "ETag",
        "Last-Modified",
        "x-cos-hash-crc64ecma",
        "Date",
        "Server",
        "x-cos-request-id",
    }


@pytest.mark.parametrize(
    ("storage_class", "shown"),
    [("STANDARD", None), ("ARCHIVE", "ARCHIVE"), ("INTELLIGENT_TIERING", "INTELLIGENT_TIERING")],
)
def test_the_storage_class_is_shown_unless_it_is_standard(
    client: CosS3Client, videos: str, storage_class: str, shown: str | None
) -> None:
    client.put_object(Bucket=videos, Key="a.mp4", Body=b"", StorageClass=storage_class)

    head = client.head_object(Bucket=videos, Key="a.mp4")

    assert head.get("x-cos-storage-class") == shown
    assert head.get("x-cos-storage-tier") == ("FREQUENT" if shown == "INTELLIGENT_TIERING" else None)


def test_forbid_overwrite_protects_what_is_there(
    client: CosS3Client, cos: CosBackend, videos: str, refused: Refused
) -> None:
    once = {"x-cos-forbid-overwrite": "true"}
    client.put_object(Bucket=videos, Key="claim", Body=b"first", Metadata=once)

    with refused(409, "FileAlreadyExists"):
        client.put_object(Bucket=videos, Key="claim", Body=b"second", Metadata=once)

    assert cos.get(videos, "claim").body == b"first"


@pytest.mark.parametrize("status", ["Enabled", "Suspended"])
def test_forbid_overwrite_is_without_effect_where_versions_were_ever_kept(
    client: CosS3Client, cos: CosBackend, versioned: str, status: str
) -> None:
    client.put_bucket_versioning(Bucket=versioned, Status=status)
    once = {"x-cos-forbid-overwrite": "true"}
    client.put_object(Bucket=versioned, Key="claim", Body=b"first", Metadata=once)

    client.put_object(Bucket=versioned, Key="claim", Body=b"second", Metadata=once)

    assert cos.get(versioned, "claim").body == b"second"


def test_user_metadata_fills_two_kilobytes_and_no_more(client: CosS3Client, videos: str, refused: Refused) -> None:
    name = "x-cos-meta-note"
    client.put_object(Bucket=videos, Key="a", Body=b"", Metadata={name: "x" * (2048 - len(name))})

    with refused(400, "InvalidArgument"):
        client.put_object(Bucket=videos, Key="a", Body=b"", Metadata={name: "x" * (2049 - len(name))})


def test_metadata_names_with_an_underscore_are_lost(client: CosS3Client, videos: str) -> None:
    client.put_object(Bucket=videos, Key="a", Body=b"", Metadata={"x-cos-meta-a_b": "1", "x-cos-meta-a-b": "2"})

    head = client.head_object(Bucket=videos, Key="a")

    assert {name: value for name, value in head.items() if "meta" in name} == {"x-cos-meta-a-b": "2"}


def test_a_digest_that_is_not_the_bodys_is_refused(client: CosS3Client, videos: str, refused: Refused) -> None:
    client.put_object(Bucket=videos, Key="a", Body=b"hello", EnableMD5=True)

    with refused(400, "BadDigest"):
        client.put_object(Bucket=videos, Key="a", Body=b"hello", ContentMD5="AAAAAAAAAAAAAAAAAAAAAA==")


def test_kms_encryption_shows_its_key_and_hides_the_md5(client: CosS3Client, videos: str) -> None:
    for key in ("a", "b"):
        client.put_object(Bucket=videos, Key=key, Body=b"hello", ServerSideEncryption="cos/kms", SSEKMSKeyId="k1")

    first, second = (client.head_object(Bucket=videos, Key=key) for key in ("a", "b"))

    assert first["x-cos-server-side-encryption"] == "cos/kms"
    assert first["x-cos-server-side-encryption-cos-kms-key-id"] == "k1"
    assert len({ETAG, first["ETag"], second["ETag"]}) == 3
    assert first["x-cos-hash-crc64ecma"] == second["x-cos-hash-crc64ecma"]


def test_a_customers_key_is_needed_to_read(client: CosS3Client, videos: str, refused: Refused) -> None:
    client.put_object(Bucket=videos, Key="a", Body=b"hello", **SSE_C)

    assert client.get_object(Bucket=videos, Key="a", **SSE_C)["Body"].get_raw_stream().read() == b"hello"
    with refused(400, "SsecDecryptHeaderInvalid"):
        client.get_object(Bucket=videos, Key="a")
    with refused(400, None):
        client.head_object(Bucket=videos, Key="a")


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({"StorageClass": "GLACIER"}, "NotSupportedStorageClass"),
        ({"ACL": "public"}, "InvalidArgument"),
        ({"GrantRead": "amy"}, "InvalidArgument"),
        ({"ServerSideEncryption": "rot13"}, "InvalidArgument"),
        ({**SSE_C, "SSECustomerKeyMD5": "AAAA"}, "InvalidArgument"),
        ({**SSE_C, "SSECustomerKey": "!"}, "InvalidArgument"),
        ({"Tagging": "a=%23"}, "InvalidTag"),
    ],
)
def test_headers_that_make_no_sense_are_refused(
    client: CosS3Client, cos: CosBackend, videos: str, refused: Refused, header: dict[str, str], code: str
) -> None:
    with refused(400, code):
        client.put_object(Bucket=videos, Key="a", Body=b"", **header)

    assert cos.keys(videos) == []


def test_a_deleted_object_is_gone_and_deleting_it_again_is_no_error(
    client: CosS3Client, cos: CosBackend, videos: str, refused: Refused
) -> None:
    cos.put(videos, "a", b"")

    client.delete_object(Bucket=videos, Key="a")
    client.delete_object(Bucket=videos, Key="a")

    with refused(404, "NoSuchKey"):
        client.get_object(Bucket=videos, Key="a")


def test_a_bucket_answers_in_its_own_region_only(connect: Connect, videos: str, refused: Refused) -> None:
    with refused(404, "NoSuchBucket"):
        connect(region="ap-shanghai").get_object(Bucket=videos, Key="a")
    with refused(404, "NoSuchBucket"):
        connect().get_object(Bucket="nobody-1250000000", Key="a")


def test_dates_have_whole_seconds(client: CosS3Client, cloud: FakeCloud, cos: CosBackend, videos: str) -> None:
    cloud.advance(1.9)
    stored = cos.put(videos, "a", b"")
    cloud.advance(1.9)

    head = client.head_object(Bucket=videos, Key="a")

    assert stored.last_modified == float(int(stored.last_modified))
    assert head["Last-Modified"] == "Thu, 01 Jan 2026 00:00:01 GMT"
    assert head["Date"] == "Thu, 01 Jan 2026 00:00:03 GMT"


def test_a_locked_object_is_neither_overwritten_nor_deleted(
    client: CosS3Client, cos: CosBackend, videos: str, refused: Refused
) -> None:
    cos.put(videos, "a", b"kept", lock=Lock.LOCKED)

    with refused(409, "ObjectLocked"):
        client.put_object(Bucket=videos, Key="a", Body=b"new")
    with refused(409, "ObjectLocked"):
        client.delete_object(Bucket=videos, Key="a")
    assert cos.get(videos, "a").body == b"kept"


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (Fault.ERROR_503, 503, "SlowDown"),
        (Fault.ERROR_429, 429, "TooManyRequests"),
        (Fault.ERROR_403, 403, "AccessDenied"),
    ],
)
def test_an_error_that_was_ordered_looks_like_the_services_own(
    client: CosS3Client, cloud: FakeCloud, refused: Refused, fault: Fault, status: int, code: str
) -> None:
    cloud.faults.on("GetObject", fault)

    with refused(status, code):
        client.get_object(Bucket="videos-1250000000", Key="a")
