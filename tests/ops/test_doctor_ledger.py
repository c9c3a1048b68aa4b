"""The doctor on how things stand, by what the functions wrote into the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from faketencent.faults import Fault
from ops.doctor import ledger
from ops.doctor.finding import Verdict
from shared.domain import pause
from shared.domain.pause import Pause
from shared.domain.status import NAME, Status
from tests.ops.clinic import allow
from tests.world import LEDGER

if TYPE_CHECKING:
    from tests.ops.clinic import Clinic

#: Says the same on every Python.
pytestmark = pytest.mark.once


def stop_the_timer(clinic: Clinic) -> None:
    for timer in clinic.scf.timers.of("callback"):
        clinic.scf.delete_trigger(timer)


def deployed(clinic: Clinic, minutes_ago: float) -> None:
    """Have the callback function be of that age."""
    clinic.scf.functions.amend("callback", modified_at=clinic.world.cloud.clock.now() - 60 * minutes_ago)


def say(clinic: Clinic, **changed: Any) -> None:  # noqa: ANN401 - any field of the status
    """Have the last tick have seen something else."""
    seen = Status.model_validate_json(clinic.world.kept(NAME))
    body = seen.model_copy(update=changed).model_dump_json().encode()
    clinic.world.cloud.cos.backend.put(LEDGER, NAME, body)


def test_a_timer_that_ran_a_moment_ago_passes(clinic: Clinic) -> None:
    clinic.world.cloud.advance(59)

    finding = clinic.ask_once(ledger.tick)

    assert (finding.verdict, finding.message) == (Verdict.PASS, "the timer ended its last run 59 s ago")


def test_a_timer_that_stopped_fails(clinic: Clinic) -> None:
    stop_the_timer(clinic)
    clinic.world.cloud.advance(7200)

    finding = clinic.ask_once(ledger.tick)

    assert (finding.verdict, finding.message) == (Verdict.FAIL, "the timer ended its last run 2 h ago")


def test_a_timer_that_has_never_run_fails(clinic: Clinic) -> None:
    deployed(clinic, 60)
    clinic.world.cloud.cos.backend.delete(LEDGER, NAME)

    finding = clinic.ask_once(ledger.tick)

    assert (finding.verdict, finding.message) == (Verdict.FAIL, "the timer has never run to its end")


@pytest.mark.parametrize("history", ["first", "again"])
@pytest.mark.parametrize(("minutes", "verdict"), [(0, Verdict.WARN), (4, Verdict.WARN), (6, Verdict.FAIL)])
def test_within_five_minutes_of_a_deployment_a_missing_tick_is_no_failure(
    clinic: Clinic, history: str, minutes: int, verdict: Verdict
) -> None:
    stop_the_timer(clinic)
    if history == "first":
        clinic.world.cloud.cos.backend.delete(LEDGER, NAME)
    clinic.world.cloud.advance(3600)
    deployed(clinic, minutes)

    assert clinic.ask_once(ledger.tick).verdict is verdict


def test_a_status_that_cannot_be_read_is_none(clinic: Clinic) -> None:
    deployed(clinic, 60)
    clinic.world.cloud.cos.backend.put(LEDGER, NAME, b"{")

    assert clinic.ask_once(ledger.tick).verdict is Verdict.FAIL
    assert clinic.ask(ledger.in_flight) == []


def test_a_tick_that_ran_out_of_time_is_pointed_out(clinic: Clinic) -> None:
    say(clinic, complete=False)

    assert clinic.ask_once(ledger.tick).verdict is Verdict.WARN


def test_where_nothing_is_deployed_no_tick_is_missed(clinic: Clinic) -> None:
    clinic.scf.delete_function("callback")
    clinic.world.cloud.advance(7200)

    assert clinic.ask(ledger.tick) == []


def test_the_tick_is_seen_by_who_may_look_into_the_ledger_alone(clinic: Clinic) -> None:
    clinic.use_role(allow("cos:GetObject"))

    assert clinic.ask_once(ledger.tick).verdict is Verdict.PASS


@pytest.mark.parametrize("check", [ledger.tick, ledger.in_flight, ledger.paused], ids=lambda check: check.name)
def test_who_may_not_look_into_the_ledger_is_told_so(clinic: Clinic, check: Any) -> None:  # noqa: ANN401 - a Check
    clinic.use_role(allow("scf:*"))

    assert clinic.ask_once(check).verdict is Verdict.UNSEEN


def test_work_in_flight_passes_with_its_age(clinic: Clinic) -> None:
    say(clinic, in_flight=3, oldest=200, waiting=7)

    finding = clinic.ask_once(ledger.in_flight)

    assert finding.verdict is Verdict.PASS
    assert finding.message == "3 claims in flight, the oldest 3 min old, 7 waiting entries"


def test_work_that_is_a_day_old_is_pointed_out(clinic: Clinic) -> None:
    say(clinic, in_flight=3, oldest=200_000)

    finding = clinic.ask_once(ledger.in_flight)

    assert (finding.verdict, finding.message) == (Verdict.WARN, "the oldest of 3 claims is 2 days old")


@pytest.mark.parametrize(
    ("reason", "verdict", "words"),
    [
        ("limit", Verdict.WARN, "2 of 5 claims wait for the daily limit"),
        ("refused", Verdict.WARN, "2 of 5 claims are refused by Cloud Infinite"),
        ("unsettled", Verdict.WARN, "2 of 5 claims are of objects that are rewritten again and again"),
        ("paused", Verdict.PASS, "2 of 5 claims wait for the end of the pause"),
        ("young", Verdict.PASS, "2 of 5 claims are younger than WATERMARK_MIN_AGE"),
        ("another", Verdict.PASS, "2 of 5 claims wait for another upload of the same object"),
        ("something", Verdict.PASS, "2 of 5 claims are held: something"),
    ],
)
def test_what_is_held_is_said_with_the_reason(clinic: Clinic, reason: str, verdict: Verdict, words: str) -> None:
    say(clinic, in_flight=5, held={reason: 2})

    held, _ = clinic.ask(ledger.in_flight)

    assert (held.verdict, held.message) == (verdict, words)


def test_a_standing_refusal_fails(clinic: Clinic) -> None:
    say(clinic, in_flight=1, held={"refused": 1}, refusal="402 PaymentRequired")

    _, refused, _ = clinic.ask(ledger.in_flight)

    assert (refused.verdict, refused.message) == (Verdict.FAIL, "Cloud Infinite refuses jobs: 402 PaymentRequired")


def test_where_nobody_paused_it_passes(clinic: Clinic) -> None:
    assert clinic.ask_once(ledger.paused).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            pause.encode(Pause("Li", "2026-01-01T00:00:00Z", "too dear")),
            "paused by Li at 2026-01-01T00:00:00Z: too dear",
        ),
        (b"", "paused"),
    ],
)
def test_a_pause_is_pointed_out_with_who_when_and_why(clinic: Clinic, body: bytes, said: str) -> None:
    clinic.world.cloud.cos.backend.put(LEDGER, pause.NAME, body)

    finding = clinic.ask_once(ledger.paused)

    assert (finding.verdict, finding.message) == (Verdict.WARN, said)


def test_a_ledger_that_does_not_answer_is_left_open(clinic: Clinic) -> None:
    clinic.world.cloud.faults.on("GetObject", Fault.RESET, times=9)

    assert clinic.ask_once(ledger.paused).verdict is Verdict.UNSEEN
