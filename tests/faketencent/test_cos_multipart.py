"""Multipart uploads, their own parts and parts copied from elsewhere."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from faketencent.cos.checksums import crc64
from faketencent.cos.multipart import SMALLEST_PART

if TYPE_CHECKING:
    from qcloud_cos import CosS3Client

    from faketencent.cos import CosBackend
    from tests.faketencent.conftest import Refused

#: Says the same on every Python.
pytestmark = pytest.mark.once

BIG = bytes(SMALLEST_PART)


@pytest.fixture
def upload_id(client: CosS3Client, videos: str) -> str:
    started = client.create_multipart_upload(
        Bucket=videos, Key="a", ContentType="video/mp4", StorageClass="STANDARD_IA", ACL="public-read",
        Metadata={"x-cos-meta-owner": "amy"},
    )  # fmt: skip
    return str(started["UploadId"])


def part(client: CosS3Client, bucket: str, upload_id: str, number: int, body: bytes) -> dict[str, str]:
    sent = client.upload_part(Bucket=bucket, Key="a", Body=body, PartNumber=number, UploadId=upload_id)
    return {"PartNumber": str(number), "ETag": sent["ETag"]}


def complete(client: CosS3Client, bucket: str, upload_id: str, *parts: dict[str, str]) -> dict[str, str]:
    reply: dict[str, str] = client.complete_multipart_upload(
        Bucket=bucket, Key="a", UploadId=upload_id, MultipartUpload={"Part": list(parts)}
    )
    return reply


def test_parts_become_one_object_with_what_was_said_at_the_start(
    client: CosS3Client, cos: CosBackend, videos: str, upload_id: str
) -> None:
    # when
    parts = [part(client, videos, upload_id, 1, BIG), part(client, videos, upload_id, 2, b"end")]
    assert cos.keys(videos) == []
    reply = complete(client, videos, upload_id, *parts)

    # then
    digests = b"".join(hashlib.md5(body, usedforsecurity=False).digest() for body in (BIG, b"end"))
    assert reply["ETag"] == f'"{hashlib.md5(digests, usedforsecurity=False).hexdigest()}-2"'
    assert reply["x-cos-hash-crc64ecma"] == crc64(BIG + b"end")
    stored = cos.get(videos, "a")
    assert stored.body == BIG + b"end"
    assert stored.headers == {"content-type": "video/mp4", "x-cos-meta-owner": "amy"}
    assert stored.storage_class.value == "STANDARD_IA"
    assert stored.acl.public


def test_parts_may_be_sent_twice_and_in_any_order(
    client: CosS3Client, cos: CosBackend, videos: str, upload_id: str
) -> None:
    last = part(client, videos, upload_id, 7, b"end")
    part(client, videos, upload_id, 3, b"a mistake")
    first = part(client, videos, upload_id, 3, BIG)

    complete(client, videos, upload_id, first, last)

    assert cos.get(videos, "a").body == BIG + b"end"


def test_parts_are_copied_from_another_object(
    client: CosS3Client, cos: CosBackend, videos: str, upload_id: str
) -> None:
    # given
    cos.put(videos, "source", BIG + b"0123456789")
    source = {"Bucket": videos, "Key": "source", "Region": "ap-beijing"}

    # when
    copied = []
    for number, wanted in ((1, f"bytes=0-{len(BIG) - 1}"), (2, f"bytes={len(BIG) + 2}-{len(BIG) + 4}")):
        reply = client.upload_part_copy(
            Bucket=videos, Key="a", PartNumber=number, UploadId=upload_id, CopySource=source,
            CopySourceRange=wanted,
        )  # fmt: skip
        copied.append({"PartNumber": str(number), "ETag": reply["ETag"]})
    complete(client, videos, upload_id, *copied)

    # then
    assert cos.get(videos, "a").body == BIG + b"234"


def test_the_sdks_own_ways_to_upload_in_parts(client: CosS3Client, cos: CosBackend, videos: str) -> None:
    content = BIG + BIG + b"end"

    client.upload_file_from_buffer(Bucket=videos, Key="a", Body=BytesIO(content), PartSize=1, MAXThread=1)

    assert cos.get(videos, "a").body == content
    assert cos.get(videos, "a").etag.endswith('-3"')


def test_parts_are_listed_a_page_at_a_time(client: CosS3Client, videos: str, upload_id: str) -> None:
    for number in (1, 2, 3):
        part(client, videos, upload_id, number, b"x" * number)

    first = client.list_parts(Bucket=videos, Key="a", UploadId=upload_id, MaxParts=2)
    rest = client.list_parts(Bucket=videos, Key="a", UploadId=upload_id, PartNumberMarker=first["NextPartNumberMarker"])

    assert [p["PartNumber"] for p in first["Part"]] == ["1", "2"]
    assert first["IsTruncated"] == "true"
    assert [p["Size"] for p in rest["Part"]] == ["3"]
    assert rest["IsTruncated"] == "false"


def test_uploads_in_progress_are_listed(client: CosS3Client, videos: str, upload_id: str) -> None:
    uploads = client.list_multipart_uploads(Bucket=videos, Prefix="a")["Upload"]

    assert [(u["Key"], u["UploadId"]) for u in uploads] == [("a", upload_id)]
    assert "Upload" not in client.list_multipart_uploads(Bucket=videos, Prefix="b")


def test_an_aborted_upload_is_gone(
    client: CosS3Client, cos: CosBackend, videos: str, upload_id: str, refused: Refused
) -> None:
    sent = part(client, videos, upload_id, 1, b"x")

    client.abort_multipart_upload(Bucket=videos, Key="a", UploadId=upload_id)

    with refused(404, "NoSuchUpload"):
        complete(client, videos, upload_id, sent)
    assert cos.keys(videos) == []


def test_an_upload_is_completed_once(client: CosS3Client, videos: str, upload_id: str, refused: Refused) -> None:
    sent = part(client, videos, upload_id, 1, b"x")
    complete(client, videos, upload_id, sent)

    with refused(404, "NoSuchUpload"):
        complete(client, videos, upload_id, sent)


def test_lists_of_parts_that_are_refused(client: CosS3Client, videos: str, upload_id: str, refused: Refused) -> None:
    one, two = part(client, videos, upload_id, 1, b"small"), part(client, videos, upload_id, 2, b"end")

    with refused(400, "InvalidPartOrder"):
        complete(client, videos, upload_id, two, one)
    with refused(400, "InvalidPart"):
        complete(client, videos, upload_id, {**one, "ETag": two["ETag"]})
    with refused(400, "InvalidPart"):
        complete(client, videos, upload_id, {**one, "PartNumber": "3"})
    with refused(400, "EntityTooSmall"):
        complete(client, videos, upload_id, one, two)
    with refused(400, "MalformedXML"):
        complete(client, videos, upload_id, {"PartNumber": "one", "ETag": one["ETag"]})


@pytest.mark.parametrize("number", [0, 10_001])
def test_part_numbers_have_limits(
    client: CosS3Client, videos: str, upload_id: str, refused: Refused, number: int
) -> None:
    with refused(400, "InvalidArgument"):
        part(client, videos, upload_id, number, b"x")
