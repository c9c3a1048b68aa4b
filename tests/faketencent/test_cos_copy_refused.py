"""PUT Object - Copy: when it is refused.

https://cloud.tencent.com/document/product/436/10881
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.cos.models import Cause
from faketencent.cos.objects import Lock
from faketencent.cos.storage import Tier

if TYPE_CHECKING:
    from qcloud_cos import CosS3Client

    from faketencent.cloud import FakeCloud
    from faketencent.cos import CosBackend, StoredObject
    from tests.faketencent.conftest import Copy, Refused

#: Says the same on every Python.
pytestmark = pytest.mark.once

OTHER_ETAG = '"00000000000000000000000000000000"'
LATER, EARLIER = "Fri, 02 Jan 2026 00:00:00 GMT", "Wed, 31 Dec 2025 00:00:00 GMT"
NOW = "Thu, 01 Jan 2026 00:00:00 GMT"


@pytest.mark.parametrize(
    ("conditions", "holds"),
    [
        ({"IfMatch": "same"}, True),
        ({"IfMatch": OTHER_ETAG}, False),
        ({"IfNoneMatch": "same"}, False),
        ({"IfNoneMatch": OTHER_ETAG}, True),
        ({"IfModifiedSince": EARLIER}, True),
        ({"IfModifiedSince": NOW}, False),
        ({"IfUnmodifiedSince": NOW}, True),
        ({"IfUnmodifiedSince": EARLIER}, False),
        ({"IfMatch": "same", "IfUnmodifiedSince": LATER}, True),
        ({"IfMatch": "same", "IfUnmodifiedSince": EARLIER}, False),
    ],
)
def test_conditions_on_the_source(
    copy: Copy, cos: CosBackend, source: StoredObject, refused: Refused,
    conditions: dict[str, str], holds: bool,
) -> None:  # fmt: skip
    sent = {f"CopySource{name}": source.etag if value == "same" else value for name, value in conditions.items()}

    if holds:
        copy(**sent)
    else:
        with refused(412, "PreconditionFailed"):
            copy(**sent)
        assert cos.get(source.bucket, source.key) is source


def test_a_change_within_the_same_second_does_not_fail_a_condition_on_the_date(
    copy: Copy, cos: CosBackend, cloud: FakeCloud, source: StoredObject
) -> None:
    cloud.advance(0.9)
    cos.put(source.bucket, source.key, b"other")

    copy(CopySourceIfUnmodifiedSince=NOW)

    assert cos.get(source.bucket, source.key).body == b"other"


def test_an_archived_source_must_be_restored_first(
    copy: Copy, cos: CosBackend, cloud: FakeCloud, source: StoredObject,
    refused: Refused,
) -> None:  # fmt: skip
    archived = cos.put(source.bucket, source.key, b"hello", {"x-cos-storage-class": "ARCHIVE"})
    with refused(403, "InvalidObjectState"):
        copy(StorageClass="ARCHIVE")

    cos.restore(archived, Tier.EXPEDITED, 1, Cause("Post"))
    cloud.advance(300)

    copy(StorageClass="ARCHIVE")


@pytest.mark.parametrize("storage_class", ["MAZ_STANDARD", "MAZ_STANDARD_IA"])
def test_multi_az_classes_are_copied_to_themselves_only(
    copy: Copy, cos: CosBackend, source: StoredObject, refused: Refused,
    storage_class: str,
) -> None:  # fmt: skip
    cos.put(source.bucket, source.key, b"hello", {"x-cos-storage-class": storage_class})

    with refused(400, "NotSupportedStorageClass"):
        copy()
    copy(StorageClass=storage_class)


def test_a_locked_target_is_not_overwritten(
    copy: Copy, cos: CosBackend, source: StoredObject, refused: Refused
) -> None:
    cos.change(source, lock=Lock.LOCKED)

    with refused(409, "ObjectLocked"):
        copy()


def test_forbid_overwrite_stops_a_copy_too(copy: Copy, refused: Refused) -> None:
    once = {"x-cos-forbid-overwrite": "true"}
    copy("once", Metadata=once)

    with refused(409, "FileAlreadyExists"):
        copy("once", Metadata=once)


def test_the_metadata_of_a_copy_has_the_same_limit(copy: Copy, refused: Refused) -> None:
    with refused(400, "InvalidArgument"):
        copy(Metadata={"x-cos-meta-note": "x" * 2048})


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"Key": "none"}, 404, "NoSuchCopySource"),
        ({"Bucket": "nobody-1250000000"}, 404, "NoSuchBucket"),
        ({"Region": "ap-shanghai"}, 404, "NoSuchBucket"),
        ({"VersionId": "none"}, 404, "NoSuchVersion"),
    ],
)
def test_a_source_that_is_not_there(
    client: CosS3Client, source: StoredObject, refused: Refused,
    changed: dict[str, str], status: int, code: str,
) -> None:  # fmt: skip
    named = {"Bucket": source.bucket, "Key": source.key, "Region": "ap-beijing", **changed}

    with refused(status, code):
        client.copy_object(Bucket=source.bucket, Key="copy", CopySource=named)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({"x-cos-copy-source": "/videos-1250000000/a"}, "InvalidCopySource"),
        ({"x-cos-tagging-directive": "Keep"}, "InvalidArgument"),
    ],
)
def test_headers_of_a_copy_that_make_no_sense(
    client: CosS3Client, source: StoredObject, refused: Refused, header: dict[str, str], code: str
) -> None:
    named = {"x-cos-copy-source": f"{source.bucket}.cos.ap-beijing.myqcloud.com/a%20b%2Bc/%E7%89%87.mp4"}

    with refused(400, code):
        client.put_object(Bucket=source.bucket, Key="copy", Body=b"", Metadata={**named, **header})
