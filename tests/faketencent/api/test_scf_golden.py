"""Replies have exactly the fields of the official examples: https://cloud.tencent.com/document/api/583/17235."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.credential import Credential

if TYPE_CHECKING:
    from faketencent.cloud import FakeCloud

#: Says the same on every Python.
pytestmark = pytest.mark.once

GET_FUNCTION = """{"Qualifier":"$LATEST","Description":"","Timeout":3,"InitTimeout":65,"MemorySize":128,
"Runtime":"Python3.10","VpcConfig":{"VpcId":"","SubnetId":""},"Environment":{"Variables":[]},
"Handler":"entry.main_handler","UseGpu":"FALSE","Role":"","CodeSize":0,"FunctionVersion":"$LATEST",
"FunctionName":"submit","FunctionId":"","Namespace":"default","InstallDependency":"FALSE","Status":"Active",
"AvailableStatus":"Available","StatusDesc":"","L5Enable":"FALSE","DnsCache":"FALSE",
"EipConfig":{"EipFixed":"FALSE","Eips":[]},"ModTime":"2026-01-01 08:00:00","AddTime":"2026-01-01 08:00:00","Layers":[],
"DeadLetterConfig":{"Type":"","Name":"","FilterType":""},"OnsEnable":"FALSE",
"PublicNetConfig":{"PublicNetStatus":"ENABLE","EipConfig":{"EipStatus":"DISABLE","EipAddress":[]}},"ProtocolType":"",
"Triggers":[],"ClsLogsetId":"","ClsTopicId":"","CodeInfo":"","CodeResult":"success","CodeError":"","ErrNo":0,"Tags":[],
"AccessInfo":{"Host":"","Vip":""},"Type":"Event","CfsConfig":{"CfsInsList":[]},"StatusReasons":[],
"AsyncRunEnable":"FALSE","TraceEnable":"FALSE","ProtocolParams":null,"InstanceConcurrencyConfig":null,
"IntranetConfig":{"IpFixed":"DISABLE"}}"""
#: What is not the example's here, or differs from function to function.
VARIES = {"CodeSize", "FunctionId", "ClsLogsetId", "ClsTopicId"}
TRIGGER_INFO = {
    "AddTime", "AvailableStatus", "BindStatus", "CustomArgument", "Description", "Enable", "ModTime", "Qualifier",
    "ResourceId", "TriggerAttribute", "TriggerDesc", "TriggerName", "Type",
}  # fmt: skip
HTTP_ADDRESSES = {
    "EnableExtranet", "EnableIntranet", "ExtranetHTTPUrl", "ExtranetUrl", "IntranetHTTPUrl", "IntranetUrl",
    "WsExtranetUrl", "WsIntranetUrl", "WssExtranetUrl", "WssIntranetUrl",
}  # fmt: skip


def reply(cloud: FakeCloud, action: str, **parameters: object) -> dict[str, Any]:
    """What came over the wire, without the id of the request: the typed SDK shows no difference of null and nothing."""
    account = cloud.cam.account
    client = CommonClient("scf", "2018-04-16", Credential(account.secret_id, account.secret_key), "ap-beijing")
    fields: dict[str, Any] = client.call_json(action, {"FunctionName": "submit", **parameters})["Response"]
    assert fields.pop("RequestId")
    return fields


@pytest.mark.usefixtures("submit")
def test_a_function(cloud: FakeCloud) -> None:
    example = json.loads(GET_FUNCTION)

    shown = reply(cloud, "GetFunction")

    assert shown.keys() == example.keys()
    assert {name: shown[name] for name in shown if name not in VARIES} == {
        name: example[name] for name in example if name not in VARIES
    }


@pytest.mark.usefixtures("submit")
def test_a_trigger(cloud: FakeCloud) -> None:
    timer = {"Type": "timer", "TriggerName": "tick", "TriggerDesc": "0 */2 * * * * *"}

    made = reply(cloud, "CreateTrigger", **timer)

    there = reply(cloud, "ListTriggers")
    assert made.keys() == {"TriggerInfo"}
    assert made["TriggerInfo"].keys() == TRIGGER_INFO
    assert made["TriggerInfo"]["TriggerDesc"] == '{"cron":"0 */2 * * * * *"}'
    assert there == {"TotalCount": 1, "Triggers": [made["TriggerInfo"]]}


@pytest.mark.usefixtures("submit")
def test_a_function_url(cloud: FakeCloud) -> None:
    text = json.dumps({"AuthType": "NONE", "NetConfig": {"EnableIntranet": True, "EnableExtranet": False}})
    reply(cloud, "CreateTrigger", Type="http", TriggerName="url-trigger", TriggerDesc=text)
    cloud.clock.sleep(2)

    (it,) = reply(cloud, "ListTriggers")["Triggers"]

    network = json.loads(it["TriggerDesc"])["NetConfig"]
    assert network.keys() == HTTP_ADDRESSES
    assert network["IntranetUrl"] == f"https://1250000000-{it['TriggerName']}.in.ap-beijing.tencentscf.com"
    assert it["ResourceId"] == f"qcs::scf:bj:uin/100000000001:function/submit/{it['TriggerName']}"


@pytest.mark.usefixtures("submit")
@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("GetFunctionAddress", {"Url", "CodeSha256"}),
        ("GetFunctionEventInvokeConfig", {"AsyncTriggerConfig"}),
        ("GetReservedConcurrencyConfig", {"ReservedMem"}),
        ("InvokeFunction", {"Result"}),
        ("DeleteFunction", set()),
    ],
)
def test_other_replies(cloud: FakeCloud, action: str, fields: set[str]) -> None:
    assert reply(cloud, action).keys() == fields
