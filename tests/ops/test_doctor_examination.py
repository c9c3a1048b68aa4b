"""The whole examination: complete, honest about what it did not see, and without any effect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from faketencent.cos.acl import PUBLIC_READ
from faketencent.cos.buckets import Versioning
from faketencent.faults import Fault
from ops.doctor.examination import AT_HOME, IN_THE_ACCOUNT
from ops.doctor.finding import Verdict
from tests.world import BUCKET, LEDGER

if TYPE_CHECKING:
    from faketencent.routes import Call
    from tests.ops.clinic import Clinic

#: Says the same on every Python.
pytestmark = pytest.mark.once

#: What COS, CI and TDMQ only read for, and a GET of the callback function, which does nothing but refuse it.
READING = {
    "DescribeMediaBuckets",
    "DescribeMediaJobs",
    "DescribeMediaQueues",
    "GetBucket",
    "GetBucketACL",
    "GetBucketVersioning",
    "HeadBucket",
}


def test_nothing_is_wrong_with_a_healthy_deployment(clinic: Clinic) -> None:
    examination = clinic.examine()

    assert [finding for finding in examination.findings if finding.verdict is not Verdict.PASS] == []
    assert examination.unchecked == ()


def test_whatever_is_wrong_comes_with_advice_and_what_is_right_without(clinic: Clinic) -> None:
    make_ill(clinic)

    examination = clinic.examine()

    assert examination.count(Verdict.FAIL)
    for finding in examination.findings:
        assert bool(finding.advice) is (finding.verdict is not Verdict.PASS), finding
        assert "\n" not in finding.message + finding.advice


def test_every_check_has_a_name_of_its_own() -> None:
    names = [check.name for check in (*AT_HOME, *IN_THE_ACCOUNT)]

    assert len(names) == len(set(names))


def test_without_credentials_what_is_on_this_machine_is_still_examined(clinic: Clinic) -> None:
    clinic.environment.clear()

    examination = clinic.examine()

    assert [finding.name for finding in examination.findings if finding.verdict is Verdict.FAIL] == ["credentials"]
    assert set(examination.unchecked) == {"credentials accepted", *(check.name for check in IN_THE_ACCOUNT)}


def test_refused_credentials_are_not_blamed_on_every_other_check(clinic: Clinic) -> None:
    clinic.environment["TENCENT_SECRET_KEY"] = "something-else"

    examination = clinic.examine()

    assert [f.name for f in examination.findings if f.verdict is not Verdict.PASS] == ["credentials accepted"]
    assert set(examination.unchecked) == {check.name for check in IN_THE_ACCOUNT}


def test_with_invalid_settings_only_what_does_not_need_them_is_examined(clinic: Clinic) -> None:
    clinic.configure(GIVE_UP_AFTER="soon")

    examination = clinic.examine()

    assert [finding.name for finding in examination.findings if finding.verdict is Verdict.FAIL] == ["settings"]
    assert "secret" in examination.unchecked


@pytest.mark.parametrize("fault", [fault for fault in Fault if not fault.name.startswith("KILL")])
@pytest.mark.parametrize("asked_before", [0, 1])
def test_whatever_the_cloud_answers_the_examination_comes_to_an_end(
    clinic: Clinic, fault: Fault, asked_before: int
) -> None:
    clinic.world.cloud.tdmq.backend.create_queue("results", "bj")
    clinic.configure(MQ_REGION="bj", MQ_NAME="results")
    clinic.world.cloud.faults.when(lambda _: True, fault, times=1000, skip=asked_before)

    examination = clinic.examine()

    names = {finding.name for finding in examination.findings} | set(examination.unchecked)
    assert names == {"credentials accepted", *(check.name for check in (*AT_HOME, *IN_THE_ACCOUNT))}
    assert [f.name for f in examination.findings if f.verdict is not Verdict.PASS]


@pytest.mark.parametrize("health", ["healthy", "ill"])
def test_nothing_is_changed(clinic: Clinic, health: str) -> None:
    cloud = clinic.world.cloud
    cloud.tdmq.backend.create_queue("results", "bj")
    cloud.tdmq.backend.send("results", "bj", "a callback")
    clinic.configure(MQ_REGION="bj", MQ_NAME="results")
    if health == "ill":
        make_ill(clinic)
    made, before = len(cloud.journal), state(clinic)

    clinic.examine()

    assert state(clinic) == before
    assert [call for call in list(cloud.journal)[made:] if not is_harmless(call)] == []


def make_ill(clinic: Clinic) -> None:
    cloud = clinic.world.cloud
    cloud.cos.backend.bucket(BUCKET).set_versioning(Versioning.ENABLED)
    clinic.world.upload("old.mp4", b"video", {"x-cos-storage-class": "ARCHIVE"})
    cloud.settle()
    cloud.ci.backend.unbind_bucket(BUCKET)
    cloud.cos.backend.bucket(LEDGER).acl = PUBLIC_READ
    clinic.configure(CALLBACK_URL="no", SECRET="a" * 32)
    clinic.options["chosen_timeout"] = 300


def state(clinic: Clinic) -> dict[str, Any]:
    """Everything there is in the cloud, and what is about to happen in it."""
    cloud = clinic.world.cloud
    buckets = [cloud.cos.backend.bucket(name) for name in (BUCKET, LEDGER)]
    return {
        "objects": {(bucket.name, key): bucket.versions(key) for bucket in buckets for key in bucket.known},
        "jobs": dict(cloud.ci.backend.jobs),
        "queues": dict(cloud.ci.backend.queues),
        "bound": dict(cloud.ci.backend.buckets),
        "callbacks": list(cloud.ci.backend.callbacks),
        "messages": cloud.tdmq.backend.queue("results", "bj").counts(),
        "log": clinic.world.log,
        "to come": cloud.clock.pending(),
    }


def is_harmless(call: Call) -> bool:
    operation, request = call.route.operation, call.request
    if operation == "PutObjectCopy":
        return call.key in request.headers["x-cos-copy-source"] and "/.cos-watermark-doctor/" in f"/{call.key}"
    if operation == "BatchDeleteMessage":
        return {value for name, value in request.form.items() if name.startswith("receiptHandle")} == {"0"}
    return operation in READING or (operation, request.method) == ("InvokeFunctionUrl", "GET")
