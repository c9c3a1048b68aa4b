"""Races with a name: each shows why one guard is there. All pairs of calls are in `test_interleaving.py`."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from faketencent.faults import Fault
from shared.domain.claim import Attempt, Held, encode
from tests.schedules import people
from tests.schedules.actions import Deed, Scenario, What
from tests.schedules.rest import check_rest
from tests.schedules.stage import Stage
from tests.test_interleaving import (
    HOUR,
    ended,
    put,
    refused,
    replaced_while_running,
    reply_lost,
    submit,
    submitted,
    sweep,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


from tests.races import (
    CLIP,
    called_back,
    count,
    go_on,
    ledger_place,
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


def test_an_attempt_of_an_earlier_life_of_the_claim_submits_nothing(stage: Stage) -> None:
    stage.refuses = True
    submitted(stage)
    stage.refuses = False
    stage.set_faults()
    stage.pass_time(30 * 24 * HOUR - HOUR - 20)
    slow = sweep(stage)
    until(stage, slow, "PutObject")
    stage.pass_time(60)
    go_on(stage, sweep(stage))
    go_on(stage, submit(stage))

    go_on(stage, slow)

    assert len(stage.world.jobs) == 1
    check_rest(stage)
    assert len(stage.world.jobs) == 1


def test_the_ledger_is_looked_at_before_the_object(stage: Stage) -> None:
    # The other way round, a result could be written and its claim dropped in between.
    put(stage)
    run = submit(stage)
    until(stage, run, "PutObject")
    stage.step(run)
    seen = []
    while run.runner.pending and run.runner.pending.route.operation != "CreateMediaJobs":
        seen.append(run.runner.pending.route.operation)
        stage.step(run)

    # Only then is asked what is known of it, and whether all is paused.
    assert seen == ["GetBucket", "HeadObject", "GetObject", "GetObject"]


def test_a_delete_whose_reply_is_lost_is_not_sent_again(stage: Stage) -> None:
    # By then the name may be the claim of another life.
    ended(stage)
    struck(stage, called_back(stage), "DeleteObject", Fault.TIMEOUT_AFTER)

    assert count(stage, "DeleteObject") == 1


def test_a_copy_whose_reply_is_lost_is_not_sent_again(stage: Stage) -> None:
    ended(stage)
    struck(stage, called_back(stage), "PutObjectCopy", Fault.TIMEOUT_AFTER)

    assert count(stage, "PutObjectCopy") == 1
    check_rest(stage)


def test_an_attempt_that_turns_out_needless_stays_as_long_as_its_claim(stage: Stage) -> None:
    refused(stage)
    run = sweep(stage)
    until(stage, run, "HeadObject", times=2)
    people.do(stage, Deed(What.DELETE, CLIP))

    go_on(stage, run)

    assert [attempt.held for attempt in stage.world.attempts()] == [Held.REFUSED, Held.NEEDLESS]
    check_rest(stage)


def test_a_claim_that_changes_while_it_is_read_is_left_alone(stage: Stage) -> None:
    refused(stage)
    slow = sweep(stage)
    # It has seen that there is no pause, and is about to read the claim.
    until(stage, slow, "GetObject", times=2)
    go_on(stage, sweep(stage))
    jobs, attempts = len(stage.world.jobs), len(stage.world.attempts())
    stage.pass_time(1)
    [first, *_] = stage.world.attempts()
    stage.cloud.cos.backend.put(*ledger_place(stage, 0), b"not as it was listed")

    go_on(stage, slow)

    assert first.number == 1
    assert (len(stage.world.jobs), len(stage.world.claims)) == (jobs, attempts)


def test_jobs_that_are_found_are_noted_where_their_tickets_belong(stage: Stage) -> None:
    first, second = two_attempts(stage)

    swept(stage)

    assert [attempt.job for attempt in stage.world.attempts()] == [first, second]


def test_a_job_that_is_known_is_not_replaced_by_another_with_its_ticket(stage: Stage) -> None:
    reply_lost(stage)
    [job] = stage.alive()
    stage.truth.excused.add(job.id)
    twin = stage.ci.submit(stage.ci.bucket(job.bucket, job.region), job.request)

    swept(stage)

    assert [attempt.job for attempt in stage.world.attempts()] == [twin.id]


def test_a_callback_leaves_the_attempts_after_its_own(stage: Stage) -> None:
    first, _ = two_attempts(stage)
    swept(stage)
    stage.start_job(stage.ci.jobs[first])
    stage.finish_job(stage.ci.jobs[first])

    go_on(stage, stage.call_back(stage.callbacks[-1]))

    assert [attempt.number for attempt in stage.world.attempts()] == [2]
    check_rest(stage)


def test_and_removes_those_before(stage: Stage) -> None:
    _, second = two_attempts(stage)
    swept(stage)
    stage.start_job(stage.ci.jobs[second])
    stage.finish_job(stage.ci.jobs[second])

    go_on(stage, stage.call_back(stage.callbacks[-1]))

    assert stage.world.attempts() == []


@pytest.mark.parametrize("held", [None, Held.ANOTHER], ids=["may have a job", "waits"])
def test_a_next_attempt_gives_way_to_what_may_have_a_job_and_to_nothing_else(stage: Stage, held: Held | None) -> None:
    refused(stage)
    run = sweep(stage)
    # Behind what waits, the claims, and those on the object
    until(stage, run, "GetBucket", times=4)
    [first, _] = stage.world.attempts()
    other = Attempt(replace(first.upload, modified=first.upload.modified - 60), 1, since=first.since, held=held)
    name = f"claims/{other.upload.target.id}/{other.upload.id}/000001"
    stage.cloud.cos.backend.put(ledger_place(stage, 0)[0], name, encode(other))

    go_on(stage, run)

    assert len(stage.world.jobs) == (0 if held is None else 1)
    check_rest(stage)


def test_what_a_living_run_is_at_is_left_alone(stage: Stage) -> None:
    put(stage)
    slow = submit(stage)
    until(stage, slow, "CreateMediaJobs")
    stage.pass_time(240)
    before = stage.world.attempts()

    go_on(stage, sweep(stage))

    assert stage.world.attempts() == before
    go_on(stage, slow)
    assert len(stage.world.jobs) == 1


def test_all_within_one_second_is_one_job(stage: Stage) -> None:
    # COS's times do not tell the upload from the writing of its answer: the seal does.
    stage.pace = 0
    put(stage)
    go_on(stage, submit(stage))
    late = submit(stage)
    until(stage, late, "PutObject")
    go_on(stage, called_back(stage))

    go_on(stage, late)

    assert len(stage.world.jobs) == 1
    check_rest(stage)


def test_the_event_of_our_own_write_costs_one_look(stage: Stage) -> None:
    ended(stage)
    go_on(stage, called_back(stage))
    calls = len(stage.cloud.journal)

    go_on(stage, stage.submit(stage.events[-1]))

    assert stage.events[-1].writing.sealed_for
    assert stage.cloud.operations()[calls:] == ["HeadObject"]


def test_what_is_refused_is_not_looked_for_among_jobs(stage: Stage) -> None:
    refused(stage)
    go_on(stage, sweep(stage))

    assert count(stage, "DescribeMediaJobs") == 0
    assert len(stage.world.jobs) == 1


def test_a_claim_that_waits_for_another_makes_no_attempts_meanwhile(stage: Stage) -> None:
    replaced_while_running(stage)
    go_on(stage, submit(stage))

    for _ in range(3):
        swept(stage)

    assert on_what_is_there(stage) == [1]
    assert len(stage.world.jobs) == 1


def test_a_job_for_an_earlier_upload_is_not_taken_for_ours(stage: Stage) -> None:
    ended(stage)
    go_on(stage, called_back(stage))
    people.do(stage, Deed(What.PUT, CLIP, "B"))
    struck(stage, submit(stage), "CreateMediaJobs", Fault.KILL_BEFORE)

    swept(stage)

    assert [attempt.job for attempt in stage.world.attempts()] == ["", stage.alive()[0].id]
    check_rest(stage)
    assert stage.world.answer(CLIP) == ("found", "Beta")
