"""Functions made, changed and removed through the API, by Tencent's own SDK."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from faketencent.faults import Fault
from tests.faketencent.api.scf_client import HANDLER, Scf, in_base64, zipped

if TYPE_CHECKING:
    from faketencent.cloud import FakeCloud

#: Says the same on every Python.
pytestmark = pytest.mark.once


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
        cloud.cls.backend.opened = False
        scf.create()
        cloud.clock.sleep(2)

        shown = scf.ask("GetFunction")

        assert (shown["Status"], shown["CodeSize"], len(shown["StatusReasons"])) == ("CreateFailed", 0, 1)
        # then it has to be deleted before it can be made again
        assert scf.refused("UpdateFunctionConfiguration", Timeout=5).endswith("UpdateFunctionConfiguration")
        scf.ask("DeleteFunction")
        cloud.clock.sleep(2)
        cloud.cls.backend.opened = True
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
        cloud.cam.delete_role("SCF_QcsRole")
        code = {"ZipFile": in_base64(zipped())}
        assert scf.refused("CreateFunction", Runtime="Python3.10", Code=code) == "FailedOperation.QcsRoleNotFound"

    def test_a_role_that_cannot_be_assumed_yet_is_refused(self, cloud: FakeCloud, scf: Scf) -> None:
        cloud.cam.create_role("reader")
        cloud.cam.propagation = 10
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
