"""`again`: an operator has an object checked once more. One new job, one write; the newer answer stands."""

from __future__ import annotations

import json
from enum import Enum
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from faketencent.ci.analysis import Outcome as Ending
from faketencent.ci.analysis import failed
from faketencent.ci.callbacks import CallbackPolicy
from faketencent.ci.jobs import JobState
from faketencent.ci.models import Progression
from faketencent.cos.objects import Lock
from faketencent.faults import Fault
from faketencent.refusals import INVALID_ARGUMENT
from faketencent.scf.cos_trigger import Delivery
from shared.domain.outcome import Reason
from tests.asking import LATER_RUN, RUN, ask, waiting
from tests.direct import direct
from tests.world import BUCKET, LEDGER, World, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from shared.domain.record import Record

#: Says the same on every Python.
pytestmark = pytest.mark.once

HOUR, DAY = 3600, 86_400
VIDEO = marked_video("Hello_1")
CLIP = "clip.mp4"
#: So much of the user's own metadata that our fields have no room for the job and its time.
NEARLY_FULL = {"x-cos-meta-title": "t" * 1860}


@pytest.fixture
def world() -> Iterator[World]:
    """A deployment whose jobs move by hand."""
    with deployed() as world, direct(world.cloud):
        world.cloud.ci.backend.progression = Progression.MANUAL
        yield world


def finish(world: World, ending: Ending | None = None) -> None:
    """The newest job ends, as it should or as it is told; and calls back."""
    job = world.jobs[-1]
    if ending:
        with patch("faketencent.ci.models.conclude", lambda *_: ending):
            world.cloud.ci.backend.finish(job.id)
    else:
        world.cloud.ci.backend.finish(job.id)
    world.cloud.settle()


def swept(world: World, times: int = 1) -> None:
    for _ in range(times):
        world.cloud.advance(HOUR)
        world.sweep()


def taken_up(world: World) -> None:
    world.cloud.advance(60)
    world.sweep()
    world.cloud.settle()


# What was before


def said(text: str) -> Ending:
    return Ending(JobState.SUCCESS, "Success", "done", text)


def found(world: World) -> None:
    world.upload(CLIP, VIDEO)
    world.cloud.settle()
    finish(world, said("Wrong_0"))


def none(world: World) -> None:
    world.upload(CLIP, VIDEO)
    world.cloud.settle()
    finish(world, said(""))


def has_failed(world: World) -> None:
    world.upload(CLIP, VIDEO)
    world.cloud.settle()
    finish(world, failed("InternalError", "ordered by a test"))


def unapplied(world: World) -> None:
    """The result is in the ledger alone, for the object was under retention for too long."""
    world.configure(GIVE_UP_AFTER=str(2 * HOUR))
    world.upload(CLIP, VIDEO)
    world.cloud.settle()
    world.cloud.cos.backend.lock(BUCKET, CLIP)
    finish(world, said("Wrong_0"))
    swept(world, 5)
    assert (world.record(CLIP).reason, world.claims) == (Reason.UNWRITABLE, [])
    world.cloud.cos.backend.lock(BUCKET, CLIP, Lock.UNLOCKED)


BEFORE = [found, none, has_failed, unapplied]


class When(Enum):
    """When the callback of the first job comes once more."""

    BEFORE = "before the new job"
    RUNNING = "while it runs"
    ENDED = "after it ended"
    WRITTEN = "after its answer was written"
    ALWAYS = "at every moment"
    NEVER = "never"


def newest_record(world: World) -> Record:
    (record,) = (record for record in world.records if record.run)
    return record


def check(world: World, writes: int, *, runs: int = 1) -> None:
    """One new job, one write since; the newer answer stands; both are in the ledger."""
    first, second = world.jobs
    assert world.answer(CLIP) == ("found", "Hello_1")
    assert world.writes == writes + 1
    assert (world.claims, waiting(world)) == ([], [])
    paid = [record for record in world.records if record.jobs]
    assert {record.jobs for record in paid} == {(first.id,), (second.id,)}
    again = next(record for record in paid if record.job == second.id)
    assert (again.applied, again.text, again.run) == (True, "Hello_1", RUN)
    assert len(world.records) == 1 + runs
    assert not any("trace" in line for line in world.log)
    answers = [json.loads(world.kept(name)) for name in world.ledger("answers/")]
    assert [(answer["job"], answer["text"], answer["run"]) for answer in answers] == [(second.id, "Hello_1", RUN)]


@pytest.mark.parametrize("when", When, ids=lambda when: when.value)
@pytest.mark.parametrize("before", BEFORE)
def test_it_costs_one_job_and_the_newer_answer_stands_whenever_the_first_callback_comes_once_more(
    world: World, before: Callable[[World], None], when: When
) -> None:
    def now(moment: When) -> None:
        if when in (moment, When.ALWAYS):
            world.cloud.ci.backend.call_back(world.jobs[0].id)
            world.cloud.settle()

    before(world)
    writes = world.writes
    world.cloud.advance(DAY)
    ask(world, CLIP, again=True)
    now(When.BEFORE)
    taken_up(world)
    assert len(world.jobs) == 2
    now(When.RUNNING)
    world.cloud.ci.backend.sender.policy = CallbackPolicy(copies=0)
    finish(world)
    world.cloud.ci.backend.sender.policy = CallbackPolicy()
    now(When.ENDED)
    world.cloud.ci.backend.call_back(world.jobs[1].id)
    world.cloud.settle()
    now(When.WRITTEN)
    swept(world, 2)

    check(world, writes)


@pytest.mark.parametrize("before", BEFORE)
def test_also_if_no_callback_ever_comes(world: World, before: Callable[[World], None]) -> None:
    before(world)
    writes = world.writes
    world.cloud.advance(DAY)
    ask(world, CLIP, again=True)
    taken_up(world)
    world.cloud.ci.backend.sender.policy = CallbackPolicy(copies=0)
    finish(world)

    swept(world, 3)

    check(world, writes)


@pytest.mark.parametrize("before", BEFORE)
def test_its_answer_is_that_of_the_bytes_from_then_on(world: World, before: Callable[[World], None]) -> None:
    before(world)
    world.cloud.advance(DAY)
    ask(world, CLIP, again=True)
    taken_up(world)
    finish(world)

    world.upload("again.mp4", VIDEO)
    world.cloud.settle()
    swept(world)

    assert world.answer("again.mp4") == ("found", "Hello_1")
    assert len(world.jobs) == 2


def test_an_answer_that_the_ledger_has_is_none_for_it(world: World) -> None:
    found(world)
    world.cloud.advance(DAY)

    ask(world, CLIP, again=True)
    taken_up(world)

    assert len(world.jobs) == 2


def test_an_object_without_any_answer_has_its_first(world: World) -> None:
    world.configure(MIN_AGE="1")
    with patch.object(world.cloud.scf.backend.cos_triggers, "deliver", lambda *_: None):
        world.upload(CLIP, VIDEO)
        world.cloud.settle()
    ask(world, CLIP, again=True)
    taken_up(world)
    finish(world)

    assert world.answer(CLIP) == ("found", "Hello_1")
    assert (len(world.jobs), world.claims, newest_record(world).applied) == (1, [], True)


def paused(world: World) -> Callable[[], object]:
    world.cloud.cos.backend.put(LEDGER, "paused", b"")
    return lambda: world.cloud.cos.backend.delete(LEDGER, "paused")


def refused(world: World) -> Callable[[], object]:
    world.cloud.faults.on("CreateMediaJobs", INVALID_ARGUMENT, times=None)
    return world.cloud.faults.clear


def out_of_order(world: World) -> Callable[[], object]:
    world.cloud.faults.on("CreateMediaJobs", Fault.ERROR_503, times=None)
    return world.cloud.faults.clear


@pytest.mark.parametrize("hinder", [paused, refused, out_of_order])
@pytest.mark.parametrize("before", BEFORE)
def test_it_still_replaces_that_answer_after_it_had_to_wait(
    world: World, before: Callable[[World], None], hinder: Callable[[World], Callable[[], object]]
) -> None:
    before(world)
    writes = world.writes
    world.configure(GIVE_UP_AFTER=None)
    world.cloud.advance(DAY)
    # Given an entry that is taken up, and then a pause, refusals, an outage
    ask(world, CLIP, again=True)
    world.cloud.faults.on("CreateMediaJobs", Fault.ERROR_503)
    taken_up(world)
    go_on = hinder(world)
    swept(world, 3)
    assert len(world.jobs) == 1

    go_on()
    swept(world)
    finish(world)
    swept(world, 2)

    check(world, writes)


class TestAskedForTwice:
    def test_in_one_run_while_the_job_runs(self, world: World) -> None:
        found(world)
        world.cloud.advance(DAY)
        for _ in range(3):
            ask(world, CLIP, again=True, at="2026-01-02T00:00:00Z")
            taken_up(world)
        finish(world)
        swept(world, 2)

        check(world, writes=1)

    def test_in_one_run_after_it_was_answered(self, world: World) -> None:
        found(world)
        world.cloud.advance(DAY)
        ask(world, CLIP, again=True, at="2026-01-02T00:00:00Z")
        taken_up(world)
        finish(world)
        world.cloud.advance(DAY)
        ask(world, CLIP, again=True, at="2026-01-02T00:00:00Z")
        taken_up(world)
        swept(world, 2)

        check(world, writes=1)

    def test_in_one_run_after_its_result_was_given_up(self, world: World) -> None:
        unapplied(world)
        world.cloud.cos.backend.lock(BUCKET, CLIP)
        ask(world, CLIP, again=True, at="2026-01-01T08:00:00Z")
        taken_up(world)
        finish(world)
        swept(world, 5)
        assert (newest_record(world).reason, world.claims) == (Reason.UNWRITABLE, [])
        world.cloud.cos.backend.lock(BUCKET, CLIP, Lock.UNLOCKED)
        tried = world.writes

        ask(world, CLIP, again=True, at="2026-01-01T08:00:00Z")
        taken_up(world)
        swept(world, 2)

        check(world, writes=tried)

    def test_by_two_runs_at_once_the_first_answer_fulfils_both(self, world: World) -> None:
        found(world)
        world.cloud.advance(DAY)
        ask(world, CLIP, again=True)
        ask(world, CLIP, again=True, run=LATER_RUN)
        taken_up(world)
        finish(world)
        swept(world, 3)

        check(world, writes=1, runs=2)

    def test_by_a_later_run_once_more(self, world: World) -> None:
        found(world)
        for run in (RUN, LATER_RUN):
            world.cloud.advance(DAY)
            ask(world, CLIP, again=True, run=run)
            taken_up(world)
            finish(world)
        swept(world, 2)

        assert (len(world.jobs), world.writes, world.claims) == (3, 3, [])
        assert world.fields(CLIP)["job"] == world.jobs[2].id
        [answer] = [json.loads(world.kept(name)) for name in world.ledger("answers/")]
        assert answer["job"] == world.jobs[2].id

    def test_and_not_by_one_that_asks_for_an_answer_only(self, world: World) -> None:
        found(world)
        world.cloud.advance(DAY)
        ask(world, CLIP, again=True)
        ask(world, CLIP, run=LATER_RUN)
        taken_up(world)
        finish(world)
        swept(world, 2)

        check(world, writes=1)

    def test_while_the_first_job_still_runs_whose_answer_fulfils_it(self, world: World) -> None:
        world.upload(CLIP, VIDEO)
        world.cloud.settle()
        ask(world, CLIP, again=True)
        taken_up(world)
        finish(world)
        swept(world, 3)

        assert world.answer(CLIP) == ("found", "Hello_1")
        assert (len(world.jobs), world.writes, world.claims, waiting(world)) == (1, 1, [], [])


class TestTheObjectChangesMeanwhile:
    """Never more than one job for it that could not be applied, and never an answer of other bytes."""

    def edited(self, world: World) -> None:
        """Our fields stay: the answer there stands."""
        world.cloud.cos.backend.edit(BUCKET, CLIP, {"x-cos-meta-title": "new"})

    def touched(self, world: World) -> None:
        """Our fields are gone."""
        world.cloud.cos.backend.copy(BUCKET, CLIP, CLIP, {"x-cos-metadata-directive": "Replaced"})

    def replaced(self, world: World) -> None:
        world.upload(CLIP, marked_video("Other_2"))

    def deleted(self, world: World) -> None:
        world.cloud.cos.backend.delete(BUCKET, CLIP)

    @pytest.mark.parametrize("start", [False, True], ids=["the job waits", "the job runs"])
    @pytest.mark.parametrize(
        ("change", "answer", "more"),
        [
            (edited, ("found", "Wrong_0"), 0),
            (touched, ("found", "Wrong_0"), 0),
            (replaced, ("found", "Other_2"), 1),
        ],
    )
    def test_what_lies_there_then_has_the_answer_that_fits(
        self,
        world: World,
        change: Callable[[TestTheObjectChangesMeanwhile, World], None],
        answer: tuple[str, str],
        more: int,
        start: bool,
    ) -> None:
        found(world)
        world.cloud.advance(DAY)
        ask(world, CLIP, again=True)
        taken_up(world)
        if start:
            world.cloud.ci.backend.start(world.jobs[1].id)
        change(self, world)
        world.cloud.settle()
        if start:
            finish(world)
        for _ in range(4):
            swept(world)
            for job in world.jobs:
                if job.state is JobState.SUBMITTED:
                    world.cloud.ci.backend.finish(job.id)
            world.cloud.settle()

        assert world.answer(CLIP) == answer
        assert (len(world.jobs), world.claims) == (2 + more, [])
        record = newest_record(world)
        assert (record.applied, record.reason, record.text) == (
            False, Reason.REPLACED if start else Reason.CANCELLED, None,
        )  # fmt: skip
        assert record.unattributed == ("Hello_1" if start else None)

    def test_one_that_was_touched_just_before_does_not_have_the_older_answer_back(self, world: World) -> None:
        found(world)
        world.cloud.advance(DAY)
        world.cloud.scf.backend.cos_triggers.delivery = Delivery(window=120)
        self.touched(world)
        ask(world, CLIP, again=True)
        taken_up(world)
        # Now the event comes: the ledger has an answer, but a newer one is on its way.
        swept(world, 2)
        finish(world)
        swept(world, 2)

        check(world, writes=1, runs=2)

    def test_one_that_is_deleted_has_none(self, world: World) -> None:
        found(world)
        world.cloud.advance(DAY)
        ask(world, CLIP, again=True)
        taken_up(world)
        self.deleted(world)
        swept(world, 2)

        assert (world.jobs[1].state, world.claims) == (JobState.CANCEL, [])
        assert newest_record(world).reason is Reason.CANCELLED

    def test_one_that_was_replaced_before_the_entry_was_taken_up_is_checked_as_it_is(self, world: World) -> None:
        found(world)
        world.cloud.advance(DAY)
        ask(world, CLIP, again=True)
        world.cloud.advance(1)
        self.replaced(world)
        world.cloud.settle()
        finish(world)
        taken_up(world)
        swept(world, 2)

        assert world.answer(CLIP) == ("found", "Other_2")
        assert (len(world.jobs), world.claims, waiting(world)) == (2, [], [])


class TestWithHardlyAnyRoom:
    """The seals of two answers are the same if neither says by which job it is, or when it ended."""

    def nearly_full(self, world: World) -> None:
        world.upload(CLIP, VIDEO, NEARLY_FULL)
        world.cloud.settle()
        finish(world)
        assert set(world.fields(CLIP)) == {"", "text", "seal"}

    @pytest.mark.parametrize("when", When, ids=lambda when: when.value)
    def test_it_costs_one_job_and_one_write(self, world: World, when: When) -> None:
        def now(moment: When) -> None:
            if when in (moment, When.ALWAYS):
                world.cloud.ci.backend.call_back(world.jobs[0].id)
                world.cloud.settle()

        self.nearly_full(world)
        world.cloud.advance(DAY)
        ask(world, CLIP, again=True)
        now(When.BEFORE)
        taken_up(world)
        now(When.RUNNING)
        finish(world)
        now(When.ENDED)
        world.cloud.ci.backend.call_back(world.jobs[1].id)
        world.cloud.settle()
        now(When.WRITTEN)
        swept(world, 3)

        check(world, writes=1)

    def test_an_entry_that_is_written_again_later_is_fulfilled(self, world: World) -> None:
        self.nearly_full(world)
        world.cloud.advance(DAY)
        for _ in range(3):
            ask(world, CLIP, again=True, at="2026-01-02T00:00:00Z")
            taken_up(world)
            for job in world.jobs:
                if job.state is JobState.SUBMITTED:
                    world.cloud.ci.backend.finish(job.id)
            world.cloud.settle()
            world.cloud.advance(DAY)

        check(world, writes=1)

    @pytest.mark.parametrize(("fault", "times"), [(Fault.KILL_BEFORE, 1), (Fault.TIMEOUT_BEFORE, 2)])
    def test_a_write_whose_record_was_lost_costs_no_second_job(self, world: World, fault: Fault, times: int) -> None:
        self.nearly_full(world)
        world.cloud.advance(DAY)
        ask(world, CLIP, again=True)
        taken_up(world)
        world.cloud.faults.when(
            lambda call: call.key.startswith("results/") and call.route.operation == "PutObject", fault, times=times
        )
        finish(world)
        swept(world, 4)

        assert world.answer(CLIP) == ("found", "Hello_1")
        assert (len(world.jobs), world.writes, world.claims) == (2, 2, [])
        assert newest_record(world).jobs == (world.jobs[1].id,)
