"""What the two functions left undone, the sweep brings to an end: finished, adopted, tried again, or dropped."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from faketencent.ci.jobs import Extraction, JobRequest
from faketencent.ci.models import Progression
from faketencent.ci.submission import read_job
from faketencent.faults import Fault
from faketencent.scf.cos_trigger import Delivery
from shared.domain.claim import GRACE
from shared.domain.outcome import Reason
from shared.domain.result import Verdict
from shared.use_cases.reconcile import reconcile
from tests.world import BUCKET, IDLE_TICK, REGION, TIMER_PERIOD, World, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faketencent.routes import Call

#: Says the same on every Python.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("short_way")]

HOUR = 3600


@pytest.fixture
def world() -> Iterator[World]:
    """A deployment that CI never calls back, so that only the sweep can bring results."""
    with deployed(CALLBACK_URL="no") as world:
        yield world


def upload(world: World, text: str = "Hello_1") -> None:
    world.upload("clip.mp4", marked_video(text))
    world.cloud.settle()


def sweep_after(world: World, seconds: float = HOUR) -> dict[str, Any]:
    world.cloud.advance(seconds)
    return world.sweep()


def said(world: World) -> list[tuple[str, str | None]]:
    """What the sweep said of each claim: outcome and reason."""
    return [(line["outcome"], line.get("reason")) for line in world.log if line["event"] == "sweep"]


def unknown_job(world: World) -> str:
    """Upload a video; its job is there and goes on, but its id is known to CI alone."""
    world.cloud.ci.backend.progression = Progression.MANUAL
    world.cloud.faults.on("CreateMediaJobs", Fault.TIMEOUT_AFTER)
    upload(world)
    [job] = world.jobs
    return job.id


def refused_job(world: World) -> None:
    """Upload a video whose job is not accepted."""
    world.cloud.faults.on("CreateMediaJobs", Fault.ERROR_503)
    upload(world)


class TestLostWork:
    def test_a_result_whose_callback_never_came_is_fetched(self, world: World) -> None:
        upload(world)

        sweep_after(world)

        assert world.answer("clip.mp4") == ("found", "Hello_1")
        assert [len(world.jobs), world.claims] == [1, []]

    def test_a_claim_younger_than_the_grace_period_is_left_to_its_function(self, world: World) -> None:
        upload(world)

        summary = sweep_after(world, GRACE - 1)

        assert [summary["in_flight"], summary["due"], summary["handled"]] == [1, 0, 0]
        assert world.answer("clip.mp4") == ("", "")

    def test_a_job_that_has_not_ended_is_waited_for(self, world: World) -> None:
        world.cloud.ci.backend.progression = Progression.MANUAL
        upload(world)

        sweep_after(world, 6 * HOUR)

        assert said(world) == [("skipped", "unfinished")]
        assert len(world.claims) == 1

    def test_one_that_is_just_as_old_as_that_is_taken_up(self, world: World) -> None:
        upload(world)

        assert sweep_after(world, GRACE)["handled"] == 1
        assert world.answer("clip.mp4") == ("found", "Hello_1")

    @pytest.mark.parametrize("fault", [Fault.TIMEOUT_AFTER, Fault.TRUNCATED, Fault.MALFORMED, Fault.KILL_AFTER])
    def test_a_job_whose_reply_was_lost_is_adopted(self, world: World, fault: Fault) -> None:
        world.cloud.ci.backend.progression = Progression.MANUAL
        world.cloud.faults.on("CreateMediaJobs", fault)
        upload(world)

        sweep_after(world)
        world.cloud.ci.backend.finish(world.jobs[0].id)
        sweep_after(world)

        assert world.answer("clip.mp4") == ("found", "Hello_1")
        assert [len(world.jobs), world.claims] == [1, []]

    def test_an_adopted_job_is_searched_for_only_once(self, world: World) -> None:
        unknown_job(world)

        for _ in range(3):
            sweep_after(world)

        assert world.cloud.operations().count("DescribeMediaJobs") == 1

    @pytest.mark.parametrize("fault", [Fault.TIMEOUT_BEFORE, Fault.ERROR_429, Fault.ERROR_503, Fault.KILL_BEFORE])
    def test_a_job_that_was_never_accepted_is_submitted_again(self, world: World, fault: Fault) -> None:
        world.cloud.faults.on("CreateMediaJobs", fault)
        upload(world)

        sweep_after(world)
        assert said(world) == [("submitted", None)]
        sweep_after(world)

        assert world.answer("clip.mp4") == ("found", "Hello_1")
        assert [len(world.jobs), world.claims] == [1, []]

    def test_a_claim_made_by_a_function_that_died_at_once_gets_its_job(self, world: World) -> None:
        world.cloud.faults.on("PutObject", Fault.KILL_AFTER)
        upload(world)

        sweep_after(world)
        sweep_after(world)

        assert world.answer("clip.mp4") == ("found", "Hello_1")
        assert [len(world.jobs), world.claims] == [1, []]

    def test_a_job_of_somebody_else_on_the_same_object_is_not_adopted(self, world: World) -> None:
        refused_job(world)
        ci = world.cloud.ci.backend
        theirs = ci.submit(ci.bucket(BUCKET, REGION), JobRequest("clip.mp4", Extraction(), user_data="theirs"))

        sweep_after(world)
        sweep_after(world)

        assert len(world.jobs) == 2
        assert world.fields("clip.mp4")["job"] != theirs.id

    def test_our_own_job_on_another_upload_of_the_object_is_not_taken_for_that_of_this_one(self, world: World) -> None:
        upload(world, "Other_2")
        sweep_after(world)
        refused_job(world)

        sweep_after(world)
        sweep_after(world)

        assert world.answer("clip.mp4") == ("found", "Hello_1")
        assert world.fields("clip.mp4")["job"] == world.jobs[1].id

    def test_the_same_bytes_uploaded_again_later_are_a_new_upload_and_answered_without_a_job(
        self, world: World
    ) -> None:
        upload(world)
        sweep_after(world)
        upload(world)
        assert world.answer("clip.mp4") == ("", "")

        sweep_after(world)

        assert world.answer("clip.mp4") == ("found", "Hello_1")
        assert [len(world.jobs), world.claims, len(world.records)] == [1, [], 2]

    def test_where_answers_are_not_to_be_reused_it_has_a_job_of_its_own(self, world: World) -> None:
        # Given a content that was answered, uploaded again, and whose second job was not accepted
        world.configure(REUSE_ANSWERS="no")
        upload(world)
        sweep_after(world)
        refused_job(world)
        assert world.answer("clip.mp4") == ("", "")

        # Then the first life's job is not taken for the second's
        sweep_after(world)
        sweep_after(world)
        assert world.fields("clip.mp4")["job"] == world.jobs[1].id
        assert [len(world.jobs), world.claims] == [2, []]


def test_a_bug_that_one_claim_brings_out_does_not_keep_the_others_from_their_end(world: World) -> None:
    # Given two results to fetch, the first of which makes something of ours raise what it should not
    world.upload("clip.mp4", marked_video("Hello_1"))
    world.upload("film.mp4", marked_video("Other_2"))
    world.cloud.settle()
    world.cloud.advance(HOUR)
    failing = iter([ZeroDivisionError("a bug")])

    def reconcile_or_fail(*given: Any) -> object:  # noqa: ANN401 - whatever `reconcile` takes
        for error in failing:
            raise error
        return reconcile(*given)

    with patch("shared.use_cases.sweep.reconcile", reconcile_or_fail):
        world.sweep()

    # Then the other is finished, the log has the trace, and the next sweep makes up for the first
    assert [bool(world.answer(key)[0]) for key in ("clip.mp4", "film.mp4")].count(True) == 1
    [line] = [line for line in world.log if "trace" in line]
    assert line["level"] == "ERROR"
    assert "a bug" in line["trace"]
    world.cloud.advance(HOUR)
    world.sweep()
    assert world.claims == []


class TestAttempts:
    def test_they_are_made_at_5_10_20_and_40_minutes_and_then_each_hour(self, world: World) -> None:
        # Given a CI that takes no job for hours, and the times of all attempts
        made: list[float] = []
        began = world.cloud.clock.now()

        def note(call: Call) -> None:
            if call.route.operation == "CreateMediaJobs":
                made.append((world.cloud.clock.now() - began) / 60)

        world.cloud.watchers.append(note)
        world.cloud.faults.on("CreateMediaJobs", Fault.ERROR_503, times=1000)
        world.cloud.scf.backend.add_timer("callback", "sweep", TIMER_PERIOD)
        upload(world)
        world.cloud.advance(8 * HOUR)

        # Then the first come soon, each five minutes at least after the one before, and later ones keep to their minute
        assert made[0] == 0
        assert [int(minute) for minute in made[1:5]] == [5, 10, 20, 40]
        assert all(later - earlier >= GRACE / 60 for earlier, later in pairwise(made))
        assert {round(later - earlier) for earlier, later in pairwise(made[5:])} == {60}

    def test_all_of_them_are_removed_together(self, world: World) -> None:
        world.cloud.faults.on("CreateMediaJobs", Fault.TIMEOUT_BEFORE, times=3)
        upload(world)
        for _ in range(3):
            sweep_after(world)
        assert len(world.claims) == 4

        sweep_after(world)

        assert world.claims == []
        assert world.record("clip.mp4").attempts == 4

    def test_the_job_of_an_earlier_attempt_is_found_as_well(self, world: World) -> None:
        # Given two attempts, of which the first is accepted after all, long after it was sent
        world.cloud.faults.on("CreateMediaJobs", Fault.TIMEOUT_BEFORE, times=2)
        upload(world)
        sweep_after(world)
        first, _ = (call for call in world.cloud.journal if call.route.operation == "CreateMediaJobs")
        ci = world.cloud.ci.backend
        ci.submit(ci.bucket(BUCKET, REGION), read_job(first.request.body))
        world.cloud.settle()

        sweep_after(world)

        assert world.answer("clip.mp4") == ("found", "Hello_1")
        assert [len(world.jobs), world.claims] == [1, []]


class TestEnds:
    """A claim ends with a record, and no later than its job."""

    def test_the_object_is_gone(self, world: World) -> None:
        refused_job(world)
        world.cloud.cos.backend.delete(BUCKET, "clip.mp4")

        sweep_after(world)

        assert [said(world), world.jobs, world.claims] == [[("recorded", "gone")], [], []]
        record = world.record("clip.mp4")
        assert (record.verdict, record.reason, record.jobs) == (Verdict.SKIPPED, Reason.GONE, ())

    def test_another_upload_has_taken_its_place(self, world: World) -> None:
        refused_job(world)
        world.cloud.advance(1)
        upload(world, "Other_2")

        for _ in range(3):
            sweep_after(world)

        assert ("recorded", "replaced") in said(world)
        assert world.answer("clip.mp4") == ("found", "Other_2")
        assert [len(world.jobs), world.claims] == [1, []]

    def test_another_upload_of_which_no_event_ever_came_gets_its_claim_all_the_same(self, world: World) -> None:
        refused_job(world)
        world.cloud.advance(1)
        world.cloud.scf.backend.cos_triggers.delivery = Delivery(copies=0)
        upload(world, "Other_2")

        for _ in range(3):
            sweep_after(world)

        assert world.answer("clip.mp4") == ("found", "Other_2")
        assert [len(world.jobs), world.claims] == [1, []]

    @pytest.mark.parametrize("fault", [Fault.KILL_BEFORE, Fault.TIMEOUT_BEFORE, Fault.ERROR_500])
    def test_the_result_is_there_already(self, world: World, fault: Fault) -> None:
        # Given a function that wrote the result and could not remove the claim
        world.configure(CALLBACK_URL=world.cloud.scf.backend.function_url("callback"))
        world.cloud.faults.on("DeleteObject", fault)
        upload(world)
        assert [world.answer("clip.mp4"), len(world.claims)] == [("found", "Hello_1"), 1]
        before = world.record("clip.mp4")

        sweep_after(world)

        assert [said(world), world.claims] == [[("recorded", None)], []]
        assert world.record("clip.mp4") == before

    def test_the_object_was_archived_before_there_was_a_job(self, world: World) -> None:
        refused_job(world)
        world.archive("clip.mp4")

        sweep_after(world)

        assert [said(world), world.jobs, world.claims] == [[("recorded", "archived")], [], []]

    def test_a_record_is_written_before_a_claim_is_dropped(self, world: World) -> None:
        upload(world)
        world.cloud.faults.when(lambda call: "/results/" in call.request.path, Fault.ERROR_500, times=2)

        sweep_after(world)
        assert [world.answer("clip.mp4"), len(world.claims), world.records] == [("found", "Hello_1"), 1, []]

        sweep_after(world)
        assert [world.claims, world.record("clip.mp4").applied] == [[], True]
        assert world.writes == 1


class TestSummary:
    def test_it_has_the_count_and_the_age_of_the_oldest(self, world: World) -> None:
        world.cloud.ci.backend.progression = Progression.MANUAL
        world.upload("old.mp4", marked_video("1"))
        world.cloud.settle()
        world.cloud.advance(HOUR)
        world.upload("young.mp4", marked_video("2"))
        world.cloud.settle()

        summary = sweep_after(world, 60)

        assert summary == {
            "in_flight": 2,
            "due": 1,
            "handled": 1,
            "oldest": HOUR + 60,
            "complete": True,
            "alive": 2,
            "held": 0,
        }
        assert world.log[-1] == {"level": "INFO", "event": "sweep_done", **summary}

    def test_with_nothing_in_flight_it_costs_five_calls(self, world: World) -> None:
        for number in range(10):
            world.upload(f"{number}.mp4", marked_video("x"), {"content-type": "video/mp4"})
        world.cloud.settle()
        sweep_after(world)
        world.cloud.settle()
        world.cloud.journal.clear()

        assert sweep_after(world)["in_flight"] == 0
        assert world.cloud.operations() == IDLE_TICK
