"""INTELLIGENT_TIERING: tiers, and the way back from an archive tier."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.cos.tiers import AccessTier

if TYPE_CHECKING:
    from qcloud_cos import CosS3Client

    from faketencent.cloud import FakeCloud
    from faketencent.cos import CosBackend, ObjectEvent
    from tests.faketencent.conftest import Refused

#: Says the same on every Python.
pytestmark = pytest.mark.once

ARCHIVES = [AccessTier.ARCHIVE, AccessTier.DEEP_ARCHIVE]
STANDARD = {"CASJobParameters": {"Tier": "Standard"}}
HOUR, DAY = 3600, 86400


@pytest.fixture
def tiered(cos: CosBackend, videos: str) -> str:
    """A bucket with `a.mp4` in INTELLIGENT_TIERING."""
    cos.put(videos, "a.mp4", b"hello", {"x-cos-storage-class": "INTELLIGENT_TIERING"})
    return videos


@pytest.mark.parametrize("tier", AccessTier)
def test_head_and_listings_name_the_tier(
    any_client: CosS3Client, cos: CosBackend, tiered: str, tier: AccessTier
) -> None:
    cos.set_tier(tiered, "a.mp4", tier)

    head = any_client.head_object(Bucket=tiered, Key="a.mp4")
    listed = any_client.list_objects(Bucket=tiered)["Contents"][0]

    assert (head["x-cos-storage-class"], head["x-cos-storage-tier"]) == ("INTELLIGENT_TIERING", tier.value)
    assert listed["StorageTier"] == tier.value
    assert "x-cos-restore" not in head


@pytest.mark.parametrize("tier", [AccessTier.FREQUENT, AccessTier.INFREQUENT])
def test_the_first_two_tiers_are_read_like_any_object(
    client: CosS3Client, cos: CosBackend, tiered: str, tier: AccessTier
) -> None:
    cos.set_tier(tiered, "a.mp4", tier)

    assert client.get_object(Bucket=tiered, Key="a.mp4")["x-cos-storage-tier"] == tier.value


@pytest.mark.parametrize("tier", ARCHIVES)
def test_the_archive_tiers_are_neither_read_nor_copied(
    any_client: CosS3Client, cos: CosBackend, tiered: str, refused: Refused, tier: AccessTier
) -> None:
    cos.set_tier(tiered, "a.mp4", tier)
    source = {"Bucket": tiered, "Key": "a.mp4", "Region": "ap-beijing"}

    with refused(403, "InvalidObjectState"):
        any_client.get_object(Bucket=tiered, Key="a.mp4")
    with refused(403, "InvalidObjectState"):
        any_client.copy_object(Bucket=tiered, Key="a.mp4", CopySource=source, CopyStatus="Replaced")
    upload = any_client.create_multipart_upload(Bucket=tiered, Key="b.mp4")["UploadId"]
    with refused(403, "InvalidObjectState"):
        any_client.upload_part_copy(Bucket=tiered, Key="b.mp4", PartNumber=1, UploadId=upload, CopySource=source)


@pytest.mark.parametrize(("tier", "hours"), [(AccessTier.ARCHIVE, 5), (AccessTier.DEEP_ARCHIVE, 24)])
def test_restored_it_is_back_in_the_first_tier_for_good(
    any_client: CosS3Client, cos: CosBackend, tiered: str, refused: Refused, tier: AccessTier, hours: int
) -> None:
    # given
    cos.set_tier(tiered, "a.mp4", tier)

    # when
    any_client.restore_object(Bucket=tiered, Key="a.mp4", RestoreRequest=STANDARD)

    # then
    head = any_client.head_object(Bucket=tiered, Key="a.mp4")
    assert (head["x-cos-storage-tier"], head["x-cos-restore"]) == (tier.value, 'ongoing-request="true"')
    assert any_client.list_objects(Bucket=tiered)["Contents"][0]["RestoreStatus"] == "ONGOING"
    with refused(409, "RestoreAlreadyInProgress"):
        any_client.restore_object(Bucket=tiered, Key="a.mp4", RestoreRequest=STANDARD)
    cos.clock.advance(hours * HOUR - 1)
    with refused(403, "InvalidObjectState"):
        any_client.get_object(Bucket=tiered, Key="a.mp4")

    # and then, months later too
    for passed in (1, 100 * DAY):
        cos.clock.advance(passed)
        head = any_client.head_object(Bucket=tiered, Key="a.mp4")
        assert head["x-cos-storage-tier"] == "FREQUENT"
        assert not {"x-cos-restore", "x-cos-restore-status"} & set(head)
        assert "RestoreStatus" not in any_client.list_objects(Bucket=tiered)["Contents"][0]
        assert any_client.get_object(Bucket=tiered, Key="a.mp4")["Content-Length"] == "5"


def test_days_may_be_sent_and_mean_nothing(client: CosS3Client, cos: CosBackend, tiered: str) -> None:
    cos.set_tier(tiered, "a.mp4", AccessTier.ARCHIVE)

    client.restore_object(Bucket=tiered, Key="a.mp4", RestoreRequest={"Days": 1, **STANDARD})
    cos.clock.advance(10 * DAY)

    assert client.head_object(Bucket=tiered, Key="a.mp4")["x-cos-storage-tier"] == "FREQUENT"


def test_an_archive_class_is_not_restored_without_days(
    client: CosS3Client, cos: CosBackend, videos: str, refused: Refused
) -> None:
    cos.put(videos, "a.mp4", b"hello", {"x-cos-storage-class": "ARCHIVE"})

    with refused(400, "MalformedXML"):
        client.restore_object(Bucket=videos, Key="a.mp4", RestoreRequest=STANDARD)


def test_it_can_get_into_an_archive_tier_again(
    client: CosS3Client, cos: CosBackend, tiered: str, refused: Refused
) -> None:
    cos.set_tier(tiered, "a.mp4", AccessTier.ARCHIVE)
    client.restore_object(Bucket=tiered, Key="a.mp4", RestoreRequest=STANDARD)
    cos.clock.advance(DAY)

    cos.set_tier(tiered, "a.mp4", AccessTier.DEEP_ARCHIVE)

    with refused(403, "InvalidObjectState"):
        client.get_object(Bucket=tiered, Key="a.mp4")


@pytest.mark.parametrize(
    ("tier", "refusal"),
    [
        (AccessTier.FREQUENT, (405, "RestoreNonArchiveObject")),
        (AccessTier.INFREQUENT, (405, "RestoreNonArchiveObject")),
        (AccessTier.DEEP_ARCHIVE, (400, "InvalidArgument")),
    ],
)
def test_what_cannot_be_restored_at_once(
    client: CosS3Client, cos: CosBackend, tiered: str, refused: Refused, tier: AccessTier, refusal: tuple[int, str]
) -> None:
    cos.set_tier(tiered, "a.mp4", tier)

    with refused(*refusal):
        client.restore_object(Bucket=tiered, Key="a.mp4", RestoreRequest={"CASJobParameters": {"Tier": "Expedited"}})


def test_a_way_down_is_told_to_nobody_and_a_way_back_twice(
    client: CosS3Client, cloud: FakeCloud, cos: CosBackend, tiered: str
) -> None:
    # given
    cloud.settle()
    heard: list[ObjectEvent] = []
    cos.listeners.append(heard.append)
    before = cos.get(tiered, "a.mp4")

    # when
    moved = cos.set_tier(tiered, "a.mp4", AccessTier.ARCHIVE)
    cloud.settle()

    # then
    assert heard == []
    assert (moved.last_modified, moved.etag, moved.headers) == (before.last_modified, before.etag, before.headers)

    # and when
    client.restore_object(Bucket=tiered, Key="a.mp4", RestoreRequest=STANDARD)
    cloud.advance(5 * HOUR)

    # then
    assert [event.name for event in heard] == ["cos:ObjectRestore:Post", "cos:ObjectRestore:Completed"]


def test_a_copy_onto_itself_begins_in_the_first_tier(client: CosS3Client, cos: CosBackend, tiered: str) -> None:
    cos.set_tier(tiered, "a.mp4", AccessTier.INFREQUENT)

    client.copy_object(
        Bucket=tiered, Key="a.mp4", CopySource={"Bucket": tiered, "Key": "a.mp4", "Region": "ap-beijing"},
        CopyStatus="Replaced", StorageClass="INTELLIGENT_TIERING", CopySourceIfMatch=cos.get(tiered, "a.mp4").etag,
    )  # fmt: skip

    assert client.head_object(Bucket=tiered, Key="a.mp4")["x-cos-storage-tier"] == "FREQUENT"


def test_other_classes_have_no_tiers(cos: CosBackend, hello: str) -> None:
    with pytest.raises(ValueError, match="no tiers"):
        cos.set_tier(hello, "a.mp4", AccessTier.ARCHIVE)
