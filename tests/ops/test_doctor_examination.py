"""The whole examination: complete, honest about what it did not see, and without any effect."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from faketencent.cos.acl import PUBLIC_READ
from faketencent.cos.buckets import Versioning
from faketencent.faults import Fault
from ops.doctor.command import code_of
from ops.doctor.examination import AT_HOME, GROUPS, KEY
from ops.doctor.finding import Verdict
from ops.policies import deploy_policy, deployment_of
from tests.ops.clinic import allow
from tests.world import BUCKET, LEDGER, REGION

if TYPE_CHECKING:
    from faketencent.routes import Call
    from tests.ops.clinic import Clinic

#: Says the same on every Python.
pytestmark = pytest.mark.once

#: What only reads; so does a GET of the callback function, which does nothing but refuse it.
READING = ("Describe", "Get", "Head", "List")


def test_nothing_is_wrong_with_a_healthy_deployment(clinic: Clinic) -> None:
    examination = clinic.examine()

    assert [finding for finding in examination.findings if finding.verdict is not Verdict.PASS] == []
    assert code_of(examination) == 0


def test_whoever_has_the_policy_that_is_printed_sees_all_of_it(clinic: Clinic) -> None:
    policy = deploy_policy(deployment_of(clinic.configuration, clinic.world.cloud.cam.uin))
    # Functions have shorter names here.
    clinic.use_role(json.loads(json.dumps(policy).replace("function/cos-watermark-", "function/")))

    examination = clinic.examine()

    assert [finding for finding in examination.findings if finding.verdict is not Verdict.PASS] == []


def test_whoever_may_look_at_nothing_is_told_so_by_each_check_and_ends_with_3(clinic: Clinic) -> None:
    clinic.use_role(allow())

    examination = clinic.examine()

    unseen = {finding.name for finding in examination.findings if finding.verdict is Verdict.UNSEEN}
    assert unseen == {
        "functions", "other triggers", "roles", "clock", "bucket", "versions", "ledger bucket", "lifecycle",
        "media processing", "media queue", "CI role", "tick", "in flight", "pause", "storage class", "replication",
        "seals",
    }  # fmt: skip
    assert code_of(examination) == 3


def test_what_could_not_be_seen_outweighs_what_is_to_be_done(clinic: Clinic) -> None:
    clinic.scf.update_function("submit", reserved_memory=0)
    assert code_of(clinic.examine()) == 1

    clinic.world.cloud.faults.on("GetRole", Fault.RESET, times=9)
    assert code_of(clinic.examine()) == 3


def test_what_works_with_a_drawback_leaves_nothing_to_do(clinic: Clinic) -> None:
    clinic.world.cloud.cos.backend.bucket(BUCKET).set_versioning(Versioning.ENABLED)

    examination = clinic.examine()

    assert examination.count(Verdict.WARN) == 1
    assert code_of(examination) == 0


def test_that_nothing_is_deployed_comes_first(clinic: Clinic) -> None:
    for name in ("submit", "callback"):
        clinic.scf.delete_function(name)

    examination = clinic.examine()

    assert examination.findings[0].message == f"not deployed: neither function is in {REGION}"
    assert code_of(examination) == 1


def test_whatever_is_wrong_comes_with_advice_and_what_is_right_without(clinic: Clinic) -> None:
    make_ill(clinic)

    examination = clinic.examine()

    assert examination.count(Verdict.FAIL)
    for finding in examination.findings:
        assert bool(finding.advice) is (finding.verdict is not Verdict.PASS), finding
        assert "\n" not in finding.message + finding.advice


def test_every_check_has_a_name_of_its_own() -> None:
    names = [check.name for group in GROUPS for check in group.checks]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("half", ["TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY"])
def test_refused_credentials_are_not_blamed_on_every_other_check(clinic: Clinic, half: str) -> None:
    clinic.environment[half] = "something-else"

    examination = clinic.examine()

    assert [f.name for f in examination.findings if f.verdict is not Verdict.PASS] == ["credentials"]
    assert code_of(examination) == 3


def test_without_a_network_what_is_on_this_machine_is_still_examined(clinic: Clinic) -> None:
    clinic.world.cloud.faults.when(lambda _: True, Fault.RESET, times=1000)

    examination = clinic.examine()

    assert examination.findings[0].message.startswith("Tencent Cloud cannot be reached")
    assert {f.name for f in examination.findings} == {c.name for c in (*KEY.checks[:1], *AT_HOME.checks)}
    assert code_of(examination) == 3


@pytest.mark.parametrize("fault", [fault for fault in Fault if not fault.name.startswith("KILL")])
@pytest.mark.parametrize("asked_before", [0, 1])
def test_whatever_the_cloud_answers_the_examination_comes_to_an_end(
    clinic: Clinic, fault: Fault, asked_before: int
) -> None:
    clinic.world.cloud.tdmq.backend.create_queue("results", "bj")
    clinic.configure(MQ_REGION="bj", MQ_NAME="results")
    clinic.world.cloud.faults.when(lambda _: True, fault, times=1000, skip=asked_before)

    examination = clinic.examine()

    assert code_of(examination) == 3
    assert {c.name for c in AT_HOME.checks} <= {finding.name for finding in examination.findings}


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
    clinic.deploy(lambda inputs: inputs["functions"]["submit"].update(timeout=300))


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
        "functions": list(cloud.scf.backend.functions),
        "roles": {name: dict(role.attached) for name, role in cloud.cam.roles.known.items()},
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
    return operation.startswith(READING) or (operation, request.method) == ("InvokeFunctionUrl", "GET")
