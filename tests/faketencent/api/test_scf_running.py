"""What was deployed through the API runs: invoked, stopped, and tried again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from faketencent.scf.invocation import Source, StatusCode
from tests.faketencent.api.scf_client import HANDLER, Scf, in_base64, zipped

if TYPE_CHECKING:
    from faketencent.cloud import FakeCloud

#: Says the same on every Python.
pytestmark = pytest.mark.once

FAILS = "def main_handler(event, context):\n    raise RuntimeError('no')\n"


def deploy(cloud: FakeCloud, scf: Scf, name: str, entry: str, **more: str) -> None:
    scf.create(name, Code={"ZipFile": in_base64(zipped(entry, **more))})
    cloud.clock.sleep(2)


class TestInvoking:
    @pytest.mark.parametrize(("action", "event"), [("InvokeFunction", "Event"), ("Invoke", "ClientContext")])
    def test_the_result_comes_back(self, submit: Scf, action: str, event: str) -> None:
        result = submit.ask(action, **{event: '{"a": "水"}'})["Result"]

        assert json.loads(result["RetMsg"]) == {"echo": {"a": "水"}}
        assert (result["InvokeResult"], result["ErrMsg"], result["Log"]) == (0, "", "")

    def test_an_error_comes_as_the_document_of_the_platform(self, cloud: FakeCloud, scf: Scf) -> None:
        deploy(cloud, scf, "submit", FAILS)

        result = scf.ask("InvokeFunction", Event="{}")["Result"]

        error = json.loads(result["ErrMsg"])
        assert (result["InvokeResult"], result["RetMsg"], error["statusCode"]) == (430, "", 430)
        assert "RuntimeError: no" in error["stackTrace"]

    def test_the_end_of_the_log_comes_if_it_is_wanted(self, cloud: FakeCloud, scf: Scf) -> None:
        deploy(cloud, scf, "submit", "def main_handler(event, context):\n    print('x' * 5000 + 'end')\n")

        log = scf.ask("InvokeFunction", LogType="Tail")["Result"]["Log"]

        assert (len(log), log.endswith("end\n")) == (4096, True)

    def test_an_event_may_be_left_behind(self, cloud: FakeCloud, submit: Scf) -> None:
        result = submit.ask("Invoke", InvocationType="Event", ClientContext="1")["Result"]
        assert (result["RetMsg"], cloud.scf.backend.invocations) == ("", [])

        cloud.settle()

        assert [run.result for run in cloud.scf.backend.invocations] == [{"echo": 1}]

    def test_what_is_no_json_or_no_function_is_refused(self, cloud: FakeCloud, submit: Scf) -> None:
        assert submit.refused("InvokeFunction", Event="{") == "InvalidParameterValue.Param"
        assert submit.refused("InvokeFunction", "other") == "ResourceNotFound.Function"
        submit.create("callback")
        assert submit.refused("InvokeFunction", "callback") == "FailedOperation.FunctionStatusError"
        cloud.clock.sleep(2)
        submit.ask("InvokeFunction", "callback")


class TestCode:
    def test_a_handler_that_is_not_in_the_zip_fails_the_run(self, cloud: FakeCloud, scf: Scf) -> None:
        for name, handler in (("file", "other.main_handler"), ("function", "entry.other")):
            scf.create(name, Handler=handler)
            cloud.clock.sleep(2)

            error = json.loads(scf.ask("InvokeFunction", name)["Result"]["ErrMsg"])

            assert error["statusCode"] == StatusCode.USER_CODE_EXCEPTION

    def test_each_function_has_the_modules_of_its_own_zip(self, cloud: FakeCloud, scf: Scf) -> None:
        # given two zips with a module of one name, which is imported at once and again later
        entry = (
            "import beside\n"
            "def main_handler(event, context):\n"
            "    from beside import ANSWER\n"
            "    return [ANSWER, beside.ANSWER]\n"
        )
        deploy(cloud, scf, "submit", entry, beside="ANSWER = 1\n")
        deploy(cloud, scf, "callback", entry, beside="ANSWER = 2\n")

        answers = [scf.ask("InvokeFunction", name)["Result"]["RetMsg"] for name in ("submit", "callback", "submit")]

        assert answers == ["[1, 1]", "[2, 2]", "[1, 1]"]

    def test_it_finds_its_environment_and_the_credentials_of_its_role(self, cloud: FakeCloud, scf: Scf) -> None:
        cloud.cam.create_role("reader")
        entry = "import os\ndef main_handler(event, context):\n    return dict(os.environ)\n"
        variables = [{"Key": "MODE", "Value": "x"}]
        scf.create(entry=entry, Role="reader", Environment={"Variables": variables}, Handler=HANDLER)
        cloud.clock.sleep(2)

        found = json.loads(scf.ask("InvokeFunction")["Result"]["RetMsg"])

        assert found["MODE"] == "x"
        assert found["TENCENTCLOUD_SECRETID"].startswith("AKIDreader")


class TestReservedConcurrency:
    def test_there_is_none_unless_it_is_set(self, submit: Scf) -> None:
        assert submit.ask("GetReservedConcurrencyConfig")["ReservedMem"] is None
        submit.ask("PutReservedConcurrencyConfig", ReservedConcurrencyMem=0)
        assert submit.ask("GetReservedConcurrencyConfig")["ReservedMem"] == 0
        submit.ask("DeleteReservedConcurrencyConfig")
        assert submit.ask("GetReservedConcurrencyConfig")["ReservedMem"] is None
        most = "LimitExceeded.FunctionReservedConcurrencyMemory"
        assert submit.refused("PutReservedConcurrencyConfig", ReservedConcurrencyMem=115_328) == most

    def test_none_at_all_stops_every_run_and_events_wait(self, cloud: FakeCloud, submit: Scf) -> None:
        submit.ask("PutReservedConcurrencyConfig", ReservedConcurrencyMem=0)
        assert submit.ask("InvokeFunction")["Result"]["InvokeResult"] == StatusCode.RESOURCE_LIMIT
        cloud.scf.backend.invoke_later("submit", 1, source=Source.COS)
        cloud.advance(3600)
        assert cloud.scf.backend.invocations == []

        submit.ask("DeleteReservedConcurrencyConfig")
        cloud.advance(60)

        assert [run.event for run in cloud.scf.backend.invocations] == [1]

    def test_an_event_is_dropped_when_it_waited_too_long(self, cloud: FakeCloud, submit: Scf) -> None:
        config = {"MsgTTL": 3600, "RetryConfig": [{"RetryNum": 1}]}
        submit.ask("UpdateFunctionEventInvokeConfig", AsyncTriggerConfig=config)
        submit.ask("PutReservedConcurrencyConfig", ReservedConcurrencyMem=0)
        cloud.scf.backend.invoke_later("submit", 1)
        cloud.advance(3600)

        submit.ask("DeleteReservedConcurrencyConfig")
        cloud.advance(3600)

        assert (cloud.scf.backend.invocations, cloud.clock.pending()) == ([], 0)


class TestRetries:
    def test_they_can_be_set(self, cloud: FakeCloud, scf: Scf) -> None:
        deploy(cloud, scf, "submit", FAILS)
        config = {"MsgTTL": 3600, "RetryConfig": [{"RetryNum": 1}]}

        scf.ask("UpdateFunctionEventInvokeConfig", AsyncTriggerConfig=config)

        there = scf.ask("GetFunctionEventInvokeConfig")["AsyncTriggerConfig"]
        assert (there["MsgTTL"], there["RetryConfig"]) == (3600, [{"RetryNum": 1}, {"RetryNum": -1}])
        cloud.scf.backend.invoke_later("submit", 1)
        cloud.advance(600)
        assert len(cloud.scf.backend.invocations) == 2

    def test_then_the_event_is_dropped_unless_there_is_a_queue_for_it(self, cloud: FakeCloud, scf: Scf) -> None:
        queue = {"Type": "CMQ-QUEUE", "Name": "dead-letters", "FilterType": ""}
        for name, given in (("dropped", {}), ("kept", {"DeadLetterConfig": queue})):
            scf.create(name, FAILS, **given)
            cloud.clock.sleep(2)
            cloud.scf.backend.invoke_later(name, 1)

        cloud.advance(600)

        assert [letter.function for letter in cloud.scf.backend.dead_letters] == ["kept"]
        assert scf.ask("GetFunction", "kept")["DeadLetterConfig"] == queue

    @pytest.mark.parametrize(("retries", "seconds"), [(3, 3600), (1, 59), (1, 21601)])
    def test_within_limits(self, submit: Scf, retries: int, seconds: int) -> None:
        config = {"MsgTTL": seconds, "RetryConfig": [{"RetryNum": retries}]}

        code = submit.refused("UpdateFunctionEventInvokeConfig", AsyncTriggerConfig=config)

        assert code.startswith("InvalidParameterValue.")
