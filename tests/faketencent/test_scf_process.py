"""Functions share one process with their tests: its environment, its output, its log."""

from __future__ import annotations

import logging
import os
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

from faketencent.cloud import FakeCloud
from faketencent.faults import FunctionKilled
from faketencent.scf.invocation import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faketencent.scf.models import ScfBackend


@pytest.fixture
def cloud() -> FakeCloud:
    return FakeCloud()


@pytest.fixture
def scf(cloud: FakeCloud) -> ScfBackend:
    return cloud.scf.backend


def environ(_: object, __: object) -> dict[str, str]:
    return dict(os.environ)


class TestWhatStaysBehind:
    def test_the_process_environment_is_as_before_afterwards(self, scf: ScfBackend) -> None:
        def meddle(_: object, __: object) -> None:
            os.environ["LEFT_BEHIND"] = "x"
            del os.environ["MODE"]

        scf.create_function("submit", meddle, environment={"MODE": "x"})
        before = dict(os.environ)

        scf.invoke("submit", {})

        assert dict(os.environ) == before


class TestWhatItPrints:
    def test_prints_and_log_records_are_kept_with_the_run(
        self, scf: ScfBackend, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def talkative(event: dict[str, Any], _: object) -> None:
            print(event["say"])  # noqa: T201 - printing is what is tested
            print("oops", file=sys.stderr)  # noqa: T201 - the same
            logging.getLogger("library").debug("at debug")

        scf.create_function("submit", talkative)

        logs = [scf.invoke("submit", {"say": word}).log for word in ("one", "two")]

        assert logs == ["one\noops\nat debug\n", "two\noops\nat debug\n"]
        assert capsys.readouterr() == ("", "")

    def test_the_root_logger_has_a_handler_already(self, scf: ScfBackend) -> None:
        def configures(_: object, __: object) -> int:
            logging.basicConfig(level=logging.ERROR)
            return logging.root.level

        scf.create_function("submit", configures)

        assert scf.invoke("submit", {}).result == logging.DEBUG

    def test_streams_and_root_logger_are_as_before_afterwards(self, scf: ScfBackend) -> None:
        scf.create_function("submit", environ)
        before = (sys.stdout, sys.stderr, logging.root.level, list(logging.root.handlers))

        scf.invoke("submit", {})

        assert (sys.stdout, sys.stderr, logging.root.level, list(logging.root.handlers)) == before

    def test_what_was_printed_before_a_kill_is_kept(self, scf: ScfBackend) -> None:
        def dies(_: object, __: object) -> None:
            print("last words")  # noqa: T201 - printing is what is tested
            raise FunctionKilled

        scf.create_function("submit", dies)

        assert scf.invoke("submit", {}).log == "last words\n"


class TestTwoAtOnce:
    def test_two_threads_can_be_stepped_against_each_other(self, cloud: FakeCloud, scf: ScfBackend) -> None:
        # given a handler that waits for the other run to have started
        both = threading.Barrier(2, timeout=10)
        seen: dict[str, str] = {}

        def handler(event: dict[str, str], _: object) -> None:
            both.wait()
            print(event["name"])  # noqa: T201 - printing is what is tested
            seen[event["name"]] = os.environ["TENCENTCLOUD_SECRETID"]
            both.wait()

        cloud.cam.create_role("submit")
        scf.create_function("submit", handler, role="submit", environment={"MODE": "x"})
        before = dict(os.environ)

        # when two threads run it at the same time
        threads = [threading.Thread(target=scf.invoke, args=("submit", {"name": name})) for name in "ab"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=10)

        # then both found valid credentials, each has its own log, and nothing is left
        assert [run.status for run in scf.invocations] == [Status.SUCCEEDED] * 2
        assert all(cloud.cam.find(secret_id) for secret_id in seen.values())
        assert {run.event["name"]: run.log for run in scf.invocations} == {"a": "a\n", "b": "b\n"}
        assert dict(os.environ) == before

    def test_one_that_ends_leaves_the_others_environment(self, scf: ScfBackend) -> None:
        # given a function that calls another one, which has a variable more
        def outer(_: object, __: object) -> list[Mapping[str, str]]:
            before = dict(os.environ)
            during = scf.invoke("inner", {}).result
            return [before, during, dict(os.environ)]

        scf.create_function("inner", environ, environment={"MODE": "inner", "MORE": "x"})
        scf.create_function("outer", outer, environment={"MODE": "outer"})

        before, during, after = scf.invoke("outer", {}).result

        assert (during["MODE"], during["MORE"]) == ("inner", "x")
        assert after == before

    def test_one_that_ends_leaves_the_others_output(self, scf: ScfBackend) -> None:
        def outer(_: object, __: object) -> None:
            scf.invoke("inner", {})
            print("outer")  # noqa: T201 - printing is what is tested
            logging.getLogger("outer").debug("at debug")

        scf.create_function("inner", lambda _, __: print("inner"))  # noqa: T201 - the same
        scf.create_function("outer", outer)

        scf.invoke("outer", {})

        assert [run.log for run in scf.invocations] == ["inner\n", "outer\nat debug\n"]
