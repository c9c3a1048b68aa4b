"""The doctor on triggers, as serverless.yml has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ops.doctor import triggers
from ops.doctor.finding import Verdict
from ops.manifest.text import BUCKET_DOMAIN
from tests.ops.clinic import Clinic, uploads
from tests.world import BUCKET

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ops.clinic import Inputs

#: Says the same on every Python.
pytestmark = pytest.mark.once


def on_uploads(**changes: Any) -> Callable[[Inputs], None]:  # noqa: ANN401 - any YAML value
    """Change every COS trigger alike; `prefix` and `suffix` are those of its filter."""

    def change(inputs: Inputs) -> None:
        for trigger in uploads(inputs):
            trigger["filter"] = {name: changes.get(name, "") for name in ("prefix", "suffix")}
            trigger.update({name: value for name, value in changes.items() if name not in trigger["filter"]})

    return change


def subscribed(*events: str) -> Callable[[Inputs], None]:
    def change(inputs: Inputs) -> None:
        others = [trigger for trigger in inputs["triggers"] if trigger["type"] != "cos"]
        parameters = {"bucket": BUCKET_DOMAIN, "enable": True}
        inputs["triggers"] = others + [
            {"type": "cos", "function": "submit", "parameters": {**parameters, "events": event}} for event in events
        ]

    return change


def test_the_triggers_of_this_repository_pass(clinic: Clinic) -> None:
    for check in (triggers.watched, triggers.event_types, triggers.filters, triggers.ledger_apart, triggers.timer):
        assert clinic.ask_once(check).verdict is Verdict.PASS


def test_a_bucket_whose_triggers_are_switched_off_fails(clinic: Clinic) -> None:
    clinic.deploy(on_uploads(enable=False))

    finding = clinic.ask_once(triggers.watched)

    assert finding.verdict is Verdict.FAIL
    assert "switched off" in finding.message


def test_no_trigger_at_all_fails(clinic: Clinic) -> None:
    clinic.deploy(subscribed())

    finding = clinic.ask_once(triggers.watched)

    assert (finding.verdict, finding.message) == (Verdict.FAIL, f"there is no trigger on {BUCKET}")


def test_every_video_bucket_is_watched(clinic: Clinic) -> None:
    clinic.laptop["DEPLOY_BUCKETS"] = f"{BUCKET},other-1250000000"

    assert [finding.verdict for finding in clinic.ask(triggers.watched)] == [Verdict.PASS, Verdict.PASS]


def test_uploads_of_a_kind_that_is_not_subscribed_fail(clinic: Clinic) -> None:
    clinic.deploy(subscribed("cos:ObjectCreated:Put", *triggers.USUAL))

    finding = clinic.ask_once(triggers.event_types)

    assert finding.verdict is Verdict.FAIL
    assert "Post and CompleteMultipartUpload" in finding.message


@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        ("cos:ObjectCreated:Copy", "copied, moved or renamed"),
        ("cos:ObjectRestore:Completed", "archived videos that are restored"),
    ],
)
def test_what_else_goes_unnoticed_is_pointed_out(clinic: Clinic, left_out: str, words: str) -> None:
    clinic.deploy(subscribed(*({*triggers.NEEDED, *triggers.USUAL} - {left_out})))

    finding = clinic.ask_once(triggers.event_types)

    assert finding.verdict is Verdict.WARN
    assert words in finding.message
    assert left_out in finding.advice


@pytest.mark.parametrize(
    "events", [("cos:ObjectCreated:*", "cos:ObjectRestore:Completed"), ("cos:*",), (*triggers.NEEDED, *triggers.USUAL)]
)
def test_everything_is_enough(clinic: Clinic, events: tuple[str, ...]) -> None:
    clinic.deploy(subscribed(*events))

    assert clinic.ask_once(triggers.event_types).verdict is Verdict.PASS


def test_what_is_told_only_on_request_is_named_where_it_is(clinic: Clinic) -> None:
    clinic.deploy(subscribed(*triggers.NEEDED, *triggers.USUAL, "cos:ObjectCreated:Replication"))

    finding = clinic.ask_once(triggers.event_types)

    assert finding.verdict is Verdict.PASS
    assert "cos:ObjectCreated:Replication" in finding.message
    assert "Origin" not in finding.message


@pytest.mark.parametrize(
    ("suffix", "verdict", "words"),
    [
        ("", Verdict.PASS, "let all videos through"),
        (".txt", Verdict.FAIL, "only .txt"),
        (".mp4", Verdict.WARN, ".mov"),
        ("-hd.mp4", Verdict.WARN, ".mp4"),
    ],
)
def test_the_filter_is_held_against_the_suffixes(clinic: Clinic, suffix: str, verdict: Verdict, words: str) -> None:
    clinic.deploy(on_uploads(suffix=suffix))

    finding = clinic.ask_once(triggers.filters)

    assert finding.verdict is verdict
    assert words in finding.message


@pytest.mark.parametrize("suffix", [".mp4", ".MP4"])
def test_a_filter_that_lets_through_just_what_is_wanted_passes_for_its_own_case(clinic: Clinic, suffix: str) -> None:
    clinic.configure(SUFFIXES="mp4")
    clinic.deploy(on_uploads(suffix=suffix))

    finding = clinic.ask_once(triggers.filters)

    assert finding.verdict is Verdict.PASS
    assert "upper or lower case only" in finding.message


def test_a_filter_where_all_suffixes_are_wanted_is_pointed_out(clinic: Clinic) -> None:
    clinic.configure(SUFFIXES="*")
    assert clinic.ask_once(triggers.filters).verdict is Verdict.PASS
    clinic.deploy(on_uploads(suffix=".mp4"))

    finding = clinic.ask_once(triggers.filters)

    assert finding.verdict is Verdict.WARN
    assert "any other suffix" in finding.message


def test_a_ledger_beside_the_videos_is_pointed_out(clinic: Clinic) -> None:
    clinic.configure(LEDGER_BUCKET=BUCKET)

    assert clinic.ask_once(triggers.ledger_apart).verdict is Verdict.WARN


@pytest.mark.parametrize("state", ["off", "missing"])
def test_without_the_sweep_it_fails(clinic: Clinic, state: str) -> None:
    def change(inputs: Inputs) -> None:
        timer = next(trigger for trigger in inputs["triggers"] if trigger["type"] == "timer")
        timer["parameters"]["enable"] = False
        if state == "missing":
            inputs["triggers"].remove(timer)

    clinic.deploy(change)

    assert clinic.ask_once(triggers.timer).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("cron", "verdict"),
    [
        ("0 */1 * * * * *", Verdict.PASS),
        ("0 * * * * * *", Verdict.PASS),
        ("*/30 * * * * * *", Verdict.PASS),
        ("0 */5 * * * * *", Verdict.WARN),
        ("0 * 8-18 * * * *", Verdict.WARN),
        ("0 30 * * * * *", Verdict.WARN),
    ],
)
def test_a_timer_that_does_not_run_each_minute_is_pointed_out(clinic: Clinic, cron: str, verdict: Verdict) -> None:
    def change(inputs: Inputs) -> None:
        timer = next(trigger for trigger in inputs["triggers"] if trigger["type"] == "timer")
        timer["parameters"]["cronExpression"] = cron

    clinic.deploy(change)

    finding = clinic.ask_once(triggers.timer)

    assert finding.verdict is verdict
    assert cron in finding.message or verdict is Verdict.PASS
