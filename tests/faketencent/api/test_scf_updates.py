"""Functions changed through the API."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from faketencent.scf.habits import CodeHash
from tests.faketencent.api.scf_client import in_base64, zipped

if TYPE_CHECKING:
    from faketencent.cloud import FakeCloud
    from tests.faketencent.api.scf_client import Scf

#: Says the same on every Python.
pytestmark = pytest.mark.once


def test_what_is_not_named_is_kept(cloud: FakeCloud, submit: Scf) -> None:
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


def test_the_environment_is_replaced_as_a_whole_and_cleared_by_an_empty_pair(cloud: FakeCloud, submit: Scf) -> None:
    def set_to(**variables: str) -> object:
        listed = [{"Key": key, "Value": value} for key, value in variables.items()]
        submit.ask("UpdateFunctionConfiguration", Environment={"Variables": listed or [{"Key": "", "Value": ""}]})
        cloud.clock.sleep(2)
        return submit.ask("GetFunction")["Environment"]["Variables"]

    set_to(A="1", B="2")
    assert set_to(C="3") == [{"Key": "C", "Value": "3"}]
    assert set_to() == []


def test_a_busy_function_is_refused_by_each_of_the_codes_that_were_seen(submit: Scf) -> None:
    submit.ask("UpdateFunctionConfiguration", Timeout=30)

    refusals = [submit.refused("UpdateFunctionConfiguration", Timeout=40) for _ in range(4)]

    assert refusals == [
        "FailedOperation.UpdateFunctionConfiguration",
        "UnauthorizedOperation.FunctionStatus",
        "FailedOperation.FunctionStatusError",
        "FailedOperation.UpdateFunctionConfiguration",
    ]
    assert submit.refused("UpdateFunctionCode", ZipFile=in_base64(zipped())) == "UnauthorizedOperation.FunctionStatus"
    assert submit.refused("DeleteFunction") == "FailedOperation.FunctionStatusError"


def test_a_failed_update_leaves_the_old_function(cloud: FakeCloud, submit: Scf) -> None:
    cloud.scf.backend.habits.failures.append("no room")
    submit.ask("UpdateFunctionConfiguration", Timeout=30)
    cloud.clock.sleep(2)

    shown = submit.ask("GetFunction")

    assert (shown["Status"], shown["StatusDesc"], shown["Timeout"]) == ("UpdateFailed", "no room", 3)
    submit.ask("UpdateFunctionConfiguration", Timeout=30)


def test_the_runtime_never_changes_and_the_log_only_with_the_role(submit: Scf) -> None:
    assert submit.refused("UpdateFunctionConfiguration", Runtime="Python3.9") == "InvalidParameterValue.Runtime"
    assert submit.refused("UpdateFunctionConfiguration", ClsTopicId="a") == "InvalidParameterValue.ClsRole"


def test_new_code_serves_when_the_update_is_done(cloud: FakeCloud, submit: Scf) -> None:
    new = zipped("def other(event, context):\n    return 'new'\n")
    submit.ask("UpdateFunctionCode", ZipFile=in_base64(new), Handler="entry.other")
    assert submit.ask("InvokeFunction", Event="1")["Result"]["RetMsg"] == '{"echo": 1}'

    cloud.clock.sleep(2)

    assert submit.ask("InvokeFunction", Event="1")["Result"]["RetMsg"] == '"new"'
    assert submit.ask("GetFunction")["Handler"] == "entry.other"


def test_the_hash_of_the_code_is_that_of_the_zip_or_of_something_else(cloud: FakeCloud, submit: Scf) -> None:
    ours = hashlib.sha256(zipped()).hexdigest()
    assert submit.ask("GetFunctionAddress")["CodeSha256"] == ours

    cloud.scf.backend.habits.code_hash = CodeHash.OF_OTHER_BYTES

    other = submit.ask("GetFunctionAddress")["CodeSha256"]
    assert other != ours
    assert len(other) == 64


def test_what_is_changed_in_the_cloud_itself_meanwhile_stays_changed(cloud: FakeCloud, submit: Scf) -> None:
    submit.ask("UpdateFunctionConfiguration", Timeout=30)
    cloud.scf.backend.update_function("submit", memory=512)
    cloud.clock.sleep(2)

    shown = submit.ask("GetFunction")
    assert (shown["Status"], shown["Timeout"], shown["MemorySize"]) == ("Active", 30, 512)
