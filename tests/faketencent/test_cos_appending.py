"""APPEND Object: https://cloud.tencent.com/document/product/436/7741."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

from faketencent.cos.objects import ObjectType

if TYPE_CHECKING:
    from qcloud_cos import CosS3Client

    from faketencent.cloud import FakeCloud
    from faketencent.cos import CosBackend, ObjectEvent
    from tests.faketencent.conftest import Refused

#: Says the same on every Python.
pytestmark = pytest.mark.once


@pytest.fixture
def recording(cos: CosBackend, videos: str) -> str:
    """A bucket with an appendable object: `a.flv`, which has five bytes."""
    cos.append(videos, "a.flv", b"hello", {"content-type": "video/x-flv"})
    return videos


def test_an_object_grows_by_what_is_appended(any_client: CosS3Client, videos: str) -> None:
    first = any_client.append_object(Bucket=videos, Key="a.flv", Position=0, Data=b"hel", ContentType="video/x-flv")
    second = any_client.append_object(Bucket=videos, Key="a.flv", Position=3, Data=b"lo")

    head = any_client.head_object(Bucket=videos, Key="a.flv")
    assert (first["x-cos-next-append-position"], second["x-cos-next-append-position"]) == ("3", "5")
    assert first["ETag"] != second["ETag"]
    assert head["ETag"] == second["ETag"]
    assert (head["Content-Length"], head["Content-Type"]) == ("5", "video/x-flv")
    assert any_client.get_object(Bucket=videos, Key="a.flv")["Body"].get_raw_stream().read() == b"hello"


def test_head_and_get_say_that_it_is_appendable_and_where_it_ends(client: CosS3Client, recording: str) -> None:
    for reply in (
        client.head_object(Bucket=recording, Key="a.flv"),
        client.get_object(Bucket=recording, Key="a.flv"),
    ):
        assert reply["x-cos-object-type"] == "appendable"
        assert reply["x-cos-next-append-position"] == "5"


def test_of_normal_objects_nothing_is_said(client: CosS3Client, hello: str) -> None:
    head = client.head_object(Bucket=hello, Key="a.mp4")

    assert not {"x-cos-object-type", "x-cos-next-append-position"} & set(head)


@pytest.mark.parametrize("position", [0, 4, 6])
def test_a_position_that_is_not_the_end_is_refused(
    client: CosS3Client, cos: CosBackend, recording: str, refused: Refused, position: int
) -> None:
    with refused(409, "AppendPositionErr"):
        client.append_object(Bucket=recording, Key="a.flv", Position=position, Data=b"!")

    assert cos.get(recording, "a.flv").body == b"hello"


def test_a_new_object_begins_at_its_beginning(client: CosS3Client, videos: str, refused: Refused) -> None:
    with refused(409, "AppendPositionErr"):
        client.append_object(Bucket=videos, Key="a.flv", Position=1, Data=b"!")


@pytest.mark.parametrize("position", ["", "end", "-1"])
def test_a_position_is_a_number(client: CosS3Client, videos: str, refused: Refused, position: str) -> None:
    with refused(400, "InvalidArgument"):
        client.append_object(Bucket=videos, Key="a.flv", Position=position, Data=b"!")


def test_a_normal_object_cannot_grow(any_client: CosS3Client, hello: str, refused: Refused) -> None:
    with refused(409, "ObjectNotAppendable"):
        any_client.append_object(Bucket=hello, Key="a.mp4", Position=5, Data=b"!")


def test_an_upload_makes_it_normal(client: CosS3Client, recording: str, refused: Refused) -> None:
    client.put_object(Bucket=recording, Key="a.flv", Body=b"hello")

    assert "x-cos-object-type" not in client.head_object(Bucket=recording, Key="a.flv")
    with refused(409, "ObjectNotAppendable"):
        client.append_object(Bucket=recording, Key="a.flv", Position=5, Data=b"!")


@pytest.mark.parametrize("status", ["Enabled", "Suspended"])
def test_nothing_is_appended_where_versions_were_ever_kept(
    client: CosS3Client, videos: str, refused: Refused, status: str
) -> None:
    client.put_bucket_versioning(Bucket=videos, Status="Enabled")
    client.put_bucket_versioning(Bucket=videos, Status=status)

    with refused(409, "InvalidBucketState"):
        client.append_object(Bucket=videos, Key="a.flv", Position=0, Data=b"hello")


@pytest.mark.parametrize("storage_class", ["INTELLIGENT_TIERING", "ARCHIVE", "MAZ_STANDARD"])
def test_classes_that_cannot_be_appended_to(
    client: CosS3Client, videos: str, refused: Refused, storage_class: str
) -> None:
    with refused(400, "NotSupportedStorageClass"):
        client.append_object(Bucket=videos, Key="a.flv", Position=0, Data=b"", StorageClass=storage_class)


@pytest.mark.parametrize(("key", "status"), [("a.flv", "Replaced"), ("b.flv", "Copy")])
def test_it_cannot_be_copied_not_even_onto_itself(
    any_client: CosS3Client, cos: CosBackend, recording: str, refused: Refused, key: str, status: str
) -> None:
    before = cos.get(recording, "a.flv")
    source = {"Bucket": recording, "Key": "a.flv", "Region": "ap-beijing"}

    with refused(400, "InvalidRequest"):
        any_client.copy_object(Bucket=recording, Key=key, CopySource=source, CopyStatus=status)

    assert cos.get(recording, "a.flv") is before
    assert cos.keys(recording) == ["a.flv"]


def test_it_cannot_be_copied_in_parts_either(client: CosS3Client, recording: str, refused: Refused) -> None:
    source = {"Bucket": recording, "Key": "a.flv", "Region": "ap-beijing"}
    upload = client.create_multipart_upload(Bucket=recording, Key="b.flv")["UploadId"]

    with refused(400, "InvalidRequest"):
        client.upload_part_copy(Bucket=recording, Key="b.flv", PartNumber=1, UploadId=upload, CopySource=source)


def test_every_appended_piece_is_an_event_of_its_own_kind(
    client: CosS3Client, cloud: FakeCloud, cos: CosBackend, videos: str
) -> None:
    heard: list[ObjectEvent] = []
    cos.listeners.append(heard.append)

    client.append_object(Bucket=videos, Key="a.flv", Position=0, Data=b"hel")
    client.append_object(Bucket=videos, Key="a.flv", Position=3, Data=b"lo")
    cloud.settle()

    assert [(event.name, event.object.size) for event in heard] == [
        ("cos:ObjectCreated:Append", 3),
        ("cos:ObjectCreated:Append", 5),
    ]


@pytest.mark.parametrize(("subscribed", "runs"), [("Append", 2), ("*", 3), ("Put", 1), ("CompleteMultipartUpload", 0)])
def test_a_function_is_told_of_it_if_it_asked_for_it(
    cloud: FakeCloud, cos: CosBackend, videos: str, subscribed: str, runs: int
) -> None:
    cloud.scf.backend.create_function("submit", lambda _, __: None)
    cloud.scf.backend.add_cos_trigger("submit", videos, f"cos:ObjectCreated:{subscribed}")

    cos.append(videos, "a.flv", b"hel")
    cos.append(videos, "a.flv", b"lo")
    cos.put(videos, "b.flv", b"hello")
    cloud.settle()

    assert len(cloud.scf.backend.invocations) == runs


def test_a_test_appends_without_a_request(cos: CosBackend, recording: str) -> None:
    grown = cos.append(recording, "a.flv", b" world")

    assert (grown.body, grown.kind) == (b"hello world", ObjectType.APPENDABLE)
    assert grown.headers == {"content-type": "video/x-flv"}


def test_no_lifecycle_rule_moves_it(cos: CosBackend, recording: str) -> None:
    with pytest.raises(ValueError, match="appendable"):
        cos.archive(recording, "a.flv")


def test_a_digest_that_is_not_the_pieces_is_refused(client: CosS3Client, videos: str, refused: Refused) -> None:
    with refused(400, "BadDigest"):
        client.append_object(
            Bucket=videos, Key="a.flv", Position=0, Data=b"hello", ContentMD5="1B2M2Y8AsgTpgAmY7PhCfg=="
        )


@pytest.mark.usefixtures("connect")
def test_the_first_piece_says_who_may_read_it(cos: CosBackend, videos: str) -> None:
    cos.append(videos, "a.flv", b"hel", {"x-cos-acl": "public-read"})
    cos.append(videos, "a.flv", b"lo", {"x-cos-acl": "private"})

    assert requests.get(f"https://{videos}.cos.ap-beijing.myqcloud.com/a.flv", timeout=1).content == b"hello"
