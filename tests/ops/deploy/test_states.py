"""`deploy` on accounts in odd states: busy, failed, changed by hand, told by somebody else."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from faketencent.refusals import Refusal
from faketencent.scf.function import State
from ops.checkout import SERVERLESS_YML
from ops.deploy.command import deploy
from ops.policies import Deployment, callback_policy, submit_policy
from tests.ops.account import Operator, an_operator, prepare
from tests.world import BUCKET, LEDGER, REGION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from faketencent.routes import Call

#: Says the same on every Python.
pytestmark = pytest.mark.once

SUBMIT, CALLBACK = "cos-watermark-submit", "cos-watermark-callback"


@pytest.fixture
def operator(tmp_path: Path) -> Iterator[Operator]:
    with an_operator(tmp_path) as operator:
        prepare(operator.cloud)
        yield operator


@pytest.fixture
def deployed(operator: Operator) -> Operator:
    assert operator.run(deploy, "--yes")[0] == 0
    operator.cloud.journal.clear()
    return operator


def run(operator: Operator, *arguments: str) -> str:
    code, output = operator.run(deploy, "--yes", *arguments)
    assert code == 0, output
    return output


def edit(operator: Operator, old: str, new: str) -> str:
    """Another serverless.yml; gives the option that names it."""
    file = operator.folder / "serverless.yml"
    text = (file if file.exists() else SERVERLESS_YML).read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return f"--serverless-yml={file}"


def calls(operator: Operator, *names: str) -> list[str]:
    return [name for name in operator.cloud.operations() if name in names]


def bodies(operator: Operator, name: str) -> list[Any]:
    return [json.loads(call.request.body) for call in operator.cloud.journal if call.route.operation == name]


def test_a_refusal_while_the_function_is_busy_is_waited_out(deployed: Operator) -> None:
    functions = deployed.cloud.scf.backend.functions
    refused: list[Call] = []

    def somebody_else_begins(call: Call) -> None:
        if call.route.operation == "UpdateFunctionConfiguration" and len(refused) < 3:
            refused.append(call)
            busy = replace(functions.get(CALLBACK), state=State.UPDATING)
            functions.begin(busy, 30, {"state": State.ACTIVE})

    deployed.configure(WATERMARK_MIN_AGE="60")
    deployed.cloud.watchers.append(somebody_else_begins)

    run(deployed)

    # Each of them with another code: all that were ever seen.
    assert len(refused) == 3
    assert deployed.cloud.scf.backend.function(CALLBACK).environment["WATERMARK_MIN_AGE"] == "60"


def test_a_function_that_could_not_be_made_is_made_again(operator: Operator) -> None:
    operator.cloud.scf.backend.habits.failures.append("CLS was never opened")

    code, output = operator.run(deploy, "--yes")

    assert code == 1
    assert "cos-watermark-callback is CreateFailed: CLS was never opened" in output
    assert "is created again: its creation had failed" in run(operator)
    assert calls(operator, "DeleteFunction") == ["DeleteFunction"]


def test_an_update_that_fails_is_said_and_made_again(deployed: Operator) -> None:
    deployed.cloud.scf.backend.update_function(SUBMIT, handler=lambda *_: None)
    deployed.cloud.scf.backend.habits.failures.append("out of luck")
    edit(deployed, "handler: submit.main_handler", "handler: submit.other")

    code, output = deployed.run(deploy, "--yes", edit(deployed, "submit.other", "callback.main_handler"))

    assert code == 1
    assert "cos-watermark-submit is UpdateFailed: out of luck" in output
    assert "code again, because its last update failed (out of luck)" in run(deployed)


def test_code_that_somebody_changed_is_replaced(deployed: Operator) -> None:
    function = deployed.cloud.scf.backend.function(SUBMIT)
    deployed.cloud.scf.backend.update_function(SUBMIT, code=function.code + b"\0")

    output = run(deployed)

    assert "code that was changed since it was deployed" in output
    assert calls(deployed, "UpdateFunctionCode") == ["UpdateFunctionCode"]


def test_what_was_changed_in_the_console_is_put_back(deployed: Operator) -> None:
    deployed.cloud.scf.backend.update_function(SUBMIT, timeout=60, environment={"WATERMARK_SECRET": "x"})

    output = run(deployed)

    assert "cos-watermark-submit: time-out 60 s → 270 s" in output
    assert deployed.cloud.scf.backend.function(SUBMIT).environment["WATERMARK_MAX_JOBS_PER_DAY"] == "100"


def changes_told(output: str) -> list[str]:
    """The lines of the plan."""
    return [line.strip() for line in output.splitlines() if line[:4] in ("  + ", "  ~ ", "  - ")]


def test_the_plan_of_what_could_not_be_made_names_its_triggers_too(deployed: Operator) -> None:
    functions = deployed.cloud.scf.backend.functions
    functions.put(replace(functions.get(SUBMIT), state=State.CREATE_FAILED))

    told = changes_told(run(deployed))

    assert len(told) == 1 + len(calls(deployed, "CreateTrigger")) == 6


def test_a_trigger_that_somebody_switched_off_is_switched_on(deployed: Operator) -> None:
    triggers = deployed.cloud.scf.backend.cos_triggers
    first = triggers.of(SUBMIT)[0]
    triggers.replace(first, replace(first, binding=replace(first.binding, enabled=False)))

    told = changes_told(run(deployed))

    assert told == [f"~ {SUBMIT}: switched on: triggered by cos:ObjectCreated:Put of {BUCKET}"]
    assert calls(deployed, "CreateTrigger", "DeleteTrigger", "UpdateTriggerStatus") == ["UpdateTriggerStatus"]


def test_a_role_that_is_not_known_everywhere_yet_is_waited_for(operator: Operator) -> None:
    operator.cloud.cam.propagation = 20

    assert "its new role is not known everywhere yet" in run(operator)


def test_a_role_that_is_missing_is_said_in_the_end(operator: Operator) -> None:
    operator.cloud.cam.delete_role(CALLBACK)

    code, output = operator.run(deploy, "--yes")

    assert code == 3
    assert "ResourceNotFound.Role" in output.splitlines()[-1]
    assert "./cos-watermark setup" in output.splitlines()[-1]


def test_a_url_that_comes_late_is_waited_for(operator: Operator) -> None:
    operator.cloud.scf.backend.habits.url_delay = 15

    run(operator)

    assert operator.cloud.scf.backend.function(SUBMIT).environment["WATERMARK_CALLBACK_URL"].startswith("https://")


def test_a_url_that_does_not_come_is_left_to_the_next_run(operator: Operator) -> None:
    operator.cloud.scf.backend.habits.url_delay = 90

    code, output = operator.run(deploy, "--yes")
    operator.cloud.advance(90)

    assert (code, "has no URL yet. Run the command again" in output) == (1, True)
    run(operator)


def test_the_url_is_never_deleted(deployed: Operator) -> None:
    url = deployed.cloud.scf.backend.function(SUBMIT).environment["WATERMARK_CALLBACK_URL"]
    option = edit(deployed, "enableIntranet: false", "enableIntranet: true")

    output = run(deployed, option)

    assert calls(deployed, "DeleteTrigger", "CreateTrigger", "UpdateTrigger") == ["UpdateTrigger"]
    assert "triggered by requests to its URL" in output
    assert deployed.cloud.scf.backend.function(SUBMIT).environment["WATERMARK_CALLBACK_URL"] == url


def test_a_url_that_nothing_asks_for_is_left_and_named(deployed: Operator) -> None:
    text = SERVERLESS_YML.read_text(encoding="utf-8")
    begin, end = text.index("    - type: http"), text.index("    # The timer, each minute")

    output = run(deployed, edit(deployed, text[begin:end], ""))

    assert "! cos-watermark-callback: triggered by requests to its URL; serverless.yml does not ask for it" in output
    assert calls(deployed, "DeleteTrigger") == []
    # Nobody is to be called any more; that is said, and not left to the queue.
    assert deployed.cloud.scf.backend.function(SUBMIT).environment["WATERMARK_CALLBACK_URL"] == "no"


def test_a_trigger_that_goes_goes_after_the_new_one_came(deployed: Operator) -> None:
    option = edit(deployed, "events: cos:ObjectCreated:Copy", "events: cos:ObjectCreated:Origin")

    run(deployed, option)

    assert calls(deployed, "DeleteTrigger", "CreateTrigger") == ["CreateTrigger", "DeleteTrigger"]


def test_where_both_cannot_be_the_gap_is_named_before_and_after(deployed: Operator) -> None:
    option = edit(deployed, "prefix: ''", "prefix: uploads/")

    lines = run(deployed, option).splitlines()

    before = next(
        n for n, line in enumerate(lines) if f"uploads to {BUCKET} cause no event, until the new trigger" in line
    )
    after = next(n for n, line in enumerate(lines) if "caused no event; to check them:" in line)
    assert "if this run stops before: deploy again, then ./cos-watermark submit --all" in lines[before + 1]
    assert before < after
    assert lines[after + 1].strip().startswith("./cos-watermark submit --all --newer-than 2026-01-01T00:")
    assert {body["TriggerDesc"] for body in bodies(deployed, "CreateTrigger")} == {
        json.dumps({"event": f"cos:{event}", "filter": {"Prefix": "uploads/", "Suffix": ""}})
        for event in (
            "ObjectCreated:Put",
            "ObjectCreated:Post",
            "ObjectCreated:CompleteMultipartUpload",
            "ObjectCreated:Copy",
            "ObjectRestore:Completed",
        )
    }


def test_somebody_elses_trigger_on_the_same_uploads_is_said(operator: Operator) -> None:
    operator.cloud.scf.backend.create_function("other", lambda *_: None, region=REGION)
    operator.cloud.scf.backend.add_cos_trigger("other", BUCKET, "cos:ObjectCreated:*")

    code, output = operator.run(deploy, "--yes")

    assert code == 3
    assert "Another trigger in this account is for the same uploads" in output


@pytest.mark.parametrize("arguments", [(), ("--dry-run",)])
def test_a_function_of_somebody_else_is_not_replaced_unless_somebody_says_so(
    operator: Operator, arguments: tuple[str, ...]
) -> None:
    operator.cloud.scf.backend.create_function(SUBMIT, lambda *_: None, region=REGION)

    code, output = operator.run(deploy, "--yes", *arguments)

    assert (code, calls(operator, "CreateFunction", "UpdateFunctionCode")) == (1, [])
    assert f"{SUBMIT}: there already, and `deploy` did not make it" in output
    assert "code that was not deployed by `deploy` → version 0.1.0" in run(operator, "--replace")


def test_another_runtime_cannot_be_changed(deployed: Operator) -> None:
    option = edit(deployed, "runtime: Python3.10", "runtime: Python3.9")

    code, output = deployed.run(deploy, "--yes", option)

    assert code == 1
    assert "SCF cannot change that to Python3.9: remove it with `./cos-watermark remove`" in output


def test_a_secret_that_would_be_forgotten_is_a_warning(deployed: Operator) -> None:
    deployed.configure(WATERMARK_SECRET="another-secret-of-thirty-two-bytes-or-more")

    assert "! WATERMARK_SECRET changes, and WATERMARK_SECRET_PREVIOUS is not the old one" in run(deployed)


def test_a_secret_that_one_function_alone_still_knows_is_a_warning_too(deployed: Operator) -> None:
    deployed.cloud.scf.backend.delete_function(CALLBACK)
    deployed.configure(WATERMARK_SECRET="another-secret-of-thirty-two-bytes-or-more")

    assert "! WATERMARK_SECRET changes, and WATERMARK_SECRET_PREVIOUS is not the old one" in run(deployed)


def test_what_the_account_says_does_not_steer_the_terminal(deployed: Operator) -> None:
    functions = deployed.cloud.scf.backend.functions
    functions.put(replace(functions.get(SUBMIT), environment={"WATERMARK_MAX_JOBS_PER_DAY": "\x1b]0;gone\x07\x1b[2J"}))

    output = run(deployed)

    assert "]0;gone" in output
    assert not {"\x1b", "\x07"} & set(output)


def test_two_deployments_live_beside_each_other(deployed: Operator) -> None:
    other = "other-1250000000"
    second = Deployment(
        region=REGION, uin=deployed.cloud.cam.uin, buckets=(other,), ledger_bucket=LEDGER, name="staging"
    )
    deployed.cloud.cam.create_role("staging-submit", submit_policy(second))
    deployed.cloud.cam.create_role("staging-callback", callback_policy(second))
    deployed.cloud.cos.backend.create_bucket(other, REGION)
    deployed.cloud.ci.backend.bind_bucket(other)
    deployed.configure(DEPLOY_NAME="staging", DEPLOY_BUCKETS=other)

    run(deployed)
    deployed.configure()

    assert "Nothing to deploy" in run(deployed)


@pytest.mark.parametrize(
    "code", ["UnauthorizedOperation", "AuthFailure.SecretIdNotFound", "FailedOperation.QcsRoleNotFound"]
)
def test_what_an_administrator_must_do_is_one_line(operator: Operator, code: str) -> None:
    operator.cloud.faults.on("CreateFunction", Refusal(200, code))

    ended, output = operator.run(deploy, "--yes")

    assert ended == 3
    assert output.splitlines()[-1].startswith(f"scf CreateFunction {CALLBACK}: {code}")
