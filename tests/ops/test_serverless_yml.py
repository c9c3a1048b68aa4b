"""serverless.yml, held against everything else that must agree with it."""

from __future__ import annotations

import re

import pytest
import yaml

from faketencent.scf import limits
from ops.checkout import BUNDLE_FOLDER, ROOT, SERVERLESS_YML
from ops.deploy.goal import CALLBACK_URL
from ops.doctor import triggers
from ops.doctor.timing import ENOUGH
from ops.manifest.schema import TriggerKind
from ops.manifest.text import read_document, references
from shared.invocation import LONGEST
from tests.ops.deployment import SETTINGS, deployment

#: Says the same on every Python.
pytestmark = pytest.mark.once

TEXT = SERVERLESS_YML.read_text(encoding="utf-8")
DOCUMENT = read_document(SERVERLESS_YML)
DEPLOYMENT = deployment()
FUNCTIONS = list(DEPLOYMENT.functions.values())


def test_it_asks_for_nothing_that_has_no_place_in_the_settings() -> None:
    assert {*references(DOCUMENT)} <= {*SETTINGS, CALLBACK_URL, "DEPLOY_BUCKET_DOMAIN"}


def test_each_function_is_complete_by_itself() -> None:
    needed = {"name", "handler", "role", "memorySize", "timeout", "initTimeout", "publicAccess", "environments"}

    assert [needed - function.keys() for function in DOCUMENT["inputs"]["functions"].values()] == [set(), set()]


def test_handlers_exist_where_the_bundle_has_them() -> None:
    files = [ROOT / "functions" / f"{function.handler.partition('.')[0]}.py" for function in FUNCTIONS]

    assert [file.exists() and "def main_handler(" in file.read_text(encoding="utf-8") for file in files] == [True, True]
    assert (SERVERLESS_YML.parent / DOCUMENT["inputs"]["src"]["src"]).resolve() == BUNDLE_FOLDER


def test_roles_are_named_like_their_functions() -> None:
    assert [function.role for function in FUNCTIONS] == [function.name for function in FUNCTIONS]
    assert [function.name for function in FUNCTIONS] == ["cos-watermark-submit", "cos-watermark-callback"]


def test_time_outs_leave_room_for_the_worst_and_end_before_the_sweep_takes_over() -> None:
    assert min(function.timeout for function in FUNCTIONS) >= ENOUGH
    assert max(function.timeout for function in FUNCTIONS) <= LONGEST


def test_uploads_of_every_kind_run_submit_copies_and_restored_videos_too() -> None:
    assert [trigger.event for trigger in DEPLOYMENT.uploads] == [*triggers.NEEDED, *triggers.USUAL]


def test_what_runs_it_on_request_only_needs_no_more_than_taking_the_comments_away() -> None:
    lines = re.findall(r"^    # (- type: cos|  .*)$", TEXT, re.MULTILINE)
    on_request = yaml.safe_load("\n".join(lines).replace("<<: *uploads", "inherited: true"))

    assert [trigger["parameters"] for trigger in on_request] == [
        {"inherited": True, "events": event} for event in triggers.ON_REQUEST
    ]
    assert {trigger["function"] for trigger in on_request} == {"submit"}


def test_all_of_them_fit_a_bucket_and_a_function() -> None:
    most = min(limits.COS_TRIGGERS_PER_BUCKET, limits.COS_TRIGGERS_PER_FUNCTION)

    assert len([*triggers.NEEDED, *triggers.USUAL, *triggers.ON_REQUEST]) <= most


def test_the_sweep_runs_each_minute() -> None:
    (timer,) = (trigger for trigger in DEPLOYMENT.triggers if trigger.kind is TriggerKind.TIMER)

    assert (timer.function, timer.cron, timer.enabled) == ("callback", "0 */1 * * * * *", True)


def test_every_variable_is_used_whole() -> None:
    assert [line for line in TEXT.splitlines() if re.search(r"(\S\$\{env:|\$\{env:\w+\}\S)", _code(line))] == []


def _code(line: str) -> str:
    return "" if line.lstrip().startswith("#") else line
