"""Giving up: only what CI always refuses, after 30 days, in the ledger alone; never an outage or a job that lives."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from faketencent.cam import CI_ROLE
from faketencent.ci.jobs import JobState
from faketencent.ci.models import Progression
from faketencent.ci.queues import QueueState, QueueUpdate
from faketencent.faults import Fault
from shared.domain.outcome import Reason
from shared.domain.result import Verdict
from shared.settings import DAY
from tests.world import BUCKET, World, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Says the same on every Python, and takes its time.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("short_way")]

HOUR = 3600
#: Seconds between two ticks: `make test-long` has more of them.
PERIOD = HOUR // 2 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else HOUR


@pytest.fixture
def world() -> Iterator[World]:
    with deployed() as world:
        # A timer slower than the real one: days pass here.
        world.cloud.scf.backend.add_timer("callback", "sweep", PERIOD)
        yield world


def upload(world: World) -> None:
    world.upload("clip.mp4", marked_video("Hello_1"))
    world.cloud.settle()


class TestOutages:
    @pytest.mark.parametrize("fault", [Fault.ERROR_500, Fault.ERROR_503, Fault.ERROR_429, Fault.RESET])
    def test_an_outage_of_two_days_costs_nothing_but_delay(self, world: World, fault: Fault) -> None:
        world.cloud.faults.when(lambda call: ".ci." in call.request.host, fault, times=10**6)
        upload(world)

        world.cloud.advance(2 * DAY)
        assert [world.answer("clip.mp4"), len(world.jobs)] == [("", ""), 0]

        world.cloud.faults.clear()
        world.cloud.advance(2 * HOUR)

        assert world.answer("clip.mp4") == ("found", "Hello_1")
        assert [len(world.jobs), world.claims] == [1, []]

    def test_an_outage_of_cos_costs_nothing_but_delay_once_the_claim_is_made(self, world: World) -> None:
        world.cloud.faults.on("CreateMediaJobs", Fault.ERROR_503)
        upload(world)
        world.cloud.faults.when(lambda call: ".cos." in call.request.host, Fault.ERROR_503, times=10**6)

        world.cloud.advance(2 * DAY)
        world.cloud.faults.clear()
        world.cloud.advance(2 * HOUR)

        assert world.answer("clip.mp4") == ("found", "Hello_1")
        assert [len(world.jobs), world.claims] == [1, []]


def unbind(world: World) -> Callable[[], object]:
    world.cloud.ci.backend.unbind_bucket(BUCKET)
    return lambda: world.cloud.ci.backend.bind_bucket(BUCKET)


def take_ci_role(world: World) -> Callable[[], object]:
    cam = world.cloud.cam
    cam.delete_role(CI_ROLE.name)
    return lambda: cam.add_service_role(CI_ROLE)


def deny(*actions: str) -> Callable[[World], Callable[[], object]]:
    def take(world: World) -> Callable[[], object]:
        world.deny(*actions)
        return world.deny

    return take


def name_no_queue(world: World) -> Callable[[], object]:
    world.configure(QUEUE_ID="p0")
    return lambda: world.configure(QUEUE_ID=None)


MENDABLE = [
    pytest.param(unbind, "MediaBucketUnBinded", "enable media processing", id="bucket not bound"),
    pytest.param(take_ci_role, "CIRoleNotExist", "CI_QCSRole", id="service role missing"),
    pytest.param(deny("ci:CreateMediaJobs"), "AccessDenied", "cos-watermark policy", id="may not submit"),
    pytest.param(deny("cam:PassRole"), "AccessDenied", "cos-watermark policy", id="may not pass the role"),
    pytest.param(deny("ci:Describe*", "ci:Create*"), "AccessDenied", "cos-watermark policy", id="may not look either"),
    pytest.param(name_no_queue, "QueueNotFound", "WATERMARK_QUEUE_ID", id="queue unknown"),
]


class TestWhatAnOperatorCanMend:
    @pytest.mark.parametrize(("damage", "code", "remedy"), MENDABLE)
    def test_it_is_logged_with_its_remedy_and_clears_itself_once_mended(
        self, world: World, damage: Callable[[World], Callable[[], object]], code: str, remedy: str
    ) -> None:
        # Given a deployment that lacks something, for most of a day
        mend = damage(world)
        upload(world)
        world.cloud.advance(20 * HOUR)

        # Then each line about it is an error that names the remedy, and the claim waits
        lines = [line for line in world.log if line.get("code") == code]
        assert {line["level"] for line in lines} == {"ERROR"}
        assert all(remedy in line["message"] for line in lines)
        assert [world.jobs, world.answer("clip.mp4"), bool(world.claims)] == [[], ("", ""), True]

        # When it is mended, the backlog clears itself
        mend()
        world.cloud.advance(2 * HOUR)
        assert world.answer("clip.mp4") == ("found", "Hello_1")
        assert [len(world.jobs), world.claims] == [1, []]

    @pytest.mark.parametrize(("damage", "code", "_remedy"), MENDABLE)
    def test_it_is_recorded_as_failed_when_nobody_mends_it_in_time_and_never_on_the_object(
        self, world: World, damage: Callable[[World], Callable[[], object]], code: str, _remedy: str
    ) -> None:
        world.configure(GIVE_UP_AFTER=str(DAY))
        damage(world)
        upload(world)

        world.cloud.advance(DAY - HOUR)
        assert [world.records, len(world.claims) > 0] == [[], True]
        world.cloud.advance(3 * HOUR)

        record = world.record("clip.mp4")
        assert [record.verdict, record.reason, record.applied] == [Verdict.FAILED, Reason.REFUSED, False]
        assert code in (record.message or "")
        assert [world.answer("clip.mp4"), world.jobs, world.claims] == [("", ""), [], []]

    def test_an_acceptance_begins_the_time_anew(self, world: World) -> None:
        # Given a job that was refused for a while, then accepted, forgotten, and is refused again
        world.configure(GIVE_UP_AFTER=str(DAY))
        world.cloud.ci.backend.progression = Progression.MANUAL
        mend = unbind(world)
        upload(world)
        world.cloud.advance(DAY - 4 * HOUR)
        mend()
        world.cloud.advance(2 * HOUR)
        world.cloud.ci.backend.forget(world.jobs[0].id)
        unbind(world)

        world.cloud.advance(DAY - 4 * HOUR)

        assert [world.records, len(world.claims) > 0] == [[], True]

    def test_of_many_a_tick_tries_three_until_one_is_accepted_which_frees_all(self, world: World) -> None:
        # Given a dozen videos whose jobs are refused
        mend = unbind(world)
        keys = [f"{number}.mp4" for number in range(12)]
        for key in keys:
            world.upload(key, marked_video(key))
        world.cloud.settle()
        assert [line["reason"] for line in world.log if line["event"] == "submit"] == ["refused"] * 12

        tried: list[int] = []
        for _ in range(8):
            world.cloud.journal.clear()
            world.cloud.advance(PERIOD)
            tried.append(world.cloud.operations().count("CreateMediaJobs"))
        assert max(tried) == 3

        mend()
        world.cloud.advance(4 * HOUR)
        assert [world.answer(key) for key in keys] == [("found", key) for key in keys]
        assert [len(world.jobs), world.claims] == [12, []]


def test_for_thirty_days_what_is_refused_is_not_given_up() -> None:
    with deployed() as world:
        # One tick a day is enough to see it.
        world.cloud.scf.backend.add_timer("callback", "sweep", DAY)
        unbind(world)
        upload(world)

        world.cloud.advance(30 * DAY)
        assert world.records == []
        world.cloud.advance(2 * DAY)

        assert world.record("clip.mp4").reason is Reason.REFUSED
        assert world.claims == []


def test_a_video_that_no_request_can_name_is_skipped_by_name_and_costs_no_request() -> None:
    # Given a key that no job can name: U+FFFF is no character of XML
    with deployed() as world:
        world.upload("clip\uffff.mp4", marked_video("x"))

        world.cloud.settle()

        record = world.record("clip\uffff.mp4")
        assert [record.verdict, record.reason] == [Verdict.SKIPPED, Reason.UNNAMABLE]
        assert [world.jobs, world.claims, world.fields("clip\uffff.mp4")] == [[], [], {}]


class TestJobsThatDoNotEnd:
    @pytest.fixture(autouse=True)
    def by_hand(self, world: World) -> None:
        world.cloud.ci.backend.progression = Progression.MANUAL

    def test_a_cancelled_job_is_a_failure(self, world: World) -> None:
        upload(world)
        world.cloud.ci.backend.cancel(world.jobs[0].id)

        world.cloud.advance(HOUR)

        assert world.fields("clip.mp4")["code"] == "JobCancelled"
        assert [len(world.jobs), world.claims] == [1, []]

    # That the others are waited for too is in test_patience.
    @pytest.mark.parametrize("state", [JobState.RUNNING])
    def test_a_job_that_ci_knows_is_never_given_up(self, world: World, state: JobState) -> None:
        world.configure(GIVE_UP_AFTER=str(DAY))
        upload(world)
        put_into(world, state)

        world.cloud.advance(9 * DAY)
        assert [world.answer("clip.mp4"), len(world.claims), world.records] == [("", ""), 1, []]
        assert world.log[-1]["oldest"] >= 9 * DAY - HOUR

        finish(world)
        assert world.answer("clip.mp4") == ("found", "Hello_1")
        assert [len(world.jobs), world.claims] == [1, []]

    @pytest.mark.parametrize("state", [JobState.PAUSE, JobState.RUNNING])
    def test_a_job_that_ci_has_forgotten_is_made_anew(self, world: World, state: JobState) -> None:
        upload(world)
        put_into(world, state)
        world.cloud.ci.backend.forget(world.jobs[0].id)
        world.cloud.ci.backend.progression = Progression.IMMEDIATE

        world.cloud.advance(2 * HOUR)

        assert world.answer("clip.mp4") == ("found", "Hello_1")
        assert world.claims == []

    def test_jobs_that_ci_forgets_one_after_the_other_are_not_paid_for_without_end(self, world: World) -> None:
        world.configure(CALLBACK_URL="no")
        upload(world)
        for _ in range(48):
            for job in world.jobs:
                world.cloud.ci.backend.forget(job.id)
            world.cloud.advance(HOUR)

        submitted = world.cloud.operations().count("CreateMediaJobs")
        assert submitted == 2
        assert world.fields("clip.mp4")["code"] == "Forgotten"
        assert world.record("clip.mp4").applied
        assert world.claims == []

    def test_a_queue_that_is_paused_for_days_delays_its_jobs_and_nothing_else(self, world: World) -> None:
        ci = world.cloud.ci.backend
        [queue] = ci.queues.values()
        paused = ci.update_queue(queue, QueueUpdate(queue.name, QueueState.PAUSED, queue.notify))
        upload(world)
        world.cloud.advance(3 * DAY)
        assert [world.answer("clip.mp4"), len(world.jobs)] == [("", ""), 1]

        ci.progression = Progression.IMMEDIATE
        ci.update_queue(paused, QueueUpdate(queue.name, QueueState.ACTIVE, queue.notify))
        world.cloud.advance(HOUR)

        assert world.answer("clip.mp4") == ("found", "Hello_1")
        assert [len(world.jobs), world.claims] == [1, []]


def put_into(world: World, state: JobState) -> None:
    """Bring the one job into a state."""
    ci = world.cloud.ci.backend
    if state is JobState.PAUSE:
        ci.pause(world.jobs[0].id)
    elif state is JobState.RUNNING:
        ci.start(world.jobs[0].id)


def finish(world: World) -> None:
    """Let the one job end, from whatever state, and call back."""
    ci = world.cloud.ci.backend
    if world.jobs[0].state is JobState.PAUSE:
        ci.resume(world.jobs[0].id)
    ci.finish(world.jobs[0].id)
    world.cloud.settle()
