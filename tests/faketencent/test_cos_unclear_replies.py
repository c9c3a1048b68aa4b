"""Where COS's pages say nothing or buckets differ: what a test can choose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.cos.downloads import ForcedDownload
from faketencent.cos.models import MixedAcl

if TYPE_CHECKING:
    from qcloud_cos import CosS3Client

    from faketencent.cos import CosBackend, StoredObject
    from tests.faketencent.conftest import Refused

#: Says the same on every Python.
pytestmark = pytest.mark.once

GRANT = 'id="100000000002"'
DISPOSITION = 'inline; filename="a.mp4"'


@pytest.fixture
def shown(cos: CosBackend, videos: str) -> str:
    """A bucket with an object that wants to be shown, not downloaded."""
    cos.put(videos, "a.mp4", b"hello", {"content-disposition": DISPOSITION})
    return videos


@pytest.mark.parametrize(
    ("forced", "on_head", "on_get"),
    [
        (ForcedDownload.NEVER, False, False),
        (ForcedDownload.ON_GET, False, True),
        (ForcedDownload.ALWAYS, True, True),
    ],
)
def test_a_bucket_may_force_downloads(
    any_client: CosS3Client, cos: CosBackend, shown: str, forced: ForcedDownload, on_head: bool, on_get: bool
) -> None:
    cos.bucket(shown).forced_download = forced

    head = any_client.head_object(Bucket=shown, Key="a.mp4")
    got = any_client.get_object(Bucket=shown, Key="a.mp4")

    for reply, is_forced in ((head, on_head), (got, on_get)):
        assert reply["Content-Disposition"] == ("attachment" if is_forced else DISPOSITION)
        assert reply.get("x-cos-force-download") == ("true" if is_forced else None)


def test_a_forced_download_is_not_kept_with_the_object(client: CosS3Client, cos: CosBackend, shown: str) -> None:
    cos.bucket(shown).forced_download = ForcedDownload.ALWAYS
    source = {"Bucket": shown, "Key": "a.mp4", "Region": "ap-beijing"}

    client.copy_object(Bucket=shown, Key="b.mp4", CopySource=source)

    assert cos.get(shown, "b.mp4").headers == {"content-disposition": DISPOSITION}


def test_what_a_request_wants_does_not_count_against_it(client: CosS3Client, cos: CosBackend, shown: str) -> None:
    cos.bucket(shown).forced_download = ForcedDownload.ON_GET

    got = client.get_object(Bucket=shown, Key="a.mp4", ResponseContentDisposition="inline")

    assert got["Content-Disposition"] == "attachment"


def copy_with(client: CosS3Client, source: StoredObject, **acl: str) -> None:
    named = {"Bucket": source.bucket, "Key": source.key, "Region": "ap-beijing"}
    client.copy_object(Bucket=source.bucket, Key=source.key, CopySource=named, CopyStatus="Replaced", **acl)


def test_a_canned_acl_and_grants_may_be_combined(
    any_client: CosS3Client, cos: CosBackend, source: StoredObject
) -> None:
    copy_with(any_client, source, ACL="public-read", GrantRead=GRANT)

    assert len(cos.get(source.bucket, source.key).acl.grants or ()) == 2


def test_or_the_two_together_are_refused(
    any_client: CosS3Client, cos: CosBackend, source: StoredObject, refused: Refused
) -> None:
    cos.mixed_acl = MixedAcl.REFUSED

    with refused(400, "InvalidArgument"):
        copy_with(any_client, source, ACL="public-read", GrantRead=GRANT)

    assert cos.get(source.bucket, source.key) is source


@pytest.mark.parametrize("acl", [{}, {"ACL": "public-read"}, {"GrantRead": GRANT}])
def test_but_each_alone_is_taken(
    client: CosS3Client, cos: CosBackend, source: StoredObject, acl: dict[str, str]
) -> None:
    cos.mixed_acl = MixedAcl.REFUSED

    copy_with(client, source, **acl)

    assert len(cos.get(source.bucket, source.key).acl.grants or ()) == len(acl)
