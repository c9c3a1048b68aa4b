"""Videos that are written again and again: the minimum age, and the chain of jobs that came too late."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from faketencent.ci.jobs import JobState
from faketencent.ci.models import Durations, Progression
from shared.domain.claim import Held
from shared.domain.next_step import MAX_CHAIN
from shared.domain.outcome import Reason
from tests.direct import direct
from tests.world import World, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faketencent.routes import Call

#: Says the same on every Python.
pytestmark = pytest.mark.once

MINUTE, HOUR, DAY = 60, 3600, 86_400
CLIP = "clip.mp4"
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"


@contextmanager
def taking(running: float, waiting: float = 0) -> Iterator[World]:
    """A deployment whose jobs take so many seconds."""
    with deployed() as world, direct(world.cloud):
        world.cloud.ci.backend.progression = Progression.TIMED
        world.cloud.ci.backend.durations = Durations(waiting=waiting, running=running)
        yield world


def write(world: World, text: str) -> None:
    world.upload(CLIP, marked_video(text, text))
    world.cloud.settle()


def rest(world: World, seconds: int, every: int) -> None:
    for _ in range(seconds // every):
        world.cloud.advance(every)
        world.sweep()


class TestMinimumAge:
    def test_a_file_that_grows_every_ten_seconds_costs_one_job(self) -> None:
        with taking(30) as world:
            world.configure(MIN_AGE="60")
            for second in range(0, 10 * MINUTE, 10):
                write(world, f"part {second}")
                world.cloud.advance(10)
                if second % MINUTE == 50:
                    world.sweep()
            assert world.jobs == []

            rest(world, 2 * HOUR, 5 * MINUTE)

            assert (len(world.jobs), world.claims) == (1, [])
            assert world.answer(CLIP) == ("found", "part 590")
            assert {record.reason for record in world.records} == {None, Reason.REPLACED}

    def test_one_that_is_written_once_waits_until_it_is_old_enough(self) -> None:
        with taking(30) as world:
            world.configure(MIN_AGE=str(HOUR))
            write(world, "once")
            assert [attempt.held for attempt in world.attempts()] == [Held.YOUNG]
            for _ in range(11):
                world.cloud.advance(5 * MINUTE)
                world.sweep()
            assert (world.jobs, len(world.claims)) == ([], 1)

            rest(world, 2 * HOUR, 5 * MINUTE)

            [job] = world.jobs
            assert job.created_at >= world.get(CLIP).last_modified - 3 * HOUR
            assert (world.answer(CLIP), world.claims) == (("found", "once"), [])

    @pytest.mark.parametrize(("age", "jobs"), [(HOUR - 1, 0), (HOUR, 1)])
    def test_an_event_that_comes_so_late_does_not_wait(self, age: int, jobs: int) -> None:
        with taking(30) as world:
            world.configure(MIN_AGE=str(HOUR))
            world.upload(CLIP, marked_video("late"))
            world.cloud.clock.sleep(age)

            world.cloud.settle()

            assert len(world.jobs) == jobs

    def test_one_that_is_deleted_before_costs_nothing(self) -> None:
        with taking(30) as world:
            world.configure(MIN_AGE=str(HOUR))
            write(world, "short-lived")
            world.cloud.cos.backend.delete("videos-1250000000", CLIP)
            rest(world, 2 * HOUR, HOUR)

            assert (world.jobs, world.claims, world.record(CLIP).reason) == ([], [], Reason.GONE)

    def test_without_it_a_job_is_submitted_at_once(self) -> None:
        with taking(30) as world:
            write(world, "once")

            assert len(world.jobs) == 1


def keep_writing(world: World, seconds: int, *, tick: int) -> list[str]:
    """Somebody writes another version every ten minutes; the versions."""
    versions = [f"version {number}" for number in range(seconds // (10 * MINUTE))]
    for version in versions:
        write(world, version)
        for _ in range(tick, 10 * MINUTE + 1, tick):
            world.cloud.advance(tick)
            world.sweep()
        world.cloud.advance(10 * MINUTE % tick)
    return versions


def jobs_by_day(world: World) -> list[int]:
    """How many jobs there were on each day, without those that were cancelled before they began."""
    days = [int(job.created_at) // DAY for job in world.jobs if job.state is not JobState.CANCEL]
    return [days.count(day) for day in sorted(set(days))]


class TestTheChain:
    @pytest.mark.parametrize("waiting", [0, 2 * MINUTE] if LONG else [0])
    def test_an_object_that_never_rests_costs_three_jobs_a_day_at_most_and_is_answered_once_it_does(
        self, waiting: int
    ) -> None:
        with taking(15 * MINUTE, waiting) as world:
            versions = keep_writing(world, 3 * DAY if LONG else DAY + 2 * HOUR, tick=5 * MINUTE)
            assert max(jobs_by_day(world)) == MAX_CHAIN
            unsettled = [line for line in world.log if line.get("reason") == "unsettled"]
            assert unsettled
            assert {(line["level"], line["key"]) for line in unsettled} == {("ERROR", CLIP)}

            rest(world, 2 * DAY, 2 * HOUR)

            assert (world.answer(CLIP), world.claims) == (("found", versions[-1]), [])
            assert max(jobs_by_day(world)) == MAX_CHAIN

    @pytest.mark.parametrize("tick", [1, 2, 3, 4] if LONG else [1])
    def test_however_often_the_timer_comes_there_are_no_more(self, tick: int) -> None:
        with taking(15 * MINUTE) as world:
            versions = keep_writing(world, DAY if LONG else 4 * HOUR, tick=tick * MINUTE)
            rest(world, 2 * DAY, 2 * HOUR)

            assert (world.answer(CLIP), world.claims) == (("found", versions[-1]), [])
            assert max(jobs_by_day(world)) <= MAX_CHAIN

    def test_one_that_rests_in_time_has_its_answer_after_two_jobs(self) -> None:
        with taking(15 * MINUTE) as world:
            write(world, "first")
            world.cloud.advance(10 * MINUTE)
            write(world, "second")

            rest(world, 4 * HOUR, 10 * MINUTE)

            assert (len(world.jobs), world.answer(CLIP), world.claims) == (2, ("found", "second"), [])

    def test_an_object_that_is_replaced_while_it_is_handed_over_keeps_its_chain(self) -> None:
        # Given an upload that was replaced while its job ran, and of whose successor no event told
        with taking(15 * MINUTE) as world:
            write(world, "first")
            world.cloud.advance(MINUTE)
            world.upload(CLIP, marked_video("second"))
            forget_events(world)
            world.cloud.advance(HOUR)

            # When that is replaced too, in the very moment in which the timer claims it
            def replace_it(call: Call) -> None:
                if call.route.operation == "PutObject" and call.key.startswith("claims/"):
                    world.cloud.watchers.remove(replace_it)
                    world.cloud.clock.sleep(1)
                    world.upload(CLIP, marked_video("third"))
                    forget_events(world)

            world.cloud.watchers.append(replace_it)
            world.sweep()

            # Then what is there in the end is checked, and its claim knows of the job that came to nothing
            world.cloud.advance(HOUR)
            world.sweep()
            assert [attempt.chain for attempt in world.attempts()] == [1]
            rest(world, 2 * HOUR, 20 * MINUTE)
            assert (len(world.jobs), world.answer(CLIP), world.claims) == (2, ("found", "third"), [])


def forget_events(world: World) -> None:
    triggers = world.cloud.scf.backend.cos_triggers
    deliver, triggers.deliver = triggers.deliver, lambda *_: None
    world.cloud.settle()
    triggers.deliver = deliver
