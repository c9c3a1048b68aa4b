"""Replies have the fields of the official samples, no more and no less; in lists of policies a few are left out here.

The samples ship with Tencent's command line, as `examples.json` of each service.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.credential import Credential

from tests.faketencent.api.sdk import REGION

if TYPE_CHECKING:
    from faketencent.cloud import FakeCloud

pytestmark = pytest.mark.once

VERSIONS = {"cam": "2019-01-16", "sts": "2018-08-13", "cls": "2020-10-16"}
TRUST = {
    "version": "2.0",
    "statement": [
        {
            "action": "name/sts:AssumeRole",
            "effect": "allow",
            "principal": {"service": ["cloudaudit.cloud.tencent.com", "cls.cloud.tencent.com"]},
        }
    ],
}
POLICY = {"version": "2.0", "statement": [{"effect": "allow", "action": ["name/cos:*"], "resource": ["*"]}]}
ROLE_INFO = (
    "RoleId RoleName PolicyDocument Description AddTime UpdateTime ConsoleLogin RoleType SessionDuration "
    "DeletionTaskId Tags RoleArn"
)
GET_POLICY = "PolicyDocument UpdateTime AddTime PolicyName Description Type PresetAlias IsServiceLinkedRolePolicy Tags"
ATTACHED = "PolicyName Description CreateMode Deactived AddTime PolicyType PolicyId DeactivedDetail"
LISTED = "PolicyId PolicyName AddTime Type Description CreateMode Attachments ServiceType IsAttached Deactived"
SEARCH_LOG = "Context ListOver Analysis ColNames Columns Results AnalysisResults AnalysisRecords SamplingRate"
LOG_LINE = "Time TopicId TopicName Source FileName HostName PkgId PkgLogId HighLights LogJson RawLog IndexStatus"


def has(reply: dict[str, Any], fields: str) -> bool:
    return set(reply) == set(fields.split())


def ask(cloud: FakeCloud, service: str, action: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    account = cloud.cam.account
    credential = Credential(account.secret_id, account.secret_key)
    client = CommonClient(service, VERSIONS[service], credential, REGION)
    answer: dict[str, Any] = client.call_json(action, parameters)["Response"]
    assert answer.pop("RequestId")
    return answer


def test_a_role_and_its_policy(cloud: FakeCloud) -> None:
    created = ask(cloud, "cam", "CreateRole", RoleName="audit", PolicyDocument=json.dumps(TRUST))
    policy = ask(cloud, "cam", "CreatePolicy", PolicyName="test-2019-04-29", PolicyDocument=json.dumps(POLICY))
    attached = ask(cloud, "cam", "AttachRolePolicy", PolicyId=policy["PolicyId"], AttachRoleName="audit")
    role = ask(cloud, "cam", "GetRole", RoleName="audit")
    listed = ask(cloud, "cam", "ListAttachedRolePolicies", RoleName="audit", Page=1, Rp=20)

    # In the sample a role's id is text, and a policy's a number.
    assert has(created, "RoleId")
    assert created["RoleId"].isdecimal()
    assert has(policy, "PolicyId")
    assert isinstance(policy["PolicyId"], int)
    assert attached == {}
    assert has(role, "RoleInfo")
    assert has(role["RoleInfo"], ROLE_INFO)
    assert has(listed, "List TotalNum")
    assert has(listed["List"][0], ATTACHED)


def test_a_policy_is_written_as_in_the_sample(cloud: FakeCloud) -> None:
    policy = ask(cloud, "cam", "CreatePolicy", PolicyName="test-2019-04-29", PolicyDocument=json.dumps(POLICY))
    shown = ask(cloud, "cam", "GetPolicy", PolicyId=policy["PolicyId"])
    listed = ask(cloud, "cam", "ListPolicies", Scope="Local")

    assert has(shown, GET_POLICY)
    assert r"name\/cos:*" in shown["PolicyDocument"]
    assert has(listed, "List TotalNum ServiceTypeList")
    assert set(LISTED.split()) <= set(listed["List"][0])


def test_who_asks(cloud: FakeCloud) -> None:
    caller = ask(cloud, "sts", "GetCallerIdentity")

    assert has(caller, "Type AccountId UserId PrincipalId Arn")
    assert ask(cloud, "cam", "GetUserAppId") == {
        "Uin": "100000000001",
        "OwnerUin": "100000000001",
        "AppId": 1250000000,
    }


def test_a_search(cloud: FakeCloud) -> None:
    topic = cloud.cls.backend.function_topic(REGION)
    now = cloud.clock.now()
    cloud.cls.backend.write(topic.id, {"http_code": "200"}, now)
    to = round(now * 1000) + 1

    found = ask(cloud, "cls", "SearchLog", TopicId=topic.id, From=0, To=to, QueryString="*", QuerySyntax=1)

    assert has(found, SEARCH_LOG)
    assert has(found["Results"][0], LOG_LINE)
    assert json.loads(found["Results"][0]["LogJson"]) == {"http_code": "200"}
