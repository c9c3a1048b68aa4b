"""What lasts for hours and days: jobs that wait, refusals that come and go, outages. One job, and the right end."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from faketencent.ci.jobs import JobState
from faketencent.faults import Fault, Trouble
from faketencent.refusals import INVALID_ARGUMENT, REFUSALS, Refusal
from shared.domain.outcome import Reason
from shared.domain.result import Verdict
from tests.schedules import people
from tests.schedules.actions import Deed, Scenario, What
from tests.schedules.rest import check_rest
from tests.schedules.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from faketencent.ci.jobs import Job

#: Says the same on every Python.
pytestmark = pytest.mark.once

HOUR, DAY = 3600, 86_400
#: Ticks in a day: `make test-long` has more of them.
TICKS = 6 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else 3


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A deployment whose jobs move by hand, and whose callbacks never come."""
    with ExitStack() as stack:
        yield Stage(Scenario("patience", ()), stack)


def put(stage: Stage, trouble: Trouble | None = None, *operations: str) -> None:
    """Upload a video and let `submit` run, while calls of these operations, or all of CI, meet the trouble."""
    people.do(stage, Deed(What.PUT, "clip.mp4", "A"))
    if trouble:
        stage.cloud.faults.when(
            lambda call: call.route.operation in operations or (not operations and ".ci." in call.request.host),
            trouble,
            times=None,
        )
    stage.submit(stage.events[-1])
    stage.run_out()


def tick(stage: Stage, seconds: float) -> None:
    stage.pass_time(seconds)
    stage.tick(new_container=False)
    stage.run_out()


def wait(stage: Stage, days: int) -> None:
    """The timer comes, every few hours are enough."""
    for _ in range(days * TICKS):
        tick(stage, DAY / TICKS)


def answered(stage: Stage) -> bool:
    return stage.world.answer("clip.mp4") == ("found", "Alpha")


def waiting(stage: Stage, job: Job) -> None:
    """It stays as it is."""


def paused(stage: Stage, job: Job) -> None:
    stage.ci.pause(job.id)


def running(stage: Stage, job: Job) -> None:
    stage.start_job(job)


@pytest.mark.parametrize("move", [waiting, paused, running], ids=lambda move: move.__name__)
def test_a_job_that_lives_is_waited_for_however_long(stage: Stage, move: Callable[[Stage, Job], None]) -> None:
    put(stage)
    move(stage, stage.alive()[0])

    wait(stage, days=40)

    assert (len(stage.world.jobs), len(stage.world.claims), stage.world.records) == (1, 1, [])
    job = stage.alive()[0]
    if job.state is JobState.PAUSE:
        stage.ci.resume(job.id)
    check_rest(stage)
    assert answered(stage)
    assert len(stage.world.jobs) == 1


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: f"{refusal.status} {refusal.code}")
def test_refusals_that_come_and_go_cost_time_only(stage: Stage, refusal: Refusal) -> None:
    put(stage, refusal, "CreateMediaJobs")
    wait(stage, days=1)
    assert stage.world.jobs == []
    assert [attempt.refusal != "" for attempt in stage.world.attempts()][-1]

    stage.cloud.faults.clear()
    wait(stage, days=1)

    assert len(stage.world.jobs) == 1
    check_rest(stage)
    assert answered(stage)
    assert len(stage.world.jobs) == 1


@pytest.mark.parametrize("fault", [Fault.ERROR_429, Fault.ERROR_503, Fault.TIMEOUT_BEFORE, Fault.ERROR_500])
def test_an_outage_of_ci_of_a_month_and_more_is_sat_out(stage: Stage, fault: Fault) -> None:
    put(stage, fault)
    wait(stage, days=35)
    assert (stage.world.jobs, len(stage.world.claims), stage.world.records) == ([], 1, [])

    check_rest(stage)

    assert answered(stage)
    assert len(stage.world.jobs) == 1


def test_every_post_that_is_accepted_while_its_reply_is_lost_is_found_again(stage: Stage) -> None:
    put(stage, Fault.TIMEOUT_AFTER, "CreateMediaJobs")

    wait(stage, days=2)

    assert len(stage.world.jobs) == 1
    check_rest(stage)
    assert answered(stage)


def test_deletes_that_get_lost_for_a_day_leave_nothing_behind(stage: Stage) -> None:
    put(stage, Fault.TIMEOUT_BEFORE, "DeleteObject")
    stage.start_job(stage.alive()[0])
    stage.finish_job(stage.alive()[0])
    wait(stage, days=1)
    assert answered(stage)
    assert stage.world.claims != []
    stage.cloud.faults.clear()

    check_rest(stage)

    assert (stage.world.claims, len(stage.world.jobs), len(stage.world.records)) == ([], 1, 1)


def test_what_is_refused_for_a_month_is_recorded_in_the_ledger_alone(stage: Stage) -> None:
    put(stage, INVALID_ARGUMENT, "CreateMediaJobs")

    wait(stage, days=29)
    assert (len(stage.world.claims) > 0, stage.world.records) == (True, [])
    wait(stage, days=2)

    [record] = stage.world.records
    assert (record.verdict, record.reason, record.applied) == (Verdict.FAILED, Reason.REFUSED, False)
    assert (stage.world.claims, stage.world.answer("clip.mp4")) == ([], ("", ""))


def test_one_that_is_accepted_frees_those_behind_it_whatever_else_is_refused(stage: Stage) -> None:
    tick(stage, HOUR)
    stage.refuses = True
    for number in range(8):
        people.do(stage, Deed(What.PUT, f"{number}.mp4", "A"))
        stage.submit(stage.events[-1])
        stage.run_out()
    stage.refuses = False
    stage.cloud.faults.clear()
    bad = (b"0.mp4", b"1.mp4", b"3.mp4")
    stage.cloud.faults.when(
        lambda call: call.route.operation == "CreateMediaJobs" and any(key in call.request.body for key in bad),
        INVALID_ARGUMENT,
        times=None,
    )

    tick(stage, HOUR)

    assert len(stage.world.jobs) == 5


def test_while_refusals_stand_a_tick_tries_three_and_one_accepted_frees_all(stage: Stage) -> None:
    stage.refuses = True
    stage.set_faults()
    for number in range(8):
        people.do(stage, Deed(What.PUT, f"{number}.mp4", "A"))
        stage.submit(stage.events[-1])
        stage.run_out()
    tried = _posts(stage)
    tick(stage, HOUR)
    assert _posts(stage) - tried == 3

    stage.refuses = False
    stage.set_faults()
    tick(stage, HOUR)

    assert len(stage.world.jobs) == 8


def _posts(stage: Stage) -> int:
    return stage.cloud.operations().count("CreateMediaJobs")


@pytest.mark.parametrize("deed", [What.EDIT, What.EDIT_KEPT], ids=lambda deed: deed.value)
def test_an_object_that_is_touched_every_hour_costs_three_jobs_a_day(stage: Stage, deed: What) -> None:
    put(stage)
    for _ in range(20):
        for job in stage.alive():
            running(stage, job)
        people.do(stage, Deed(deed, "clip.mp4"))
        stage.submit(stage.events[-1])
        stage.run_out()
        for job in stage.alive():
            stage.finish_job(job)
        tick(stage, HOUR)

    assert len(stage.world.jobs) <= 3
    check_rest(stage)
    assert answered(stage)
