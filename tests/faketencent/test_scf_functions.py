"""Running a function: what it is given, what it may return, and how it ends."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faketencent.cloud import FakeCloud
from faketencent.errors import ServiceError
from faketencent.faults import Fault, FunctionKilled
from faketencent.scf.exceptions import EventTooLargeError, FunctionNotFoundError
from faketencent.scf.invocation import Status, StatusCode
from faketencent.wire import Request

if TYPE_CHECKING:
    from faketencent.scf.models import ScfBackend

#: Says the same on every Python.
pytestmark = pytest.mark.once

Json = Any


@pytest.fixture
def cloud() -> FakeCloud:
    return FakeCloud()


@pytest.fixture
def scf(cloud: FakeCloud) -> ScfBackend:
    return cloud.scf.backend


def echo(event: dict[str, Json], _: dict[str, Json]) -> dict[str, Json]:
    return event


def environ(_: object, __: object) -> dict[str, str]:
    return dict(os.environ)


class TestWhatAFunctionIsGiven:
    def test_the_context_is_a_dict_with_the_documented_fields(self, scf: ScfBackend) -> None:
        # given a function that returns its context
        scf.create_function("submit", lambda _, context: context, environment={"MODE": "x"}, timeout=30, memory=512)

        # when it runs
        context = scf.invoke("submit", {}).result

        # then https://cloud.tencent.com/document/product/583/9210
        found = json.loads(context.pop("environment"))
        assert context.pop("environ") == ";".join(f"{name}={value}" for name, value in found.items())
        assert found["MODE"] == "x"
        assert context == {
            "memory_limit_in_mb": 512,
            "time_limit_in_ms": 30_000,
            "request_id": "00000000-0000-0000-0000-000000000001",
            "function_version": "$LATEST",
            "function_name": "submit",
            "namespace": "default",
            "tencentcloud_region": "ap-beijing",
            "tencentcloud_appid": "1250000000",
            "tencentcloud_uin": "100000000001",
        }

    def test_the_environment_holds_its_own_variables_and_the_platforms(self, scf: ScfBackend) -> None:
        scf.create_function("submit", environ, environment={"MODE": "x"})

        found = scf.invoke("submit", {}).result

        expected = {
            "MODE": "x",
            "TENCENTCLOUD_RUNENV": "SCF",
            "TENCENTCLOUD_REGION": "ap-beijing",
            "TENCENTCLOUD_APPID": "1250000000",
            "TENCENTCLOUD_UIN": "100000000001",
            "SCF_FUNCTIONNAME": "submit",
            "SCF_NAMESPACE": "default",
            "SCF_FUNCTIONVERSION": "$LATEST",
        }
        assert expected.items() <= found.items()
        assert "TRIGGER_SRC" not in found

    def test_credentials_of_the_role_are_new_each_time(self, cloud: FakeCloud, scf: ScfBackend) -> None:
        cloud.cam.create_role("submit")
        scf.create_function("submit", environ, role="submit")

        first, second = (scf.invoke("submit", {}).result for _ in range(2))

        assert first["TENCENTCLOUD_SECRETID"] != second["TENCENTCLOUD_SECRETID"]
        identity = cloud.cam.find(second["TENCENTCLOUD_SECRETID"])
        assert identity is not None
        assert identity.secret_key == second["TENCENTCLOUD_SECRETKEY"]
        assert identity.token == second["TENCENTCLOUD_SESSIONTOKEN"]

    @pytest.mark.parametrize("role", [None, "deleted"])
    def test_without_a_role_there_are_no_credentials(self, cloud: FakeCloud, scf: ScfBackend, role: str | None) -> None:
        cloud.cam.create_role("deleted")
        scf.create_function("submit", environ, role=role)
        cloud.cam.delete_role("deleted")

        assert not [name for name in scf.invoke("submit", {}).result if "SECRET" in name or "TOKEN" in name]

    def test_the_machines_own_variables_do_not_reach_it(self, scf: ScfBackend, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("WATERMARK_SECRET", "of the machine")
        scf.create_function("submit", environ)

        assert "WATERMARK_SECRET" not in scf.invoke("submit", {}).result

    @pytest.mark.parametrize("payload", ["some text", "", ["a", 1], [], 0, 1.5, True, None, {}], ids=repr)
    def test_a_console_test_may_send_any_json_value(self, cloud: FakeCloud, scf: ScfBackend, payload: Json) -> None:
        scf.create_function("submit", echo)

        scf.invoke("submit", payload)
        scf.invoke_later("submit", payload)
        cloud.settle()

        runs = [(run.status, run.event, run.result) for run in scf.invocations]
        assert runs == [(Status.SUCCEEDED, payload, payload)] * 2

    def test_the_event_has_been_through_json(self, scf: ScfBackend) -> None:
        # given a handler that changes what it is given
        sent: dict[Any, Json] = {"tuple": (1, 2), 3: "number as a name"}
        scf.create_function("submit", lambda event, _: event.pop("tuple"))

        # when it is invoked
        run = scf.invoke("submit", sent)

        # then neither the caller's object nor the record has changed
        assert run.event == {"tuple": [1, 2], "3": "number as a name"}
        assert sent == {"tuple": (1, 2), 3: "number as a name"}
        assert run.result == [1, 2]


class TestHowItEnds:
    json_values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(codec="utf-8")),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=8,
    )

    @given(value=json_values)
    def test_any_json_value_is_a_result(self, value: Json) -> None:
        scf = FakeCloud().scf.backend
        scf.create_function("submit", lambda _, __: value)

        run = scf.invoke("submit", {})

        assert (run.status, run.result) == (Status.SUCCEEDED, value)

    @pytest.mark.parametrize("value", [b"bytes", {1, 2}, object(), "lone surrogate \ud800"])
    def test_a_result_that_is_no_json_fails_it(self, scf: ScfBackend, value: object) -> None:
        scf.create_function("submit", lambda _, __: value)

        run = scf.invoke("submit", {})

        assert (run.status, run.outcome.code) == (Status.FAILED, StatusCode.USER_CODE_EXCEPTION)
        assert run.result is None

    def test_a_result_of_more_than_6_mb_fails_it(self, scf: ScfBackend) -> None:
        scf.create_function("submit", lambda event, _: "x" * event["size"])
        largest = 6 * 1024 * 1024 - len('""')

        assert scf.invoke("submit", {"size": largest}).status is Status.SUCCEEDED
        assert scf.invoke("submit", {"size": largest + 1}).outcome.code is StatusCode.RESPONSE_TOO_LARGE

    def test_an_exception_fails_it_with_its_stack_trace(self, scf: ScfBackend) -> None:
        def broken(_: object, __: object) -> None:
            raise RuntimeError("no such luck")

        scf.create_function("submit", broken)

        run = scf.invoke("submit", {})

        assert run.status is Status.FAILED
        assert run.error.startswith("Traceback (most recent call last):")
        assert run.error.endswith("RuntimeError: no such luck")
        assert "runtime.py" not in run.error

    def test_a_kill_cannot_be_caught_as_an_exception(self, scf: ScfBackend) -> None:
        def call() -> str:
            raise FunctionKilled("at call 3")

        def stubborn(_: object, __: object) -> str:
            try:
                return call()
            except Exception:  # noqa: BLE001 - it must not get here
                return "survived"

        scf.create_function("submit", stubborn)

        run = scf.invoke("submit", {})

        assert (run.status, run.error) == (Status.KILLED, "at call 3")

    def test_leaving_the_process_ends_it(self, scf: ScfBackend) -> None:
        scf.create_function("submit", lambda _, __: sys.exit(3))

        run = scf.invoke("submit", {})

        assert (run.status, run.outcome.code) == (Status.KILLED, StatusCode.CONTAINER_EXITED)

    @pytest.mark.parametrize(("seconds", "status"), [(60, Status.SUCCEEDED), (60.5, Status.KILLED)])
    def test_it_is_killed_when_its_time_is_up(
        self, cloud: FakeCloud, scf: ScfBackend, seconds: float, status: Status
    ) -> None:
        scf.create_function("submit", lambda _, __: cloud.clock.sleep(seconds), timeout=60)

        run = scf.invoke("submit", {})

        assert (run.status, run.duration) == (status, seconds)
        assert run.error == ("" if status is Status.SUCCEEDED else "Invoking task timed out after 60 seconds")

    def test_no_call_takes_effect_after_its_time_is_up(self, cloud: FakeCloud, scf: ScfBackend) -> None:
        # given a function that calls another one after it has slept too long
        def late(_: object, __: object) -> None:
            cloud.clock.sleep(61)
            cloud.dispatch(Request.to("POST", url))

        scf.create_function("other", echo)
        url = scf.function_url("other")
        scf.create_function("submit", late, timeout=60)

        # when it runs
        run = scf.invoke("submit", {})

        # then the other one was never run
        assert run.status is Status.KILLED
        assert cloud.operations() == []
        assert [done.function for done in scf.invocations] == ["submit"]

    def test_a_fault_can_kill_it_in_the_middle_of_a_call(self, cloud: FakeCloud, scf: ScfBackend) -> None:
        scf.create_function("other", echo)
        url = scf.function_url("other")
        scf.create_function("submit", lambda _, __: cloud.dispatch(Request.to("POST", url)).status)
        cloud.faults.on("InvokeFunctionUrl", Fault.KILL_AFTER)

        run = scf.invoke("submit", {})

        assert run.status is Status.KILLED
        assert [done.function for done in scf.invocations] == ["other", "submit"]

    def test_a_killed_function_cleans_nothing_up(self, cloud: FakeCloud, scf: ScfBackend) -> None:
        # given a function that calls another one at its end, whatever happens
        def tidy(event: dict[str, Json], _: object) -> None:
            try:
                cloud.dispatch(Request.to("POST", url + "/work"))
            finally:
                try:
                    event["not there"]
                except KeyError:
                    cloud.dispatch(Request.to("POST", url + "/clean"))

        scf.create_function("other", lambda event, _: event["path"])
        url = scf.function_url("other")
        scf.create_function("submit", tidy)
        cloud.faults.on("InvokeFunctionUrl", Fault.KILL_AFTER)

        # when it is killed in its first call
        run = scf.invoke("submit", {})

        # then the second one reaches nothing
        assert run.status is Status.KILLED
        assert [done.result for done in scf.invocations] == ["/work", None]

    def test_every_run_is_on_record(self, cloud: FakeCloud, scf: ScfBackend) -> None:
        scf.create_function("submit", echo)
        cloud.advance(5)

        run = scf.invoke("submit", {"a": 1})

        assert scf.invocations == [run]
        assert (run.function, run.event, run.started_at) == ("submit", {"a": 1}, cloud.clock.now())


class TestWhatIsNotRun:
    def test_an_unknown_function(self, scf: ScfBackend) -> None:
        with pytest.raises(FunctionNotFoundError):
            scf.invoke("nobody", {})

    def test_an_event_of_more_than_6_mb(self, scf: ScfBackend) -> None:
        scf.create_function("submit", lambda event, _: len(event["x"]))
        largest = 6 * 1024 * 1024 - len('{"x": ""}')

        assert scf.invoke("submit", {"x": "x" * largest}).result == largest
        with pytest.raises(EventTooLargeError):
            scf.invoke("submit", {"x": "x" * (largest + 1)})

    @pytest.mark.parametrize("event", [{"x": b"bytes"}, {"x": "\ud800"}])
    def test_an_event_that_is_no_json(self, scf: ScfBackend, event: dict[str, Json]) -> None:
        scf.create_function("submit", echo)

        with pytest.raises(ServiceError, match="InvalidParameterValue"):
            scf.invoke("submit", event)

        assert scf.invocations == []
