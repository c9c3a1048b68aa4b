"""The doctor on what is deployed: is it there, is it this code, is it set as `.env` and serverless.yml want it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from faketencent.scf.function import State
from faketencent.scf.function_url import OPEN
from ops.deploy.marker import Marker
from ops.doctor import deployed
from ops.doctor.finding import Verdict
from tests.ops.clinic import allow
from tests.world import BUCKET, REGION

if TYPE_CHECKING:
    from ops.doctor.finding import Check
    from tests.ops.clinic import Clinic

#: Says the same on every Python.
pytestmark = pytest.mark.once

PERFECT = [Verdict.PASS, Verdict.PASS]
CHECKS = (deployed.functions, deployed.code, deployed.configuration, deployed.triggers, deployed.stopped)


def verdicts(clinic: Clinic, check: Check) -> list[Verdict]:
    return [finding.verdict for finding in clinic.ask(check)]


def wrong(clinic: Clinic, check: Check) -> str:
    """What is said about the one function that something is wrong with."""
    (finding,) = [finding for finding in clinic.ask(check) if finding.verdict is not Verdict.PASS]
    return f"{finding.verdict.value}: {finding.message}"


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_both_functions_of_a_healthy_deployment_pass(clinic: Clinic, check: Check) -> None:
    assert verdicts(clinic, check) == PERFECT


def test_an_account_with_nothing_deployed_is_told_so_once(clinic: Clinic) -> None:
    for name in ("submit", "callback"):
        clinic.scf.delete_function(name)

    assert clinic.ask_once(deployed.functions).message == f"not deployed: neither function is in {REGION}"
    assert clinic.ask_once(deployed.functions).verdict is Verdict.FAIL
    assert [finding for check in CHECKS[1:] for finding in clinic.ask(check)] == []


def test_one_function_that_is_missing_is_named(clinic: Clinic) -> None:
    clinic.scf.delete_function("submit")

    assert wrong(clinic, deployed.functions) == "fail: submit is not deployed"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.UPDATING, "warn: submit is Updating"),
        (State.CREATE_FAILED, "fail: submit is CreateFailed: no room"),
        (State.UPDATE_FAILED, "fail: submit is UpdateFailed: no room"),
    ],
)
def test_a_function_that_is_not_ready_is_pointed_out(clinic: Clinic, state: State, said: str) -> None:
    clinic.scf.functions.amend("submit", state=state, reason="no room" if "Failed" in state.value else "")

    assert wrong(clinic, deployed.functions) == said


def test_who_may_not_look_at_functions_is_told_so_once(clinic: Clinic) -> None:
    clinic.use_role(allow("cos:*"))

    finding = clinic.ask_once(deployed.functions)

    assert finding.verdict is Verdict.UNSEEN
    assert "policy deploy" in finding.advice
    assert [finding for check in CHECKS[1:] for finding in clinic.ask(check)] == []


def test_code_that_is_known_by_its_marker_passes_though_scf_has_another_hash(clinic: Clinic) -> None:
    assert all("SCF's own hash is another" in finding.message for finding in clinic.ask(deployed.code))


def test_code_whose_hash_scf_confirms_passes(clinic: Clinic) -> None:
    marker = Marker("0.1.0", hashlib.sha256(b"zip").hexdigest(), 3)
    clinic.built = replace(marker, size=None)
    for name in ("submit", "callback"):
        clinic.scf.update_function(name, description=marker.on("Something."))

    assert [(f.verdict, f.message.partition(":")[0]) for f in clinic.ask(deployed.code)] == [
        (Verdict.PASS, "submit has this code"),
        (Verdict.PASS, "callback has this code"),
    ]


def test_where_nothing_is_built_the_deployed_version_is_said(clinic: Clinic) -> None:
    clinic.built = None

    assert verdicts(clinic, deployed.code) == PERFECT
    assert all(
        "version 0.1.0, aaaaaaaaaaaa; nothing is built here" in finding.message for finding in clinic.ask(deployed.code)
    )


def test_another_version_than_the_one_here_is_pointed_out(clinic: Clinic) -> None:
    clinic.built = Marker("0.2.0", "b" * 64)

    assert verdicts(clinic, deployed.code) == [Verdict.WARN, Verdict.WARN]
    assert "here is version 0.2.0, bbbbbbbbbbbb" in clinic.ask(deployed.code)[0].message


def test_code_that_was_edited_in_the_console_fails(clinic: Clinic) -> None:
    clinic.scf.update_function("submit", code=b"another zip")

    assert wrong(clinic, deployed.code) == "fail: the code of submit was changed since it was deployed (11 bytes)"


def test_code_of_somebody_else_fails(clinic: Clinic) -> None:
    clinic.scf.update_function("submit", description="Mine, by hand.")

    assert wrong(clinic, deployed.code) == "fail: submit has code that was not deployed by `deploy`"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"timeout": 60}, "time-out 60 s → 270 s"),
        ({"memory": 128}, "memory 128 MB → 256 MB"),
        ({"role": "cos-watermark-callback"}, "role cos-watermark-callback → cos-watermark-submit"),
        ({"public_network": False}, "public network off → on"),
        ({"entry": "index.main"}, "handler index.main → submit.main_handler"),
    ],
)
def test_what_was_changed_in_the_console_fails(clinic: Clinic, change: dict[str, Any], said: str) -> None:
    clinic.scf.update_function("submit", **change)

    assert wrong(clinic, deployed.configuration) == f"fail: submit: {said}"


def test_a_setting_that_is_not_deployed_yet_fails_for_both(clinic: Clinic) -> None:
    clinic.change_env(MIN_AGE="60")

    assert [f.message for f in clinic.ask(deployed.configuration)] == [
        f"{name}: WATERMARK_MIN_AGE not set → 60" for name in ("submit", "callback")
    ]


def test_a_secret_that_differs_is_named_and_not_shown(clinic: Clinic) -> None:
    clinic.change_env(SECRET="e5" + "0123456789abcdef" * 3)

    findings = clinic.ask(deployed.configuration)

    assert {finding.verdict for finding in findings} == {Verdict.FAIL}
    assert all(finding.message.endswith("WATERMARK_SECRET is replaced (not shown)") for finding in findings)


def test_the_functions_own_url_is_no_difference_where_env_says_nothing(clinic: Clinic) -> None:
    clinic.change_env(CALLBACK_URL=None)

    assert verdicts(clinic, deployed.configuration) == PERFECT


def test_a_trigger_that_is_missing_fails(clinic: Clinic) -> None:
    gone = next(one for one in clinic.scf.cos_triggers.of("submit") if one.events.endswith(":Copy"))
    clinic.scf.delete_trigger(gone)

    assert wrong(clinic, deployed.triggers) == f"fail: submit is not triggered by cos:ObjectCreated:Copy of {BUCKET}"


def test_a_timer_that_is_switched_off_fails(clinic: Clinic) -> None:
    (timer,) = clinic.scf.timers.of("callback")
    clinic.scf.timers.replace(timer, replace(timer, binding=replace(timer.binding, enabled=False)))

    assert ", switched off, and should be triggered at" in wrong(clinic, deployed.triggers)


def test_a_bucket_that_was_added_to_env_is_not_watched_yet(clinic: Clinic) -> None:
    clinic.laptop["DEPLOY_BUCKETS"] += ",more-1250000000"

    found = [finding for finding in clinic.ask(deployed.triggers) if finding.verdict is Verdict.FAIL]

    assert len(found) == 5
    assert all(finding.message.endswith("of more-1250000000") for finding in found)


def test_a_trigger_too_many_is_pointed_out(clinic: Clinic) -> None:
    clinic.scf.add_timer("callback", "old", 3600)

    assert wrong(clinic, deployed.triggers).endswith("(old) too")


def test_a_url_that_nobody_asked_for_is_pointed_out(clinic: Clinic) -> None:
    (url,) = clinic.scf.urls.of("callback")
    clinic.scf.urls.make("submit", REGION, OPEN, url.binding)

    assert wrong(clinic, deployed.triggers) == "warn: submit is triggered by requests to its URL too"


def test_a_function_that_was_stopped_fails(clinic: Clinic) -> None:
    clinic.scf.update_function("submit", reserved_memory=0)

    assert wrong(clinic, deployed.stopped).startswith("fail: submit is stopped")


def test_nobody_else_is_told_of_our_buckets(clinic: Clinic) -> None:
    clinic.scf.create_function("thumbnails", lambda event, context: None)  # noqa: ARG005 - a handler's signature

    assert clinic.ask_once(deployed.others).verdict is Verdict.PASS


def test_somebody_else_who_is_told_of_our_buckets_is_pointed_out(clinic: Clinic) -> None:
    clinic.scf.create_function("thumbnails", lambda event, context: None)  # noqa: ARG005 - a handler's signature
    clinic.scf.add_cos_trigger("thumbnails", BUCKET, "cos:ObjectRemove:*")

    finding = clinic.ask_once(deployed.others)

    assert finding.verdict is Verdict.WARN
    assert finding.message.startswith(f"another function, thumbnails, is triggered by cos:ObjectRemove:* of {BUCKET}")


def test_who_may_not_list_functions_is_told_that_others_are_not_seen(clinic: Clinic) -> None:
    clinic.use_role(allow("scf:GetFunction", "scf:ListTriggers"))

    assert clinic.ask_once(deployed.others).verdict is Verdict.UNSEEN
