"""Cold starts: what a function does not need for an event, it does not import. Each path has a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from faketencent.server import Server, serve
from tests.world import World, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[1]
#: What no path needs, though it is installed, or comes with Python.
IDLE = {"asyncio", "Crypto", "ctypes", "email_validator", "multiprocessing", "sqlite3", "statistics", "unittest"}
IDLE |= {f"pydantic.{name}" for name in ("color", "deprecated", "mypy", "networks", "root_model", "v1")}
IDLE |= {
    "qcloud_cos.cos_encryption_client",
    "urllib3.contrib.pyopenssl",
    "urllib3.http2.connection",
    "faketencent",
    "ops",
}
#: The SDK, what it stands on, and the modules of ours that speak with the cloud.
CLOUD = {"certifi", "charset_normalizer", "crcmod", "http.client", "http.cookiejar", "idna", "qcloud_cos", "requests"}
CLOUD |= {"six", "ssl", "urllib3", "xml.dom", "xml.sax", "xmltodict", "shared.cloud"}
#: Of ours, what reads a claim and decides about it; and what is written down when it ends.
CLAIMS = {f"shared.domain.{name}" for name in ("claim", "next_step", "pause", "record", "seen", "status", "steps")}
CLAIMS |= {f"shared.use_cases.{name}" for name in ("attempt", "look", "reconcile", "submit_upload", "write_result")}
TIMER = {f"shared.use_cases.{name}" for name in ("pace", "poll", "sweep", "take_up", "tick")}
TIMER |= {"shared.cloud.tdmq", "shared.domain.next_step", "shared.domain.status", "shared.domain.steps"}
XML = {"defusedxml", "xml.etree.ElementTree"}

CONTEXT = {"time_limit_in_ms": 60_000, "tencentcloud_region": "ap-beijing"}
SETTINGS = {"WATERMARK_SECRET": "a secret of thirty-two bytes or more", "WATERMARK_LEDGER_BUCKET": "ledger-1250000000"}
PROGRAM = """
import json, sys, time
function, now, events, context = json.loads(sys.stdin.read())
if now:
    time.time = lambda: now
import importlib
module = importlib.import_module(function)
results = [module.main_handler(event, context) for event in events]
print(json.dumps({"results": results, "loaded": sorted(sys.modules)}))
"""


def run(
    function: str, *events: object, now: float = 0, context: dict[str, Any] = CONTEXT, **environment: str
) -> tuple[list[dict[str, Any]], set[str]]:
    """Handle events in a fresh interpreter: the answers, and all that is imported by then."""
    variables = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(  # noqa: S603 - our own interpreter and program
        [sys.executable, "-c", PROGRAM],
        input=json.dumps([function, now, events, context]),
        env=variables | (environment or SETTINGS),
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    return told["results"], set(told["loaded"])


def sample(name: str) -> object:
    return json.loads((ROOT / "events" / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("function", ["functions.submit", "functions.callback"])
def test_importing_a_function_does_not_import_what_speaks_with_the_cloud(function: str) -> None:
    _, loaded = run(function)

    assert loaded & (IDLE | CLOUD | CLAIMS | TIMER | XML) == set()


@pytest.mark.parametrize("function", ["functions.submit", "functions.callback"])
def test_what_a_function_imports_is_never_looked_through_for_garbage(function: str) -> None:
    program = f"import gc, {function}; print(gc.get_freeze_count() > 10_000, gc.isenabled())"

    done = subprocess.run(  # noqa: S603 - our own interpreter and program
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout == "True True\n"


class TestWithoutTheCloud:
    def test_an_upload_event_in_which_there_is_nothing_to_do(self) -> None:
        names = ("not-a-video", "zero-size", "folder-marker", "object-removed", "restore-requested")

        results, loaded = run("functions.submit", *(sample(f"upload/{name}.json") for name in names))

        assert [result["skipped"] for result in results] == [1] * len(names)
        assert loaded & (IDLE | CLOUD | CLAIMS | TIMER | XML) == set()

    def test_a_callback_that_is_not_ours_forged_or_no_post(self) -> None:
        job = {"JobId": "j1", "Input": {"BucketId": "b-1", "Object": "a.mp4"}, "Operation": {"UserData": "w2.forged"}}
        forged = {"httpMethod": "POST", "headers": {}, "body": json.dumps({"JobsDetail": job})}
        others = (sample("http/function-url-json.json"), sample("http/function-url-without-body.json"))

        results, loaded = run("functions.callback", forged, *others)

        assert [result["statusCode"] for result in results] == [403, 200, 405]
        assert loaded & (IDLE | CLOUD | CLAIMS | TIMER | XML) == set()

    def test_a_callback_that_is_malformed(self) -> None:
        malformed = {"httpMethod": "POST", "headers": {}, "body": "<!DOCTYPE x>"}

        results, loaded = run("functions.callback", malformed)

        assert [result["statusCode"] for result in results] == [400]
        assert loaded & (IDLE | CLOUD | CLAIMS | TIMER) == set()

    def test_messages_that_are_not_ours(self) -> None:
        names = ("cmq-topic", "cmq-topic-xml", "ckafka", "tdmq-push-json", "tdmq-push-simplified")

        results, loaded = run("functions.callback", *(sample(f"queue/{name}.json") for name in names))

        assert [result.get("skipped", result.get("statusCode")) for result in results] == [1, 1, 1, 200, 200]
        assert loaded & (IDLE | CLOUD | CLAIMS | TIMER) == set()


class TestWithTheCloud:
    """The functions of a deployment, each run in a process of its own."""

    @pytest.fixture
    def world(self) -> Iterator[World]:
        with deployed(SCHEME="http", MQ_REGION="bj", MQ_NAME="results", MQ_POLL_WAIT="0") as world:
            world.cloud.tdmq.backend.create_queue("results", "bj")
            yield world

    @pytest.fixture
    def server(self, world: World) -> Iterator[Server]:
        with serve(world.cloud) as server:
            yield server

    @pytest.fixture
    def cold(self, world: World, server: Server) -> Callable[[str], list[set[str]]]:
        """Has each run of a function be a cold start; what they have imported."""

        def made(function: str) -> list[set[str]]:
            seen: list[set[str]] = []

            def handler(event: object, context: dict[str, Any]) -> object:
                given = dict(pair.split("=", 1) for pair in context["environ"].split(";"))
                now = world.cloud.clock.now()
                proxy = {"HTTP_PROXY": server.url, "NO_PROXY": ""}
                results, loaded = run(f"functions.{function}", event, now=now, context=context, **given, **proxy)
                seen.append(loaded)
                return results[0]

            world.cloud.scf.backend.update_function(function, handler=handler)
            return seen

        return made

    def test_a_video(self, world: World, cold: Callable[[str], list[set[str]]]) -> None:
        seen = cold("submit")

        world.upload("a.mp4", marked_video("Hello_1"))
        world.cloud.settle()

        assert world.answer("a.mp4") == ("found", "Hello_1")
        finishing = {"shared.use_cases.complete", "shared.use_cases.look", "shared.use_cases.write_result"}
        assert seen[0] & (IDLE | TIMER | finishing | {"shared.domain.seen"}) == set()

    def test_a_callback(self, world: World, cold: Callable[[str], list[set[str]]]) -> None:
        seen = cold("callback")

        world.upload("a.mp4", marked_video("Hello_1"))
        world.cloud.settle()

        assert world.answer("a.mp4") == ("found", "Hello_1")
        beginning = {"shared.use_cases.attempt", "shared.use_cases.submit", "shared.use_cases.submit_upload"}
        assert seen[0] & (IDLE | TIMER | beginning | {"shared.domain.seen"}) == set()

    def test_a_tick_of_the_timer(self, world: World, cold: Callable[[str], list[set[str]]]) -> None:
        world.configure(MQ_REGION=None, MQ_NAME=None)
        seen = cold("callback")

        assert world.sweep()["complete"] is True

        assert seen[0] & (IDLE | {"shared.cloud.tdmq", "shared.use_cases.poll", "shared.events.uploads"}) == set()

    def test_a_tick_that_polls_an_empty_queue(self, world: World, cold: Callable[[str], list[set[str]]]) -> None:
        seen = cold("callback")

        assert world.sweep()["complete"] is True

        assert seen[0] & (IDLE | {"shared.events.uploads"}) == set()
        assert seen[0] >= {"shared.cloud.tdmq", "shared.use_cases.poll"}
