"""Cold starts: what a function does not need for an event, it does not import."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
#: The SDK, what it stands on, and the modules of ours that speak with the cloud.
HEAVY = {
    "qcloud_cos",
    "requests",
    "urllib3",
    "shared.cloud.transport",
    "shared.cloud.connections",
    "shared.cloud.deadlines",
    "shared.cloud.ci",
    "shared.cloud.cos",
    "shared.cloud.ledger",
    "shared.cloud.clients",
    "shared.cloud.tdmq",
}
CONTEXT = {"time_limit_in_ms": 60_000, "tencentcloud_region": "ap-beijing"}
SETTINGS = {"WATERMARK_SECRET": "a secret of thirty-two bytes or more", "WATERMARK_LEDGER_BUCKET": "ledger-1250000000"}
PROGRAM = """
import importlib, json, sys
function, heavy, events, context = json.loads(sys.stdin.read())
module = importlib.import_module(function)
results = [module.main_handler(event, context) for event in events]
loaded = [name for name in heavy if name in sys.modules]
print(json.dumps({"results": results, "loaded": loaded}))
"""


def run(function: str, *events: object) -> tuple[list[dict[str, object]], list[str]]:
    """Handle events in a fresh interpreter: the answers, and what of the heavy modules was imported."""
    given = json.dumps([function, sorted(HEAVY), events, CONTEXT])
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        **SETTINGS,
    }
    done = subprocess.run(  # noqa: S603 - our own interpreter and program
        [sys.executable, "-c", PROGRAM], input=given, env=environment, capture_output=True, text=True, check=True
    )
    told = json.loads(done.stdout.splitlines()[-1])
    return told["results"], told["loaded"]


def sample(name: str) -> object:
    return json.loads((ROOT / "events" / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("function", ["functions.submit", "functions.callback"])
def test_importing_a_function_does_not_import_what_speaks_with_the_cloud(function: str) -> None:
    assert run(function) == ([], [])


@pytest.mark.parametrize("function", ["functions.submit", "functions.callback"])
def test_what_a_function_imports_is_never_looked_through_for_garbage(function: str) -> None:
    program = f"import gc, {function}; print(gc.get_freeze_count() > 10_000, gc.isenabled())"

    done = subprocess.run(  # noqa: S603 - our own interpreter and program
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout == "True True\n"


def test_nor_does_an_upload_event_in_which_there_is_nothing_to_do() -> None:
    names = ("not-a-video", "zero-size", "folder-marker", "object-removed", "restore-requested")

    results, loaded = run("functions.submit", *(sample(f"upload/{name}.json") for name in names))

    assert [result["skipped"] for result in results] == [1] * len(names)
    assert loaded == []


def test_nor_does_a_callback_that_is_not_ours_forged_malformed_or_no_post() -> None:
    job = {"JobId": "j1", "Input": {"BucketId": "b-1", "Object": "a.mp4"}, "Operation": {"UserData": "w2.forged"}}
    forged = {"httpMethod": "POST", "headers": {}, "body": json.dumps({"JobsDetail": job})}
    malformed = {"httpMethod": "POST", "headers": {}, "body": "<!DOCTYPE x>"}

    results, loaded = run(
        "functions.callback",
        sample("http/function-url-json.json"),
        forged,
        malformed,
        sample("http/function-url-without-body.json"),
    )

    assert [result["statusCode"] for result in results] == [200, 403, 400, 405]
    assert loaded == []


def test_nor_do_messages_that_are_not_ours() -> None:
    names = ("cmq-topic", "cmq-topic-xml", "ckafka", "tdmq-push-json", "tdmq-push-simplified")

    results, loaded = run("functions.callback", *(sample(f"queue/{name}.json") for name in names))

    assert [result.get("skipped", result.get("statusCode")) for result in results] == [1, 1, 1, 200, 200]
    assert loaded == []
