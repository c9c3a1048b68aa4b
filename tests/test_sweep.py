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
from shared.use_cases.reconcile import settle
from tests.world import BUCKET, REGION, TIMER_PERIOD, World, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faketencent.routes import Call

HOUR = 3600


@pytest.fixture
def world() -> Iterator[World]:
    """A deployment that CI never calls back, so that only the sweep can bring results."""
    with deployed(CALLBACK_URL="no") as world:
        yield world


def upload(world: World, text: str = "Hello_1") -> None:
    world.upload("clip.mp4", marked_video(text))
    world.cloud.settle()


def sweep_after(world: World, seconds: float = TIMER_PERIOD) -> dict[str, Any]:
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

        summary = sweep_after(world, TIMER_PERIOD - 1)

        assert [summary["in_flight"], summary["handled"]] == [1, 0]
        assert world.answer("clip.mp4") == ("", "")

    def test_a_job_that_has_not_ended_is_waited_for(self, world: World) -> None:
        world.cloud.ci.backend.progression = Progression.MANUAL
        upload(world)

        sweep_after(world, 6 * HOUR)

        assert said(world) == [("skipped", "unfinished")]
        assert len(world.claims) == 1

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

    def test_our_own_job_on_other_content_under_the_same_key_is_not_waited_for(self, world: World) -> None:
        world.cloud.ci.backend.progression = Progression.MANUAL
        upload(world, "Other_2")
        refused_job(world)

        sweep_after(world)

        assert len(world.jobs) == 2

    def test_the_same_bytes_uploaded_again_later_are_a_new_upload_with_a_job_of_its_own(self, world: World) -> None:
        # Given a content that was answered, uploaded again, and whose second job was not accepted
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

    def settle_or_fail(*given: Any) -> object:  # noqa: ANN401 - whatever `settle` takes
        for error in failing:
            raise error
        return settle(*given)

    with patch("shared.use_cases.sweep.settle", settle_or_fail):
        world.sweep()

    # Then the other is finished, the log has the trace, and the next sweep makes up for the first
    assert [bool(world.answer(key)[0]) for key in ("clip.mp4", "film.mp4")].count(True) == 1
    [line] = [line for line in world.log if "trace" in line]
    assert line["level"] == "ERROR"
    assert "a bug" in line["trace"]
    world.sweep()
    assert world.claims == []


class TestAttempts:
    def test_they_are_made_with_growing_pauses(self, world: World) -> None:
        # Given a CI that takes no job for hours, and the times of all attempts
        made: list[float] = []

        def note(call: Call) -> None:
            if call.route.operation == "CreateMediaJobs":
                made.append(world.cloud.clock.now())

        world.cloud.watchers.append(note)
        world.cloud.faults.on("CreateMediaJobs", Fault.ERROR_503, times=1000)
        world.cloud.scf.backend.add_timer("callback", "sweep", TIMER_PERIOD)
        upload(world)
        world.cloud.advance(8 * HOUR)

        # Then each pause is at least twice the one before, up to an hour
        pauses = [after - before for before, after in pairwise(made)]
        assert [int(pause / TIMER_PERIOD) for pause in pauses[:5]] == [1, 2, 4, 8, 12]
        assert {int(pause / TIMER_PERIOD) for pause in pauses[5:]} == {12}

    def test_all_of_them_are_removed_together(self, world: World) -> None:
        world.cloud.faults.on("CreateMediaJobs", Fault.TIMEOUT_BEFORE, times=3)
        upload(world)
        for _ in range(3):
            sweep_after(world, HOUR)
        assert len(world.claims) == 4

        sweep_after(world, HOUR)

        assert world.claims == []

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


class TestDropping:
    """A claim ends with the wish for its job, and no later than its job."""

    def test_the_object_is_gone(self, world: World) -> None:
        refused_job(world)
        world.cloud.cos.backend.delete(BUCKET, "clip.mp4")

        sweep_after(world)

        assert [said(world), world.jobs, world.claims] == [[("skipped", "gone")], [], []]

    def test_other_content_has_taken_its_place(self, world: World) -> None:
        refused_job(world)
        upload(world, "Other_2")

        sweep_after(world)

        assert ("skipped", "replaced") in said(world)
        assert world.answer("clip.mp4") == ("found", "Other_2")
        assert [len(world.jobs), world.claims] == [1, []]

    def test_the_result_is_there_already(self, world: World) -> None:
        # Given a function that wrote the result and died before it removed the claim
        world.configure(CALLBACK_URL=world.cloud.scf.backend.function_url("callback"))
        world.cloud.faults.on("DeleteObject", Fault.KILL_BEFORE)
        upload(world)
        assert [world.answer("clip.mp4"), len(world.claims)] == [("found", "Hello_1"), 1]

        sweep_after(world)

        assert [said(world), world.claims] == [[("skipped", "done")], []]

    def test_the_object_was_archived_before_there_was_a_job(self, world: World) -> None:
        refused_job(world)
        world.upload("clip.mp4", marked_video("Hello_1"), {"x-cos-storage-class": "ARCHIVE"})

        sweep_after(world)

        assert [said(world), world.jobs, world.claims] == [[("skipped", "archived")], [], []]

    def test_as_long_as_the_job_is_alive_the_claim_stays_for_the_content_may_come_back(self, world: World) -> None:
        # Given a video that is replaced while its job runs, and then put back
        job = unknown_job(world)
        world.cloud.advance(60)
        upload(world, "Other_2")
        sweep_after(world)
        upload(world)

        # Then it does not get a second job beside the first
        assert len([job for job in world.jobs if job.request.user_data == world.jobs[0].request.user_data]) == 1
        assert [job.request.key for job in world.jobs] == ["clip.mp4", "clip.mp4"]

        # And the first one's answer, which may be about the other content, is not written
        world.cloud.ci.backend.finish(job)
        sweep_after(world)
        assert world.answer("clip.mp4") == ("", "")


class TestSummary:
    def test_it_has_the_count_and_the_age_of_the_oldest(self, world: World) -> None:
        world.cloud.ci.backend.progression = Progression.MANUAL
        world.upload("old.mp4", marked_video("1"))
        world.cloud.settle()
        world.cloud.advance(HOUR)
        world.upload("young.mp4", marked_video("2"))
        world.cloud.settle()

        summary = sweep_after(world, 60)

        assert summary == {"in_flight": 2, "handled": 1, "oldest": HOUR + 60, "complete": True}
        assert world.log[-1] == {"level": "INFO", "event": "sweep_done", **summary}

    def test_with_nothing_in_flight_one_listing_is_all_it_costs(self, world: World) -> None:
        for number in range(10):
            world.upload(f"{number}.mp4", marked_video("x"), {"content-type": "video/mp4"})
        world.cloud.settle()
        sweep_after(world)
        world.cloud.settle()
        world.cloud.journal.clear()

        assert sweep_after(world)["in_flight"] == 0
        assert world.cloud.operations() == ["GetBucket"]
