"""serverless.yml, held against everything else that must agree with it."""

from __future__ import annotations

import re

import pytest
import yaml

import functions.callback
import functions.submit
from faketencent.cloud import FakeCloud
from faketencent.in_process import in_process
from faketencent.scf import limits
from ops.checkout import BUNDLE_FOLDER, ROOT, SERVERLESS_YML
from ops.deploy.dotenv import read_dotenv
from ops.doctor import triggers
from ops.doctor.timing import ENOUGH
from ops.manifest import Manifest
from ops.policies import APP, CALLBACK_ROLE, SUBMIT_ROLE, Deployment, callback_policy, submit_policy
from shared.invocation import LONGEST
from shared.settings import Settings, read_settings, variable
from tests.ops import stand_in
from tests.world import BUCKET, CLOCKED_HERE, LEDGER, REGION, SECRET, marked_video, new_containers

#: Says the same on every Python.
pytestmark = pytest.mark.once

TEXT = SERVERLESS_YML.read_text()
MANIFEST = Manifest.read(SERVERLESS_YML)
FIRST = {
    "DEPLOY_REGION": REGION,
    "DEPLOY_BUCKET_DOMAIN": f"{BUCKET}.cos.{REGION}.myqcloud.com",
    "WATERMARK_LEDGER_BUCKET": LEDGER,
    "WATERMARK_SECRET": SECRET,
    "WATERMARK_CALLBACK_URL": "no",
}
HANDLERS = {
    "submit.main_handler": functions.submit.main_handler,
    "callback.main_handler": functions.callback.main_handler,
}
_COMMENTED = re.compile(r"^ +# - key: (WATERMARK_\w+).*\n +#   value: (.+)$", re.MULTILINE)


def commented() -> dict[str, str]:
    return {name: value.strip("'") for name, value in _COMMENTED.findall(TEXT)}


def test_every_setting_is_in_it_once_and_nothing_else() -> None:
    named = [*MANIFEST.environment("submit"), *(name for name, _ in _COMMENTED.findall(TEXT))]

    assert sorted(named) == sorted(variable(field) for field in Settings.model_fields)


def test_what_is_commented_out_shows_the_defaults() -> None:
    shown = read_settings({**MANIFEST.resolve(FIRST).environment("submit"), **_with_secret(commented())})

    for name, field in Settings.model_fields.items():
        if (field.default or field.default == 0) and variable(name) in commented():
            assert getattr(shown, name) == field.default, name


def _with_secret(variables: dict[str, str]) -> dict[str, str]:
    return {name: SECRET if value.startswith("${env:") else value for name, value in variables.items()}


def test_both_functions_have_the_same_settings() -> None:
    assert MANIFEST.environment("submit") == MANIFEST.environment("callback")


def test_each_function_is_complete_by_itself() -> None:
    needed = {"name", "handler", "role", "memorySize", "timeout", "initTimeout", "publicAccess", "environments"}

    assert [needed - function.keys() for function in MANIFEST.functions.values()] == [set(), set()]


def test_handlers_exist_where_the_bundle_has_them() -> None:
    assert {function["handler"] for function in MANIFEST.functions.values()} == HANDLERS.keys()
    assert (SERVERLESS_YML.parent / MANIFEST.document["inputs"]["src"]["src"]).resolve() == BUNDLE_FOLDER


def test_roles_and_app_are_those_of_the_policies() -> None:
    roles = [function["role"] for function in MANIFEST.functions.values()]

    assert (roles, MANIFEST.document["app"]) == ([SUBMIT_ROLE, CALLBACK_ROLE], APP)


def test_time_outs_leave_room_for_the_worst_and_end_before_the_sweep_takes_over() -> None:
    timeouts = [function["timeout"] for function in MANIFEST.functions.values()]

    assert min(timeouts) >= ENOUGH
    assert max(timeouts) <= LONGEST


def test_uploads_of_every_kind_run_submit_copies_and_restored_videos_too() -> None:
    events = [trigger["parameters"]["events"] for trigger in MANIFEST.triggers if trigger["type"] == "cos"]

    assert events == [*triggers.NEEDED, *triggers.USUAL]


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
    (timer,) = (trigger["parameters"] for trigger in MANIFEST.triggers if trigger["type"] == "timer")

    assert (timer["cronExpression"], timer["enable"]) == ("0 */1 * * * * *", True)


def test_every_variable_is_used_whole() -> None:
    assert [line for line in TEXT.splitlines() if re.search(r"(\S\$\{env:|\$\{env:\w+\}\S)", _code(line))] == []


def _code(line: str) -> str:
    return "" if line.lstrip().startswith("#") else line


def test_the_example_environment_has_what_it_asks_for() -> None:
    example = read_dotenv(ROOT / ".env.example")

    assert sorted(example) == sorted(MANIFEST.variables) == sorted(FIRST)


@pytest.fixture
def cloud() -> FakeCloud:
    new_containers()
    cloud = FakeCloud()
    for bucket in (BUCKET, LEDGER):
        cloud.cos.backend.create_bucket(bucket, REGION)
    cloud.ci.backend.bind_bucket(BUCKET)
    deployment = Deployment(region=REGION, uin=cloud.cam.uin, buckets=(BUCKET,), ledger_bucket=LEDGER)
    cloud.cam.create_role(SUBMIT_ROLE, submit_policy(deployment))
    cloud.cam.create_role(CALLBACK_ROLE, callback_policy(deployment))
    return cloud


def test_after_the_first_step_the_sweep_finds_results(cloud: FakeCloud) -> None:
    stand_in.deploy(cloud, MANIFEST.resolve(FIRST), HANDLERS)
    with in_process(cloud, CLOCKED_HERE):
        cloud.cos.backend.put(BUCKET, "a.mp4", marked_video("Hello_1"))

        cloud.advance(900)

    assert cloud.cos.backend.get(BUCKET, "a.mp4").headers["x-cos-meta-watermark-text"] == "Hello_1"


def test_after_the_second_step_callbacks_bring_them_at_once(cloud: FakeCloud) -> None:
    url = stand_in.deploy(cloud, MANIFEST.resolve(FIRST), HANDLERS)
    stand_in.deploy(cloud, MANIFEST.resolve({**FIRST, "WATERMARK_CALLBACK_URL": url}), HANDLERS)
    with in_process(cloud, CLOCKED_HERE):
        cloud.cos.backend.put(BUCKET, "a.mp4", marked_video("Hello_1"))

        cloud.settle()

    assert cloud.cos.backend.get(BUCKET, "a.mp4").headers["x-cos-meta-watermark-text"] == "Hello_1"
    runs = [run.function for run in cloud.scf.backend.invocations]
    assert runs == ["cos-watermark-submit", "cos-watermark-callback", "cos-watermark-submit"]
