"""The doctor on the video buckets, the ledger bucket, and the videos."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.cos.acl import AUTHENTICATED_USERS, PRIVATE, PUBLIC_READ, Acl, Grant, Permission
from faketencent.cos.buckets import Versioning
from faketencent.cos.storage import Restoration, Tier
from faketencent.faults import Fault
from faketencent.wire import Reply
from ops.doctor import buckets, videos
from ops.doctor.finding import Verdict
from ops.doctor.replies import Listed
from ops.policies import Deployment, callback_policy
from tests.ops.clinic import allow, uploads
from tests.world import BUCKET, LEDGER, REGION

if TYPE_CHECKING:
    from tests.ops.clinic import Clinic

#: Says the same on every Python.
pytestmark = pytest.mark.once


class SixGigabytes(bytes):
    """A few bytes that say that they are many."""

    def __len__(self) -> int:
        return 6 * 1024**3


def test_a_bucket_in_the_region_passes(clinic: Clinic) -> None:
    assert clinic.ask_once(buckets.reachable).message == f"{BUCKET} is in {REGION}"


def test_a_bucket_elsewhere_fails(clinic: Clinic) -> None:
    clinic.options["chosen_region"] = "ap-shanghai"

    assert clinic.ask_once(buckets.reachable).verdict is Verdict.FAIL


def test_each_bucket_is_looked_at(clinic: Clinic) -> None:
    clinic.options["chosen_buckets"] = (BUCKET, "gone-1250000000")

    assert [finding.verdict for finding in clinic.ask(buckets.reachable)] == [Verdict.PASS, Verdict.FAIL]


def test_what_the_credentials_may_not_see_is_said_so(clinic: Clinic) -> None:
    clinic.use_role(allow())

    finding = clinic.ask_once(buckets.reachable)

    assert finding.verdict is Verdict.WARN
    assert finding.message.startswith("could not be checked: HEAD cos")
    assert "credentials that may look" in finding.advice


def test_a_bucket_without_versions_passes(clinic: Clinic) -> None:
    assert clinic.ask_once(buckets.versions).verdict is Verdict.PASS


def test_the_cost_of_versions_is_pointed_out(clinic: Clinic) -> None:
    clinic.world.cloud.cos.backend.bucket(BUCKET).set_versioning(Versioning.ENABLED)

    assert clinic.ask_once(buckets.versions).verdict is Verdict.WARN


def test_a_ledger_that_never_kept_versions_passes(clinic: Clinic) -> None:
    assert clinic.ask(buckets.ledger)[0].message == f"{LEDGER} is in {REGION} and never kept versions"


@pytest.mark.parametrize("state", [Versioning.ENABLED, Versioning.SUSPENDED])
def test_a_ledger_that_ever_did_fails(clinic: Clinic, state: Versioning) -> None:
    clinic.world.cloud.cos.backend.bucket(LEDGER).set_versioning(state)

    assert clinic.ask(buckets.ledger)[0].verdict is Verdict.FAIL


def test_a_ledger_that_is_not_there_fails_once(clinic: Clinic) -> None:
    clinic.configure(LEDGER_BUCKET="elsewhere-1250000000")

    finding = clinic.ask_once(buckets.ledger)

    assert finding.verdict is Verdict.FAIL
    assert f"does not exist in {REGION}" in finding.message


def test_who_may_not_see_the_acl_is_told_so(clinic: Clinic) -> None:
    clinic.use_role(allow("cos:HeadBucket", "cos:GetBucketVersioning"))

    versions, access = clinic.ask(buckets.ledger)

    assert (versions.verdict, access.verdict) == (Verdict.PASS, Verdict.WARN)


def test_a_ledger_in_another_region_is_not_there(clinic: Clinic) -> None:
    clinic.world.cloud.cos.backend.create_bucket("faraway-1250000000", "ap-shanghai")
    clinic.configure(LEDGER_BUCKET="faraway-1250000000")

    assert clinic.ask_once(buckets.ledger).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("acl", "verdict"),
    [
        (PUBLIC_READ, Verdict.FAIL),
        (Acl((Grant(AUTHENTICATED_USERS, Permission.READ),)), Verdict.FAIL),
        (Acl((Grant("qcs::cam::anyone:anyone", Permission.WRITE),)), Verdict.FAIL),
        (Acl((Grant("qcs::cam::uin/100000000002:uin/100000000002", Permission.READ),)), Verdict.PASS),
        (PRIVATE, Verdict.PASS),
    ],
)
def test_a_ledger_that_lets_strangers_in_fails(clinic: Clinic, acl: Acl, verdict: Verdict) -> None:
    clinic.world.cloud.cos.backend.bucket(LEDGER).acl = acl

    assert clinic.ask(buckets.ledger)[1].verdict is verdict


def test_the_callback_functions_own_policy_allows_the_self_copy(clinic: Clinic) -> None:
    deployment = Deployment(region=REGION, uin=clinic.world.cloud.cam.uin, buckets=(BUCKET,), ledger_bucket=LEDGER)
    clinic.use_role(callback_policy(deployment))

    assert clinic.ask_once(videos.self_copy).verdict is Verdict.PASS


@pytest.mark.parametrize("action", ["cos:GetObject", "cos:PutObject"])
def test_who_has_half_the_rights_to_copy_is_told_how_to_see_whether_the_role_may(clinic: Clinic, action: str) -> None:
    clinic.use_role(allow(action))

    finding = clinic.ask_once(videos.self_copy)

    assert finding.verdict is Verdict.WARN
    assert "temporary credentials of the role cos-watermark-callback" in finding.advice
    assert "cos-watermark policy callback" in finding.advice


def test_the_dry_copy_is_of_something_under_the_watched_prefix(clinic: Clinic) -> None:
    clinic.deploy(lambda inputs: [trigger["filter"].update(prefix="in/") for trigger in uploads(inputs)])

    clinic.ask_once(videos.self_copy)

    assert clinic.world.cloud.journal[-1].key.startswith("in/.cos-watermark-doctor/")


def test_a_dry_copy_that_nobody_answers_is_left_open(clinic: Clinic) -> None:
    clinic.world.cloud.faults.on("PutObjectCopy", Fault.TIMEOUT_BEFORE)

    assert clinic.ask_once(videos.self_copy).verdict is Verdict.WARN


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

    assert clinic.ask_once(videos.storage_class).verdict is Verdict.WARN
