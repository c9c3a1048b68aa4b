"""Roles and policies through CAM's API: the sequence that sets this system up, and what CAM refuses in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from tencentcloud.cam.v20190116 import models

from faketencent.cam import Rewriting
from tests.faketencent.api.sdk import cam_client, refused
from tests.faketencent.sdk import client_of

if TYPE_CHECKING:
    from tencentcloud.cam.v20190116.cam_client import CamClient

    from faketencent.cloud import FakeCloud

pytestmark = pytest.mark.once

NO_REWRITING = Rewriting(
    escaped_slashes=False, named_actions=False, single_values=False, turned_keys=False, url_encoded=False
)


def trust(*services: str) -> str:
    principal = {"service": services[0] if len(services) == 1 else list(services)}
    statement = {"effect": "allow", "action": "name/sts:AssumeRole", "principal": principal}
    return json.dumps({"version": "2.0", "statement": [statement]})


def allow(*actions: str, resource: str = "*") -> str:
    statement = {"effect": "allow", "action": list(actions), "resource": [resource]}
    return json.dumps({"version": "2.0", "statement": [statement]})


@pytest.fixture
def cam(cloud: FakeCloud) -> CamClient:
    return cam_client(cloud.cam.account)


def ask(cam: CamClient, action: str, **parameters: Any) -> Any:  # noqa: ANN401 - the SDK has no types
    request = getattr(models, f"{action}Request")()
    for name, value in parameters.items():
        # A name that the SDK does not know would be sent all the same.
        assert hasattr(request, name), name
        setattr(request, name, value)
    return getattr(cam, action)(request)


def test_the_account_says_its_numbers(cam: CamClient) -> None:
    said = ask(cam, "GetUserAppId")

    assert (said.Uin, said.OwnerUin, said.AppId) == ("100000000001", "100000000001", 1250000000)


def test_a_role_gets_the_rights_of_its_policies_as_they_are_at_that_moment(cloud: FakeCloud, cam: CamClient) -> None:
    cloud.cos.backend.create_bucket("videos-1250000000", "ap-beijing")
    cloud.cos.backend.put("videos-1250000000", "a.mp4", b"hello")
    role = ask(cam, "CreateRole", RoleName="reader", PolicyDocument=trust("scf.qcloud.com"), Description="Reads").RoleId
    policy = ask(cam, "CreatePolicy", PolicyName="reading", PolicyDocument=allow("cos:GetObject")).PolicyId
    reader = client_of(cloud.cam.assume("reader"))

    def reads() -> bool:
        try:
            reader.get_object(Bucket="videos-1250000000", Key="a.mp4")
        except Exception:  # noqa: BLE001 - which error it is, other tests say
            return False
        return True

    seen = [reads()]
    ask(cam, "AttachRolePolicy", PolicyId=policy, AttachRoleName="reader")
    seen.append(reads())
    ask(cam, "UpdatePolicy", PolicyId=policy, PolicyDocument=allow("cos:HeadObject"))
    seen.append(reads())
    ask(cam, "UpdatePolicy", PolicyName="reading", PolicyDocument=allow("cos:GetObject"))
    seen.append(reads())
    ask(cam, "DetachRolePolicy", PolicyName="reading", DetachRoleId=role)
    seen.append(reads())

    assert seen == [False, True, False, True, False]


def test_a_role_that_is_not_there_is_a_wrong_parameter(cam: CamClient) -> None:
    for action in ("GetRole", "DeleteRole"):
        with refused("InvalidParameter.RoleNotExist"):
            ask(cam, action, RoleName="nobody")
    with refused("InvalidParameter.RoleNotExist"):
        ask(cam, "AttachRolePolicy", AttachRoleName="nobody", PolicyName="QcloudAccessForScfRole")


def test_names_are_given_once(cam: CamClient) -> None:
    ask(cam, "CreateRole", RoleName="submit", PolicyDocument=trust("scf.qcloud.com"))
    ask(cam, "CreatePolicy", PolicyName="submit", PolicyDocument=allow("cos:GetObject"))

    with refused("InvalidParameter.RoleNameInUse"):
        ask(cam, "CreateRole", RoleName="submit", PolicyDocument=trust("scf.qcloud.com"))
    with refused("FailedOperation.PolicyNameInUse"):
        ask(cam, "CreatePolicy", PolicyName="submit", PolicyDocument=allow("cos:GetObject"))


def test_a_role_is_shown_as_in_the_documented_sample(cloud: FakeCloud, cam: CamClient) -> None:
    cloud.cam.rewriting = NO_REWRITING
    document = trust("cloudaudit.cloud.tencent.com", "cls.cloud.tencent.com")
    role_id = ask(cam, "CreateRole", RoleName="audit", PolicyDocument=document, Description="Audits").RoleId

    role = ask(cam, "GetRole", RoleId=role_id).RoleInfo

    assert len(role.RoleId) == 19
    assert json.loads(role.PolicyDocument) == json.loads(document)
    assert (role.RoleName, role.Description, role.RoleType) == ("audit", "Audits", "user")
    assert (role.AddTime, role.SessionDuration) == ("2026-01-01 08:00:00", 43200)
    assert role.RoleArn == "qcs::cam::uin/100000000001:roleName/audit"


def test_documents_come_back_in_other_words(cloud: FakeCloud, cam: CamClient) -> None:
    sent = allow("cos:GetObject", resource="qcs::cos::uid/1250000000:videos-1250000000/*")
    policy = ask(cam, "CreatePolicy", PolicyName="reading", PolicyDocument=sent).PolicyId

    back: str = ask(cam, "GetPolicy", PolicyId=policy).PolicyDocument

    statement = (
        r'{"resource":"qcs::cos::uid\/1250000000:videos-1250000000\/*","effect":"allow",'
        r'"action":"name\/cos:GetObject"}'
    )
    assert back == f'{{"version":"2.0","statement":[{statement}]}}'
    cloud.cam.rewriting = Rewriting(url_encoded=True)
    assert unquote(ask(cam, "GetPolicy", PolicyId=policy).PolicyDocument) == back
    cloud.cam.rewriting = NO_REWRITING
    assert json.loads(ask(cam, "GetPolicy", PolicyId=policy).PolicyDocument) == json.loads(sent)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("{", "PolicyDocumentError"),
        ("[]", "PolicyDocumentError"),
        ('{"version": "3.0"}', "VersionError"),
        ('{"version": "2.0", "statement": []}', "StatementError"),
        ('{"version": "2.0", "statement": [{"action": "*", "resource": "*"}]}', "EffectError"),
        ('{"version": "2.0", "statement": [{"effect": "allow", "resource": "*"}]}', "ActionMiss"),
        ('{"version": "2.0", "statement": [{"effect": "allow", "action": "*"}]}', "ResourceError"),
        (trust("scf.qcloud.com"), "PrincipalError"),
        (allow("GetObject"), "ActionError"),
        (allow("oss:GetObject"), "ActionServiceNotExist"),
        (allow("cos:GetObject", "cos:GetObjects"), "ActionNotExist"),
        (allow("cos:Fetch*"), "ActionNotExist"),
        (allow("cos:GetObject", resource="videos-1250000000/*"), "ResourceError"),
        (allow(*["cos:GetObject"] * 400), "PolicyDocumentLengthOverLimit"),
    ],
)
def test_a_policy_with_a_mistake_is_refused_whole(cam: CamClient, document: str, code: str) -> None:
    policy = ask(cam, "CreatePolicy", PolicyName="right", PolicyDocument=allow("name/cos:Get*", "ci:*")).PolicyId

    with refused(f"InvalidParameter.{code}"):
        ask(cam, "CreatePolicy", PolicyName="wrong", PolicyDocument=document)
    with refused(f"InvalidParameter.{code}"):
        ask(cam, "UpdatePolicy", PolicyId=policy, PolicyDocument=document)


@pytest.mark.parametrize("principal", [None, {}, {"services": "scf.qcloud.com"}, {"service": []}])
def test_a_role_trusts_somebody(cam: CamClient, principal: object) -> None:
    statement = {"effect": "allow", "action": "sts:AssumeRole", "principal": principal}
    with refused("InvalidParameter.PrincipalError"):
        document = json.dumps({"version": "2.0", "statement": [statement]})
        ask(cam, "CreateRole", RoleName="submit", PolicyDocument=document)


def test_policies_are_found_by_a_part_of_their_name_page_by_page(cam: CamClient) -> None:
    for name in ("cos-watermark-submit", "old-cos-watermark-submit", "other"):
        ask(cam, "CreatePolicy", PolicyName=name, PolicyDocument=allow("cos:GetObject"))

    found = ask(cam, "ListPolicies", Scope="Local", Keyword="cos-watermark-submit")
    second = ask(cam, "ListPolicies", Scope="Local", Keyword="cos-watermark-submit", Rp=1, Page=2)

    assert [policy.PolicyName for policy in found.List] == ["cos-watermark-submit", "old-cos-watermark-submit"]
    assert ([policy.PolicyName for policy in second.List], second.TotalNum) == (["old-cos-watermark-submit"], 2)
    assert {policy.Type for policy in found.List} == {1}
    for size in (0, 201):
        with refused("InvalidParameter.ParamError"):
            ask(cam, "ListPolicies", Rp=size)


def test_preset_policies_are_there_by_name_and_stay(cam: CamClient) -> None:
    ask(cam, "CreateRole", RoleName="CI_QCSRole_2", PolicyDocument=trust("ci.qcloud.com"))
    names = {"QcloudCOSDataFullControl", "QcloudAccessForCIRole", "QcloudPartAccessForCIRole", "QcloudAccessForScfRole"}
    for name in names:
        ask(cam, "AttachRolePolicy", PolicyName=name, AttachRoleName="CI_QCSRole_2")

    attached = ask(cam, "ListAttachedRolePolicies", RoleName="CI_QCSRole_2", Page=1, Rp=200)

    assert {policy.PolicyName for policy in attached.List} == names
    assert {policy.PolicyType for policy in attached.List} == {"QCS"}
    assert {policy.Type for policy in ask(cam, "ListPolicies", Scope="QCS").List} == {2}
    with refused("InvalidParameter.ParamError"):
        ask(cam, "DeletePolicy", PolicyId=[attached.List[0].PolicyId])


def test_attached_policies_are_listed_with_both_numbers_of_the_page(cam: CamClient) -> None:
    ask(cam, "CreateRole", RoleName="submit", PolicyDocument=trust("scf.qcloud.com"))

    with refused("MissingParameter"):
        ask(cam, "ListAttachedRolePolicies", RoleName="submit", Page=1)
    with refused("MissingParameter"):
        ask(cam, "ListAttachedRolePolicies", RoleName="submit", Rp=20)


def test_attaching_again_changes_nothing_and_a_deleted_policy_is_gone_everywhere(cam: CamClient) -> None:
    ask(cam, "CreateRole", RoleName="submit", PolicyDocument=trust("scf.qcloud.com"))
    policy = ask(cam, "CreatePolicy", PolicyName="submit", PolicyDocument=allow("cos:GetObject")).PolicyId
    for _ in range(2):
        ask(cam, "AttachRolePolicy", PolicyId=policy, AttachRoleName="submit")
    assert ask(cam, "ListAttachedRolePolicies", RoleName="submit", Page=1, Rp=20).TotalNum == 1

    ask(cam, "DeletePolicy", PolicyId=[policy])

    assert ask(cam, "ListAttachedRolePolicies", RoleName="submit", Page=1, Rp=20).List == []
    with refused("InvalidParameter.PolicyIdNotExist"):
        ask(cam, "GetPolicy", PolicyId=policy)


def test_a_service_can_use_a_role_that_trusts_it_after_a_while(cloud: FakeCloud, cam: CamClient) -> None:
    cloud.cam.propagation = 10
    ask(cam, "CreateRole", RoleName="submit", PolicyDocument=trust("ci.qcloud.com"))
    cloud.advance(10)
    assert cloud.cam.role_ready("submit", "ci.qcloud.com")
    assert not cloud.cam.role_ready("submit")

    ask(cam, "UpdateAssumeRolePolicy", RoleName="submit", PolicyDocument=trust("ci.qcloud.com", "scf.qcloud.com"))

    cloud.advance(9)
    assert not cloud.cam.role_ready("submit")
    cloud.advance(1)
    assert cloud.cam.role_ready("submit")
    ask(cam, "DeleteRole", RoleName="submit")
    assert not cloud.cam.role_ready("submit")


@pytest.mark.parametrize(("resource", "granted"), [("*", True), ("qcs::cam::uin/100000000001:roleName/submit", False)])
def test_a_user_needs_the_calls_on_everything(cloud: FakeCloud, resource: str, granted: bool) -> None:
    cloud.cam.create_role("submit")
    amy = cam_client(cloud.cam.create_user("amy", json.loads(allow("cam:GetRole", resource=resource))))

    if granted:
        assert ask(amy, "GetRole", RoleName="submit").RoleInfo.RoleName == "submit"
    else:
        with refused("UnauthorizedOperation"):
            ask(amy, "GetRole", RoleName="submit")
