"""The doctor on the videos: may results be written onto them, can they be, and whose are those that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.cos.replication import Rule
from faketencent.cos.storage import Restoration, Tier
from faketencent.faults import Fault
from faketencent.wire import Reply
from ops.doctor import videos
from ops.doctor.account import Account
from ops.doctor.finding import Verdict
from ops.doctor.replies import Listed
from ops.policies import Deployment, callback_policy
from tests.ops.clinic import allow, uploads
from tests.ops.deployment import STRONG_SECRET
from tests.world import BUCKET, LEDGER, REGION

if TYPE_CHECKING:
    from tests.ops.clinic import Clinic

#: Says the same on every Python.
pytestmark = pytest.mark.once

ANOTHER_SECRET = STRONG_SECRET[::-1]


class SixGigabytes(bytes):
    """A few bytes that say that they are many."""

    def __len__(self) -> int:
        return 6 * 1024**3


def test_the_callback_functions_own_policy_allows_the_self_copy(clinic: Clinic) -> None:
    deployment = Deployment(region=REGION, uin=clinic.world.cloud.cam.uin, buckets=(BUCKET,), ledger_bucket=LEDGER)
    clinic.use_role(callback_policy(deployment))

    assert clinic.ask_once(videos.self_copy).verdict is Verdict.PASS


@pytest.mark.parametrize("action", ["cos:GetObject", "cos:PutObject"])
def test_who_may_not_write_videos_is_told_that_the_roles_are_what_counts(clinic: Clinic, action: str) -> None:
    clinic.use_role(allow(action))

    finding = clinic.ask_once(videos.self_copy)

    assert finding.verdict is Verdict.PASS
    assert finding.message.startswith("not tried")


def test_the_dry_copy_is_of_something_under_the_watched_prefix(clinic: Clinic) -> None:
    clinic.deploy(lambda inputs: [trigger["filter"].update(prefix="in/") for trigger in uploads(inputs)])

    clinic.ask_once(videos.self_copy)

    assert clinic.world.cloud.journal[-1].key.startswith("in/.cos-watermark-doctor/")


def test_a_dry_copy_that_nobody_answers_is_left_open(clinic: Clinic) -> None:
    clinic.world.cloud.faults.on("PutObjectCopy", Fault.TIMEOUT_BEFORE)

    assert clinic.ask_once(videos.self_copy).verdict is Verdict.UNSEEN


def test_a_copy_of_nothing_that_succeeds_is_no_good_sign(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clinic.world.cloud.faults, "strike", lambda call, serve: Reply(200))  # noqa: ARG005 - its signature

    assert clinic.ask_once(videos.self_copy).verdict is Verdict.FAIL


def test_videos_that_can_be_written_onto_pass(clinic: Clinic) -> None:
    clinic.world.upload("notes.txt", b"not a video", {"x-cos-storage-class": "ARCHIVE"})

    finding = clinic.ask_once(videos.storage_class)

    assert finding.verdict is Verdict.PASS
    assert "all 1 videos" in finding.message


@pytest.mark.parametrize("storage_class", ["ARCHIVE", "DEEP_ARCHIVE"])
def test_archived_videos_are_counted(clinic: Clinic, storage_class: str) -> None:
    clinic.world.upload("old.MP4", b"video", {"x-cos-storage-class": storage_class})

    finding = clinic.ask_once(videos.storage_class)

    assert finding.verdict is Verdict.WARN
    assert "1 of the 2 videos" in finding.message


def test_what_is_left_out_is_not_counted(clinic: Clinic) -> None:
    clinic.configure(EXCLUDE="old.*")
    clinic.world.upload("old.mp4", b"video", {"x-cos-storage-class": "ARCHIVE"})

    finding = clinic.ask_once(videos.storage_class)

    assert finding.verdict is Verdict.PASS
    assert "all 1 videos" in finding.message


@pytest.mark.parametrize("tier", ["ARCHIVE", "DEEP_ARCHIVE"])
def test_an_archived_tier_is_out_of_reach_too_until_it_is_restored(tier: str) -> None:
    node = {"Key": "old.mp4", "Size": 1, "StorageClass": "INTELLIGENT_TIERING", "StorageTier": tier}

    assert Listed.model_validate(node).is_out_of_reach
    assert not Listed.model_validate({**node, "RestoreStatus": "DONE"}).is_out_of_reach
    assert not Listed.model_validate({**node, "StorageTier": "INFREQUENT"}).is_out_of_reach


def test_a_restored_one_can_be_written_onto(clinic: Clinic) -> None:
    stored = clinic.world.upload("old.mp4", b"video", {"x-cos-storage-class": "ARCHIVE"})
    now = clinic.world.cloud.clock.now()
    restoration = Restoration.of(stored.storage_class, Tier.EXPEDITED, 7, now - 3600)
    clinic.world.cloud.cos.backend.change(stored, restoration=restoration)

    assert clinic.ask_once(videos.storage_class).verdict is Verdict.PASS


def test_very_large_videos_are_counted(clinic: Clinic) -> None:
    clinic.world.upload("long.mp4", SixGigabytes(b"video"))

    finding = clinic.ask_once(videos.storage_class)

    assert finding.verdict is Verdict.WARN
    assert "more than 5 GB" in finding.message


def test_only_what_is_watched_is_looked_at(clinic: Clinic) -> None:
    clinic.world.upload("elsewhere/old.mp4", b"video", {"x-cos-storage-class": "ARCHIVE"})
    clinic.deploy(lambda inputs: [trigger["filter"].update(prefix="in/") for trigger in uploads(inputs)])

    finding = clinic.ask_once(videos.storage_class)

    assert finding.verdict is Verdict.PASS
    assert "no videos among the first 0 objects" in finding.message


def test_a_listing_that_cannot_be_read_is_left_open(clinic: Clinic) -> None:
    clinic.world.cloud.faults.on("GetBucket", Fault.MALFORMED, times=2)

    assert clinic.ask_once(videos.storage_class).verdict is Verdict.UNSEEN


def test_a_bucket_that_is_not_replicated_passes(clinic: Clinic) -> None:
    assert clinic.ask_once(videos.replication).verdict is Verdict.PASS


def test_a_bucket_that_is_replicated_is_pointed_out_with_the_secret(clinic: Clinic) -> None:
    store = clinic.world.cloud.cos.backend
    store.create_bucket("copies-1250000000", "ap-shanghai")
    store.bucket(BUCKET).replication.append(Rule("copies-1250000000"))

    finding = clinic.ask_once(videos.replication)

    assert finding.verdict is Verdict.WARN
    assert finding.message.startswith(f"{BUCKET} is replicated to copies-1250000000")
    assert "WATERMARK_SECRET" in finding.advice


def test_who_may_not_see_replication_is_told_so(clinic: Clinic) -> None:
    clinic.use_role(allow("cos:GetBucket"))

    assert clinic.ask_once(videos.replication).verdict is Verdict.UNSEEN


def test_our_own_seals_pass(clinic: Clinic) -> None:
    clinic.world.upload("notes.txt", b"no video")
    clinic.world.upload("new.mp4", b"no result yet")

    finding = clinic.ask_once(videos.seals)

    assert finding.verdict is Verdict.PASS
    assert "1 of 2 videos looked at have a seal" in finding.message


def test_a_seal_of_another_secret_is_pointed_out(clinic: Clinic) -> None:
    clinic.change_env(SECRET=ANOTHER_SECRET)

    finding = clinic.ask_once(videos.seals)

    assert finding.verdict is Verdict.WARN
    assert "1 of 1 videos looked at have a seal that this secret did not make" in finding.message


def test_a_seal_of_the_secret_before_the_rotation_is_ours(clinic: Clinic) -> None:
    clinic.change_env(SECRET=ANOTHER_SECRET, SECRET_PREVIOUS=STRONG_SECRET)

    assert clinic.ask_once(videos.seals).verdict is Verdict.PASS


def test_no_more_than_ten_objects_are_asked(clinic: Clinic) -> None:
    for number in range(12):
        clinic.world.upload(f"{number:02}.mp4", b"video")
    made = len(clinic.world.cloud.journal)

    clinic.ask_once(videos.seals)

    asked = [call.route.operation for call in list(clinic.world.cloud.journal)[made:]]
    assert asked == ["GetBucket", *["HeadObject"] * 10]


def test_an_object_that_goes_while_it_is_looked_at_is_left_out(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = Listed.model_validate({"Key": "gone.mp4", "Size": 1})
    monkeypatch.setattr(Account, "first_objects", lambda *_: [gone])

    assert clinic.ask_once(videos.seals).verdict is Verdict.PASS


def test_who_may_not_look_at_objects_is_told_so(clinic: Clinic) -> None:
    clinic.use_role(allow("cos:GetBucket"))

    assert clinic.ask_once(videos.seals).verdict is Verdict.UNSEEN
