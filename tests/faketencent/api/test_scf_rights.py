"""Who may do what: a right is on one function, on everything, or on the role that a function gets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tencentcloud.common.exception import TencentCloudSDKException

from tests.faketencent.api.scf_client import HANDLER, Scf, in_base64, zipped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from faketencent.cloud import FakeCloud

#: Says the same on every Python.
pytestmark = pytest.mark.once

ONE = "qcs::scf::uin/100000000001:namespace/default/function/submit"
TICK = {"TriggerName": "tick", "Type": "timer"}
#: Every action with what it needs beside the function's name.
ON_THE_FUNCTION: list[tuple[str, dict[str, Any]]] = [
    ("CreateFunction", {"Code": {"ZipFile": in_base64(zipped())}, "Runtime": "Python3.10"}),
    ("GetFunction", {}),
    ("UpdateFunctionCode", {"ZipFile": in_base64(zipped())}),
    ("UpdateFunctionConfiguration", {"Timeout": 5}),
    ("DeleteFunction", {}),
    ("GetFunctionAddress", {}),
    ("PutReservedConcurrencyConfig", {"ReservedConcurrencyMem": 0}),
    ("GetReservedConcurrencyConfig", {}),
    ("DeleteReservedConcurrencyConfig", {}),
    ("GetFunctionEventInvokeConfig", {}),
    ("UpdateFunctionEventInvokeConfig", {"AsyncTriggerConfig": {"MsgTTL": 60, "RetryConfig": [{"RetryNum": 0}]}}),
]
ON_EVERYTHING: list[tuple[str, dict[str, Any]]] = [
    ("CreateTrigger", {**TICK, "TriggerDesc": "0 * * * * * *"}),
    ("ListTriggers", {}),
    ("UpdateTrigger", TICK),
    ("UpdateTriggerStatus", {**TICK, "Enable": "CLOSE"}),
    ("DeleteTrigger", TICK),
    ("InvokeFunction", {}),
    ("Invoke", {}),
]


def allowed(cloud: FakeCloud, action: str | Sequence[str], resource: str) -> Scf:
    """Somebody who may do this alone."""
    said = {"effect": "allow", "action": [action] if isinstance(action, str) else action, "resource": [resource]}
    cloud.cam.create_role("deployer", {"version": "2.0", "statement": [said]})
    return Scf(cloud.cam.assume("deployer"))


def was_denied(scf: Scf, action: str, function: str = "submit", **parameters: Any) -> str:  # noqa: ANN401 - JSON
    """The message, if it was CAM that refused; else nothing."""
    try:
        scf.ask(action, function, **parameters)
    except TencentCloudSDKException as error:
        message: str = error.message
        return message if error.code == "UnauthorizedOperation" else ""
    return ""


@pytest.mark.parametrize(("action", "parameters"), ON_THE_FUNCTION)
def test_a_right_on_one_function_is_enough_for_it_and_for_no_other(
    cloud: FakeCloud,
    scf: Scf,  # noqa: ARG001 - answers
    action: str,
    parameters: dict[str, Any],
) -> None:
    deployer = allowed(cloud, f"scf:{action}", ONE)

    assert not was_denied(deployer, action, **parameters)
    assert f"(scf:{action})\nresource ({ONE[:-6]}other)" in was_denied(deployer, action, "other", **parameters)


@pytest.mark.parametrize(("action", "parameters"), ON_EVERYTHING)
def test_a_right_that_is_known_on_operation_level_has_to_be_on_everything(
    cloud: FakeCloud,
    scf: Scf,  # noqa: ARG001 - answers
    action: str,
    parameters: dict[str, Any],
) -> None:
    assert "resource (*)" in was_denied(allowed(cloud, f"scf:{action}", ONE), action, **parameters)
    assert not was_denied(allowed(cloud, f"scf:{action}", "*"), action, **parameters)


def test_giving_a_function_its_role_is_a_right_on_the_role(cloud: FakeCloud, scf: Scf) -> None:
    scf.create()
    cloud.clock.sleep(2)
    cloud.cam.create_role("reader")
    role = "qcs::cam::uin/100000000001:roleName/reader"
    new = {"Code": {"ZipFile": in_base64(zipped())}, "Runtime": "Python3.10", "Handler": HANDLER, "Role": "reader"}

    for actions, may in ((["scf:*"], False), (["scf:*", "cam:PassRole"], True)):
        deployer = allowed(cloud, actions, "*")
        denied = [
            was_denied(deployer, "UpdateFunctionConfiguration", Role="reader"),
            was_denied(deployer, "CreateFunction", "other", **new),
        ]
        assert [f"(cam:PassRole)\nresource ({role})" in message for message in denied] == [not may] * 2
