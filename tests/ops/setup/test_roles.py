"""The functions' roles: whatever they have become, a run makes them what `policy` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.cam import EVERYTHING, Rewriting
from ops.policies import Deployment, callback_policy
from tests.ops.setup.newcomer import CALLBACK, LEDGER, SUBMIT, again, set_up, signs, writes
from tests.world import BUCKET, REGION

if TYPE_CHECKING:
    from faketencent.routes import Call
    from tests.ops.account import Operator

#: Says the same on every Python.
pytestmark = pytest.mark.once


@pytest.fixture
def owner(newcomer: Operator) -> Operator:
    """Whose account is set up."""
    set_up(newcomer)
    return newcomer


def done(owner: Operator) -> tuple[dict[str, str], list[str]]:
    """What a run announces, and what it writes; all is as it should be then."""
    calls = len(owner.cloud.journal)
    code, output = again(owner)
    assert code == 0
    cam = owner.cloud.cam
    deployment = Deployment(region=REGION, uin=cam.uin, buckets=(BUCKET,), ledger_bucket=LEDGER)
    assert cam.documents(cam.roles.get(CALLBACK)) == (callback_policy(deployment),)
    assert cam.role_ready(CALLBACK)
    announced = {text: sign for text, sign in signs(output).items() if sign != "✓"}
    return announced, writes(owner.cloud, calls)


@pytest.mark.parametrize("url_encoded", [False, True])
def test_a_policy_in_other_words_is_the_same(owner: Operator, url_encoded: bool) -> None:
    owner.cloud.cam.rewriting = Rewriting(url_encoded=url_encoded)
    assert done(owner) == ({}, [])


def test_a_policy_that_allows_something_else_is_changed(owner: Operator) -> None:
    policies = owner.cloud.cam.policies
    policies.update(policies.get(name=CALLBACK), EVERYTHING, None)

    assert done(owner) == ({f"policy {CALLBACK}": "~"}, ["UpdatePolicy"])


def test_a_new_setting_that_needs_other_rights_changes_it_too(owner: Operator) -> None:
    owner.cloud.cos.backend.create_bucket("more-1250000000", REGION)
    owner.cloud.ci.backend.bind_bucket("more-1250000000")
    code, _ = again(owner, "--bucket", BUCKET, "--bucket", "more-1250000000")

    assert code == 0
    assert "more-1250000000" in str(owner.cloud.cam.policies.get(name=SUBMIT).document)


def test_a_role_that_trusts_somebody_else_is_changed(owner: Operator) -> None:
    role = owner.cloud.cam.roles.get(CALLBACK)
    role.trust = {
        **role.trust,
        "statement": [{**role.trust["statement"][0], "principal": {"qcs": "qcs::cam::uin/1:root"}}],
    }

    assert done(owner) == ({f"role {CALLBACK}, for scf.qcloud.com": "~"}, ["UpdateAssumeRolePolicy"])


def test_a_role_that_lost_its_policy_gets_it_back(owner: Operator) -> None:
    owner.cloud.cam.roles.get(CALLBACK).attached.clear()

    assert done(owner) == ({f"policy {CALLBACK} for role {CALLBACK}": "+"}, ["AttachRolePolicy"])


def test_a_role_loses_what_it_was_given_besides(owner: Operator) -> None:
    cam = owner.cloud.cam
    cam.attach(cam.roles.get(CALLBACK), cam.policies.get(name="QcloudCOSDataFullControl").id)

    assert done(owner) == ({f"role {CALLBACK} loses policy QcloudCOSDataFullControl": "~"}, ["DetachRolePolicy"])


def test_a_role_that_is_gone_is_made_again_with_the_policy_that_is_there(owner: Operator) -> None:
    owner.cloud.cam.delete_role(CALLBACK)

    announced, written = done(owner)

    assert list(announced.values()) == ["+", "+"]
    assert written == ["CreateRole", "AttachRolePolicy"]


def test_a_policy_that_is_gone_is_made_again_for_the_role_that_is_there(owner: Operator) -> None:
    cam = owner.cloud.cam
    cam.delete_policy(cam.policies.get(name=CALLBACK).id)

    assert done(owner)[1] == ["CreatePolicy", "AttachRolePolicy"]


def test_a_policy_that_was_made_meanwhile_is_looked_at_by_the_next_run(owner: Operator) -> None:
    cam = owner.cloud.cam
    cam.delete_policy(cam.policies.get(name=CALLBACK).id)

    def make_it_first(call: Call) -> None:
        if call.route.operation == "CreatePolicy":
            cam.policies.create(CALLBACK, EVERYTHING)

    owner.cloud.watchers.append(make_it_first)
    code, output = again(owner)
    owner.cloud.watchers.clear()

    assert (code, "FailedOperation.PolicyNameInUse" in output) == (3, True)
    assert done(owner)[1] == ["UpdatePolicy", "AttachRolePolicy"]
