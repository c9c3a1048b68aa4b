"""The doctor on the video buckets and the ledger bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.cos.acl import AUTHENTICATED_USERS, PRIVATE, PUBLIC_READ, Acl, Grant, Permission
from faketencent.cos.buckets import Versioning
from faketencent.cos.lifecycle import read_rules
from ops.doctor import buckets
from ops.doctor.finding import Verdict
from tests.ops.clinic import allow
from tests.world import BUCKET, LEDGER, REGION

if TYPE_CHECKING:
    from tests.ops.clinic import Clinic

#: Says the same on every Python.
pytestmark = pytest.mark.once


def test_a_bucket_in_the_region_passes(clinic: Clinic) -> None:
    assert clinic.ask_once(buckets.reachable).message == f"{BUCKET} is in {REGION}"


def test_a_bucket_elsewhere_fails(clinic: Clinic) -> None:
    clinic.world.cloud.cos.backend.create_bucket("faraway-1250000000", "ap-shanghai")
    clinic.laptop["DEPLOY_BUCKETS"] = f"{BUCKET},faraway-1250000000"

    found, missing = clinic.ask(buckets.reachable)

    assert found.verdict is Verdict.PASS
    assert (missing.verdict, missing.message) == (Verdict.FAIL, f"faraway-1250000000 does not exist in {REGION}")


def test_what_the_credentials_may_not_see_is_said_so(clinic: Clinic) -> None:
    clinic.use_role(allow())

    finding = clinic.ask_once(buckets.reachable)

    assert finding.verdict is Verdict.UNSEEN
    assert finding.message.startswith("could not be checked: HEAD cos")
    assert "credentials that have the rights" in finding.advice


def test_a_bucket_without_versions_passes(clinic: Clinic) -> None:
    assert clinic.ask_once(buckets.versions).verdict is Verdict.PASS


def test_the_cost_of_versions_is_pointed_out(clinic: Clinic) -> None:
    clinic.world.cloud.cos.backend.bucket(BUCKET).set_versioning(Versioning.ENABLED)

    assert clinic.ask_once(buckets.versions).verdict is Verdict.WARN


def test_a_ledger_that_never_kept_versions_passes(clinic: Clinic) -> None:
    assert clinic.ask(buckets.ledger)[0].message == f"{LEDGER} is in {REGION} and never had versioning"


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

    assert (versions.verdict, access.verdict) == (Verdict.PASS, Verdict.UNSEEN)


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


def rule(
    prefix: str, effect: str = "<Expiration><Days>9</Days></Expiration>", more: str = "", on: str = "Enabled"
) -> str:
    chosen = (
        f"<Filter><And><Prefix>{prefix}</Prefix>{more}</And></Filter>"
        if more
        else f"<Filter><Prefix>{prefix}</Prefix></Filter>"
    )
    return f"<Rule><ID>mine</ID><Status>{on}</Status>{chosen}{effect}</Rule>"


def set_rule(clinic: Clinic, text: str) -> None:
    body = f"<LifecycleConfiguration>{text}</LifecycleConfiguration>".encode()
    clinic.world.cloud.cos.backend.bucket(LEDGER).lifecycle = read_rules(body)


def test_a_ledger_without_lifecycle_rules_passes(clinic: Clinic) -> None:
    assert clinic.ask_once(buckets.lifecycle).verdict is Verdict.PASS


@pytest.mark.parametrize(
    "text",
    [
        rule("slots/"),
        rule("", on="Disabled"),
        rule("", more="<Tag><Key>old</Key><Value>1</Value></Tag>"),
        rule(
            "",
            "<AbortIncompleteMultipartUpload><DaysAfterInitiation>9</DaysAfterInitiation></AbortIncompleteMultipartUpload>",
        ),
    ],
    ids=["elsewhere", "switched off", "for tagged objects", "for parts of uploads"],
)
def test_a_rule_that_reaches_no_claims_passes(clinic: Clinic, text: str) -> None:
    set_rule(clinic, text)

    assert clinic.ask_once(buckets.lifecycle).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("text", "reached"),
    [
        (rule("claims/"), ["claims/"]),
        (rule("claims/ab"), ["claims/"]),
        (rule("wait"), ["waiting/"]),
        (rule(""), ["claims/", "waiting/"]),
        (
            rule("", "<Transition><Days>9</Days><StorageClass>ARCHIVE</StorageClass></Transition>"),
            ["claims/", "waiting/"],
        ),
    ],
)
def test_a_rule_that_reaches_claims_or_waiting_entries_fails(clinic: Clinic, text: str, reached: list[str]) -> None:
    set_rule(clinic, text)

    findings = clinic.ask(buckets.lifecycle)

    assert [(f.verdict, f.message.partition(":")[0]) for f in findings] == [
        (Verdict.FAIL, f"the lifecycle rule mine of {LEDGER} reaches {folder}") for folder in reached
    ]


def test_a_rule_for_another_deployment_in_the_same_bucket_passes(clinic: Clinic) -> None:
    clinic.configure(LEDGER_PREFIX="two/")
    set_rule(clinic, rule("one/"))

    assert clinic.ask_once(buckets.lifecycle).verdict is Verdict.PASS
