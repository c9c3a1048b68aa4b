"""CAM and STS as our commands see them: what is there, in our own types; what is written, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.cam import Rewriting
from faketencent.cloud import FakeCloud
from faketencent.faults import Fault
from faketencent.in_process import in_process
from faketencent.refusals import BareReply
from ops.tencent.api import Api
from ops.tencent.cam import Cam
from ops.tencent.policy_documents import same
from ops.tencent.sts import Kind, Sts
from shared.errors import ConflictError, GarbledReplyError, NoReplyError
from shared.settings import read_credentials

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faketencent.cam import Identity

#: Says the same on every Python.
pytestmark = pytest.mark.once

TRUST = {
    "version": "2.0",
    "statement": [{"effect": "allow", "action": "name/sts:AssumeRole", "principal": {"service": "scf.qcloud.com"}}],
}
POLICY = {"version": "2.0", "statement": [{"effect": "allow", "action": ["cos:GetObject"], "resource": ["*"]}]}
OTHER = {"version": "2.0", "statement": [{"effect": "allow", "action": ["cos:PutObject"], "resource": ["*"]}]}


@pytest.fixture
def cloud() -> Iterator[FakeCloud]:
    with in_process(FakeCloud()) as cloud:
        yield cloud


@pytest.fixture
def cam(cloud: FakeCloud) -> Cam:
    return Cam(api(cloud.cam.account))


def api(identity: Identity) -> Api:
    pair = {"TENCENTCLOUD_SECRETID": identity.secret_id, "TENCENTCLOUD_SECRETKEY": identity.secret_key}
    token = {"TENCENTCLOUD_SESSIONTOKEN": identity.token} if identity.token else {}
    return Api(read_credentials({**pair, **token}), "ap-beijing")


def test_the_account_has_a_number_and_an_appid(cam: Cam) -> None:
    assert (cam.owner().uin, cam.owner().appid) == ("100000000001", "1250000000")


def test_it_is_known_whose_keys_are_used(cloud: FakeCloud) -> None:
    cloud.cam.create_role("visitor")
    account, user, role = (
        Sts(api(who)).caller()
        for who in (cloud.cam.account, cloud.cam.create_user("operator"), cloud.cam.assume("visitor"))
    )

    assert {caller.uin for caller in (account, user, role)} == {"100000000001"}
    assert [caller.owns_the_account for caller in (account, user, role)] == [True, False, False]
    assert [caller.kind for caller in (user, role)] == [Kind.USER, Kind.ROLE]


@pytest.mark.parametrize("url_encoded", [False, True])
def test_what_was_written_is_read_back(cloud: FakeCloud, cam: Cam, url_encoded: bool) -> None:
    cloud.cam.rewriting = Rewriting(url_encoded=url_encoded)
    cam.create_role("r", TRUST, "a role")
    cam.create_policy("p", POLICY, "a policy")
    cam.attach("r", "p")

    role, policy = cam.role("r"), cam.find_policy("p")
    assert role is not None
    assert policy is not None
    assert same(role.trust, TRUST)
    assert same(cam.policy(policy.id).document, POLICY)
    assert [(one.id, one.name) for one in cam.attached("r")] == [(policy.id, policy.name)]

    cam.update_policy(policy.id, OTHER)
    cam.update_trust("r", TRUST)
    cam.detach("r", "p")

    assert same(cam.policy(policy.id).document, OTHER)
    assert cam.attached("r") == []


def test_what_is_missing_is_none(cam: Cam) -> None:
    assert cam.role("r") is None
    assert cam.find_policy("p") is None


def test_a_policy_is_found_by_its_exact_name_on_whatever_page(cam: Cam, cloud: FakeCloud) -> None:
    for number in range(201):
        cloud.cam.policies.create(f"p-{number}", POLICY)
    cloud.cam.policies.create("p", POLICY)

    found = cam.find_policy("p")

    assert found is not None
    assert found.name == "p"
    assert cloud.operations() == ["ListPolicies"] * 2


def test_a_name_that_is_taken_is_a_conflict(cam: Cam) -> None:
    cam.create_role("r", TRUST, "")
    cam.create_policy("p", POLICY, "")

    with pytest.raises(ConflictError):
        cam.create_role("r", TRUST, "")
    with pytest.raises(ConflictError):
        cam.create_policy("p", POLICY, "")


def test_a_write_whose_reply_is_lost_is_not_repeated(cloud: FakeCloud, cam: Cam) -> None:
    cloud.faults.on("CreateRole", Fault.TIMEOUT_AFTER)

    with pytest.raises(NoReplyError):
        cam.create_role("r", TRUST, "")

    assert cloud.operations() == ["CreateRole"]
    assert cam.role("r") is not None


@pytest.mark.parametrize(
    "info", ['{"RoleName": "r"}', '{"RoleName": "r", "PolicyDocument": "nonsense"}', "[]", "null", "7"]
)
def test_a_reply_of_another_shape_is_an_error_of_ours(cloud: FakeCloud, cam: Cam, info: str) -> None:
    body = f'{{"Response": {{"RoleInfo": {info}, "RequestId": "r"}}}}'.encode()
    cloud.faults.on("GetRole", BareReply(200, body, "application/json"))

    with pytest.raises(GarbledReplyError):
        cam.role("r")
