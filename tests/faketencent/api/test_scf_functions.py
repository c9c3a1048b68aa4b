"""Functions made, changed and removed through the API, by Tencent's own SDK."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest

from faketencent.faults import Fault
from faketencent.scf.habits import CodeHash
from tests.faketencent.api.scf_client import HANDLER, Scf, in_base64, zipped

if TYPE_CHECKING:
    from faketencent.cloud import FakeCloud

#: Says the same on every Python.
pytestmark = pytest.mark.once

#: The fields of the official example.
SHOWN = frozenset(
    """Qualifier Description Timeout InitTimeout MemorySize Runtime VpcConfig Environment Handler UseGpu Role
CodeSize FunctionVersion FunctionName FunctionId Namespace InstallDependency Status AvailableStatus StatusDesc L5Enable
DnsCache EipConfig ModTime AddTime Layers DeadLetterConfig OnsEnable PublicNetConfig ProtocolType Triggers ClsLogsetId
ClsTopicId CodeInfo CodeResult CodeError ErrNo Tags AccessInfo Type CfsConfig StatusReasons AsyncRunEnable TraceEnable
ProtocolParams InstanceConcurrencyConfig IntranetConfig RequestId""".split()  # noqa: SIM905 - a list of 48 names is no clearer one a line
)


class TestCreating:
    def test_it_takes_some_time(self, cloud: FakeCloud, scf: Scf) -> None:
        cloud.scf.backend.habits.creating = 10
        scf.create()
        assert scf.state() == "Creating"

        cloud.clock.sleep(9)
        assert scf.state() == "Creating"

        cloud.clock.sleep(1)
        assert scf.state() == "Active"

    def test_everything_that_was_given_is_shown(self, cloud: FakeCloud, scf: Scf) -> None:
        cloud.cam.create_role("reader")
        variables = [{"Key": "MODE", "Value": "x"}, {"Key": "SECRET", "Value": "in clear"}]
        given: dict[str, Any] = {
            "Description": "Version 0.1.0. 水印", "MemorySize": 512, "Timeout": 270, "InitTimeout": 90,
            "Environment": {"Variables": variables}, "Role": "reader", "Runtime": "Python3.10", "Handler": HANDLER,
            "ClsLogsetId": "logset", "ClsTopicId": "topic", "Namespace": "default",
        }  # fmt: skip

        scf.create(**given)

        shown = scf.ask("GetFunction")
        assert {name: shown[name] for name in given} == given
        assert shown["CodeSize"] == len(zipped())
        assert shown["AddTime"] == "2026-01-01 08:00:00"

    def test_the_reply_has_the_fields_of_the_official_example(self, submit: Scf) -> None:
        # The SDK gives every field it knows; what the example does not have, and is not there, is null.
        shown = submit.ask("GetFunction")

        assert {name for name, value in shown.items() if value is not None} == {
            *SHOWN} - {"ProtocolParams", "InstanceConcurrencyConfig"}  # fmt: skip

    def test_it_is_where_it_was_made(self, cloud: FakeCloud, submit: Scf) -> None:
        assert submit.refused("GetFunction", "other") == "ResourceNotFound.Function"
        assert submit.refused("GetFunction", Namespace="other") == "ResourceNotFound.Namespace"
        assert Scf(cloud.cam.account, "ap-shanghai").refused("GetFunction") == "ResourceNotFound.Function"

    def test_a_name_is_taken_once(self, submit: Scf) -> None:
        code = {"ZipFile": in_base64(zipped())}
        assert submit.refused("CreateFunction", Runtime="Python3.10", Code=code) == "ResourceInUse.Function"

    def test_a_lost_reply_leaves_the_function_there(self, cloud: FakeCloud, scf: Scf) -> None:
        cloud.faults.on("CreateFunction", Fault.TIMEOUT_AFTER)

        code = {"ZipFile": in_base64(zipped())}
        assert scf.refused("CreateFunction", Runtime="Python3.10", Code=code) == "ClientNetworkError"

        assert scf.state() == "Creating"
        assert cloud.operations() == ["CreateFunction", "GetFunction"]

    def test_where_cls_was_never_opened_it_fails_and_has_no_code(self, cloud: FakeCloud, scf: Scf) -> None:
        cloud.scf.backend.cls_opened = False
        scf.create()
        cloud.clock.sleep(2)

        shown = scf.ask("GetFunction")

        assert (shown["Status"], shown["CodeSize"], len(shown["StatusReasons"])) == ("CreateFailed", 0, 1)
        # then it has to be deleted before it can be made again
        assert scf.refused("UpdateFunctionConfiguration", Timeout=5).endswith("UpdateFunctionConfiguration")
        scf.ask("DeleteFunction")
        cloud.clock.sleep(2)
        cloud.scf.backend.cls_opened = True
        scf.create()

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"FunctionName": "1"}, "InvalidParameterValue.FunctionName"),
            ({"Description": "a - b"}, "InvalidParameterValue.Description"),
            ({"Description": "a" * 1001}, "InvalidParameterValue.Description"),
            ({"Timeout": 901}, "LimitExceeded.Timeout"),
            ({"MemorySize": 100}, "InvalidParameterValue.Memory"),
            ({"Runtime": "Python3.11"}, "InvalidParameterValue.Runtime"),
            ({"Handler": "a/b.c"}, "InvalidParameterValue.Handler"),
            ({"Role": "nobody"}, "ResourceNotFound.Role"),
            ({"Code": {}}, "MissingParameter.Code"),
            ({"Code": {"ZipFile": "§"}}, "InvalidParameterValue.ZipFileBase64BinasciiError"),
            ({"Code": {"ZipFile": in_base64(b"no zip")}}, "InvalidParameterValue.ZipFile"),
            ({"Environment": {"Variables": [{"Key": "A", "Value": ""}]}}, "InvalidParameterValue.Environment"),
            ({"Environment": {"Variables": [{"Key": "SCF_A", "Value": "b"}]}},
             "InvalidParameterValue.EnvironmentSystemProtect"),
            ({"Environment": {"Variables": [{"Key": "A", "Value": "b" * 4096}]}},
             "InvalidParameterValue.EnvironmentExceededLimit"),
            ({"Code": {"ZipFile": "A" * 11_000_000}}, "RequestSizeLimitExceeded"),
        ],
    )  # fmt: skip
    def test_what_is_refused(self, scf: Scf, given: dict[str, Any], code: str) -> None:
        fine: dict[str, Any] = {"Runtime": "Python3.10", "Handler": HANDLER, "Code": {"ZipFile": in_base64(zipped())}}

        assert scf.refused("CreateFunction", **{**fine, **given}) == code

    def test_the_service_role_has_to_be_there(self, cloud: FakeCloud, scf: Scf) -> None:
        cloud.scf.backend.has_service_role = False
        code = {"ZipFile": in_base64(zipped())}
        assert scf.refused("CreateFunction", Runtime="Python3.10", Code=code) == "FailedOperation.QcsRoleNotFound"

    def test_a_role_that_cannot_be_assumed_yet_is_refused(self, cloud: FakeCloud, scf: Scf) -> None:
        cloud.cam.create_role("reader")
        cloud.scf.backend.may_assume = lambda role: role != "reader"
        given: dict[str, Any] = {"Runtime": "Python3.10", "Code": {"ZipFile": in_base64(zipped())}, "Role": "reader"}
        assert scf.refused("CreateFunction", **given) == "UnauthorizedOperation.Role"

    def test_the_code_may_lie_in_a_bucket(self, cloud: FakeCloud, scf: Scf) -> None:
        cloud.cos.backend.create_bucket("code-1250000000", "ap-beijing")
        cloud.cos.backend.put("code-1250000000", "a.zip", zipped())
        place = {"CosBucketName": "code", "CosObjectName": "/a.zip", "CosBucketRegion": "ap-beijing"}

        scf.create(Code=place)

        assert scf.ask("GetFunction")["CodeSize"] == len(zipped())
        elsewhere = {**place, "CosObjectName": "/b.zip"}
        assert scf.refused("UpdateFunctionCode", Code=place).endswith("UpdateFunctionCode")
        assert scf.refused("CreateFunction", "b", Runtime="Python3.10", Code=elsewhere).endswith("CosObjectName")


class TestChanging:
    def test_what_is_not_named_is_kept(self, cloud: FakeCloud, submit: Scf) -> None:
        submit.ask("UpdateFunctionConfiguration", Description="one", Timeout=30)
        cloud.clock.sleep(2)

        submit.ask("UpdateFunctionConfiguration", MemorySize=512)
        assert submit.state() == "Updating"
        cloud.clock.sleep(2)

        shown = submit.ask("GetFunction")
        assert [shown[name] for name in ("Status", "Description", "Timeout", "MemorySize")] == [
            "Active",
            "one",
            30,
            512,
        ]

    def test_the_environment_is_replaced_as_a_whole_and_cleared_by_an_empty_pair(
        self, cloud: FakeCloud, submit: Scf
    ) -> None:
        def set_to(**variables: str) -> object:
            listed = [{"Key": key, "Value": value} for key, value in variables.items()]
            submit.ask("UpdateFunctionConfiguration", Environment={"Variables": listed or [{"Key": "", "Value": ""}]})
            cloud.clock.sleep(2)
            return submit.ask("GetFunction")["Environment"]["Variables"]

        set_to(A="1", B="2")
        assert set_to(C="3") == [{"Key": "C", "Value": "3"}]
        assert set_to() == []

    def test_a_busy_function_is_refused_by_each_of_the_codes_that_were_seen(self, submit: Scf) -> None:
        submit.ask("UpdateFunctionConfiguration", Timeout=30)

        refusals = [submit.refused("UpdateFunctionConfiguration", Timeout=40) for _ in range(4)]

        assert refusals == [
            "FailedOperation.UpdateFunctionConfiguration",
            "UnauthorizedOperation.FunctionStatus",
            "FailedOperation.FunctionStatusError",
            "FailedOperation.UpdateFunctionConfiguration",
        ]
        assert (
            submit.refused("UpdateFunctionCode", ZipFile=in_base64(zipped())) == "UnauthorizedOperation.FunctionStatus"
        )
        assert submit.refused("DeleteFunction") == "FailedOperation.FunctionStatusError"

    def test_a_failed_update_leaves_the_old_function(self, cloud: FakeCloud, submit: Scf) -> None:
        cloud.scf.backend.habits.failures.append("no room")
        submit.ask("UpdateFunctionConfiguration", Timeout=30)
        cloud.clock.sleep(2)

        shown = submit.ask("GetFunction")

        assert (shown["Status"], shown["StatusDesc"], shown["Timeout"]) == ("UpdateFailed", "no room", 3)
        submit.ask("UpdateFunctionConfiguration", Timeout=30)

    def test_the_runtime_never_changes_and_the_log_only_with_the_role(self, submit: Scf) -> None:
        assert submit.refused("UpdateFunctionConfiguration", Runtime="Python3.9") == "InvalidParameterValue.Runtime"
        assert submit.refused("UpdateFunctionConfiguration", ClsTopicId="a") == "InvalidParameterValue.ClsRole"

    def test_new_code_serves_when_the_update_is_done(self, cloud: FakeCloud, submit: Scf) -> None:
        new = zipped("def other(event, context):\n    return 'new'\n")
        submit.ask("UpdateFunctionCode", ZipFile=in_base64(new), Handler="entry.other")
        assert submit.ask("InvokeFunction", Event="1")["Result"]["RetMsg"] == '{"echo": 1}'

        cloud.clock.sleep(2)

        assert submit.ask("InvokeFunction", Event="1")["Result"]["RetMsg"] == '"new"'
        assert submit.ask("GetFunction")["Handler"] == "entry.other"

    def test_the_hash_of_the_code_is_that_of_the_zip_or_of_something_else(self, cloud: FakeCloud, submit: Scf) -> None:
        ours = hashlib.sha256(zipped()).hexdigest()
        assert submit.ask("GetFunctionAddress")["CodeSha256"] == ours

        cloud.scf.backend.habits.code_hash = CodeHash.OF_OTHER_BYTES

        other = submit.ask("GetFunctionAddress")["CodeSha256"]
        assert other != ours
        assert len(other) == 64


def test_deleting_takes_time_and_the_triggers_with_it(cloud: FakeCloud, submit: Scf) -> None:
    timer = {"TriggerName": "tick", "Type": "timer", "TriggerDesc": "0 * * * * * *", "Enable": "OPEN"}
    submit.ask("CreateTrigger", **timer)

    submit.ask("DeleteFunction")
    assert submit.state() == "Deleting"
    cloud.advance(120)

    assert submit.refused("GetFunction") == "ResourceNotFound.Function"
    assert cloud.scf.backend.invocations == []


def test_functions_are_listed_by_pages(cloud: FakeCloud, scf: Scf) -> None:
    for name in ("submit", "callback", "other"):
        cloud.scf.backend.create_function(name, lambda _, __: None)

    listed = functions_of(scf, Limit=2)

    assert [entry["FunctionName"] for entry in listed["Functions"]] == ["callback", "other"]
    assert listed["TotalCount"] == 3
    assert functions_of(scf, SearchKey="sub")["TotalCount"] == 1


def functions_of(scf: Scf, **parameters: Any) -> Any:  # noqa: ANN401 - JSON
    """ListFunctions is the one action that names no function."""
    return scf.ask("ListFunctions", None, **parameters)
