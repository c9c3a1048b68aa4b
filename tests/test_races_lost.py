"""Races with a name, about what could get lost, be untrue, or go round in a loop."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from faketencent.ci.jobs import JobState
from faketencent.faults import Fault, Trouble
from faketencent.refusals import BareReply
from shared.domain.claim import Held
from shared.domain.outcome import Reason
from tests.promises import upload_of
from tests.schedules import people
from tests.schedules.actions import Deed, Scenario, What
from tests.schedules.rest import check_rest
from tests.schedules.stage import Stage
from tests.test_interleaving import (
    HOUR,
    both_claimed,
    end_jobs,
    ended,
    put,
    replaced,
    replaced_at_the_end,
    replaced_while_running,
    submit,
    submit_old,
    submitted,
    sweep,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


from tests.races import (
    CLIP,
    called_back,
    go_on,
    on_what_is_there,
    struck,
    swept,
    two_attempts,
    until,
)

#: Says the same on every Python.
pytestmark = pytest.mark.once


@pytest.fixture
def stage() -> Iterator[Stage]:
    with ExitStack() as stack:
        yield Stage(Scenario("race", ()), stack)


@pytest.mark.parametrize("trouble", [BareReply(400), BareReply(451)], ids=str)
def test_one_refusal_to_look_at_a_video_that_can_be_read_says_nothing_about_it(stage: Stage, trouble: Trouble) -> None:
    put(stage)
    stage.cloud.faults.on("HeadObject", trouble)

    go_on(stage, submit(stage))

    assert (stage.world.records, stage.truth.present[CLIP].heard) == ([], False)


def test_an_end_is_recorded_before_the_claim_is_dropped(stage: Stage) -> None:
    replaced_at_the_end(stage)
    stage.pass_time(HOUR)

    struck(stage, sweep(stage), "DeleteObject", Fault.KILL_AFTER)

    assert [record.key for record in stage.world.records] == [CLIP]


def test_what_is_left_half_dropped_still_knows_its_end(stage: Stage) -> None:
    _, second = two_attempts(stage)
    swept(stage)
    stage.start_job(stage.ci.jobs[second])
    stage.finish_job(stage.ci.jobs[second])

    struck(stage, stage.call_back(stage.callbacks[-1]), "DeleteObject", Fault.KILL_AFTER)

    assert [attempt.job for attempt in stage.world.attempts()] == [second]


def test_what_replaced_an_upload_has_its_job_though_its_event_was_lost(stage: Stage) -> None:
    replaced_at_the_end(stage)

    swept(stage)
    assert on_what_is_there(stage) == [1]
    swept(stage)

    assert len(stage.alive()) == 1


def test_the_chain_goes_on_in_a_claim_that_is_there(stage: Stage) -> None:
    both_claimed(stage)

    run = sweep(stage)
    go_on(stage, run)

    upload = upload_of(stage.world.get(CLIP))
    assert max(attempt.chain for attempt in stage.world.attempts() if attempt.upload == upload) == 1


def test_but_not_while_somebody_may_be_at_it(stage: Stage) -> None:
    replaced_at_the_end(stage)
    stage.pass_time(HOUR)
    go_on(stage, submit(stage))
    claims = stage.world.claims

    go_on(stage, sweep(stage))

    assert stage.world.claims == claims
    assert len(claims) == 2


def test_a_claim_waits_until_its_chain_is_handed_over(stage: Stage) -> None:
    replaced_at_the_end(stage)
    stage.pass_time(HOUR)
    slow = sweep(stage)
    until(stage, slow, "PutObject")
    go_on(stage, submit(stage))

    go_on(stage, slow)

    assert len(stage.world.claims) == 2
    assert stage.world.records == []


def test_a_job_that_began_while_it_was_to_be_cancelled_is_waited_for(stage: Stage) -> None:
    replaced(stage)
    run = sweep(stage)
    until(stage, run, "CancelMediaJob")
    stage.start_job(stage.alive()[0])

    go_on(stage, run)

    assert len(stage.world.claims) == 1
    assert stage.alive()[0].state is JobState.RUNNING
    end_jobs(stage)
    swept(stage)
    assert [record.unattributed is not None for record in stage.world.records] == [True]


@pytest.mark.parametrize("fault", [Fault.ERROR_503, Fault.TIMEOUT_BEFORE], ids=lambda fault: fault.name.lower())
def test_an_outage_is_no_reason_to_give_a_result_up(stage: Stage, fault: Fault) -> None:
    ended(stage)
    struck(stage, sweep(stage), "PutObjectCopy", fault)

    assert [attempt.unwritten_since for attempt in stage.world.attempts()] == [None]


def test_a_late_event_of_what_was_replaced_changes_nothing(stage: Stage) -> None:
    replaced_while_running(stage)
    go_on(stage, submit_old(stage))

    assert len(stage.world.jobs) == 1
    check_rest(stage)


def test_the_chain_ends_after_three_jobs_in_a_row_that_nobody_can_use(stage: Stage) -> None:
    put(stage)
    go_on(stage, submit(stage))
    for content in "BABAB":
        if not stage.alive():
            break
        stage.start_job(stage.alive()[0])
        put(stage, content)
        go_on(stage, submit(stage))
        end_jobs(stage)
        swept(stage)
        swept(stage)
    swept(stage)

    assert len(stage.world.jobs) == 3
    assert stage.world.log[-1]["event"] == "sweep_done"
    assert stage.world.log[-2]["reason"] == Held.UNSETTLED.value
    check_rest(stage)
    assert stage.world.answer(CLIP)[0] == "found"


def test_a_video_that_has_its_answer_is_no_answer_for_the_one_that_it_replaced(stage: Stage) -> None:
    people.do(stage, Deed(What.PUT, "other.mp4", "B"))
    go_on(stage, submit(stage))
    submitted(stage)
    end_jobs(stage)
    for held in stage.callbacks:
        if b"other.mp4" in held.body:
            go_on(stage, stage.call_back(held))
    people.do(stage, Deed(What.RENAME, "other.mp4", CLIP))

    swept(stage)

    assert stage.world.claims == []
    [record] = [record for record in stage.world.records if record.key == CLIP]
    assert (record.applied, record.text, record.unattributed) == (False, None, "Alpha")


def test_nothing_is_paid_for_what_cannot_be_read(stage: Stage) -> None:
    put(stage)
    people.do(stage, Deed(What.ARCHIVE, CLIP))

    go_on(stage, submit(stage))

    assert (stage.world.jobs, stage.world.claims) == ([], [])
    assert [record.reason for record in stage.world.records] == [Reason.ARCHIVED]


# Loops


def test_a_first_write_that_does_not_come_back_as_it_was_sent_is_an_error(stage: Stage) -> None:
    ended(stage)
    run = called_back(stage)
    until(stage, run, "HeadObject", times=2)
    stored = stage.world.get(CLIP)
    changed = {**stored.headers, "x-cos-meta-watermark-seal": "s1.0"}
    stage.cloud.cos.backend.bucket(stored.bucket).swap(stored, replace(stored, headers=changed))
    stage.truth.present[CLIP].stored = stage.world.get(CLIP)

    go_on(stage, run)

    [line] = [line for line in stage.world.log if line["event"] == "write"]
    assert line["level"] == "ERROR"
    assert "did not come back as it was sent" in line["message"]


def test_one_that_does_is_none(stage: Stage) -> None:
    ended(stage)
    go_on(stage, called_back(stage))

    assert [line for line in stage.world.log if line["event"] == "write"] == []
