"""Giving up is by age, for what an operator did not mend in time and for jobs that do not end; never for an outage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.ci.jobs import JobState
from faketencent.ci.models import SERVICE_ROLE, Progression
from faketencent.ci.queues import QueueState, QueueUpdate
from faketencent.faults import Fault
from shared.settings import DAY
from tests.world import BUCKET, World, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Says the same on every Python, and takes its time.
pytestmark = pytest.mark.once

HOUR = 3600
PERIOD = 1800


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
    policies = world.cloud.cam._roles[SERVICE_ROLE]
    world.cloud.cam.delete_role(SERVICE_ROLE)
    return lambda: world.cloud.cam.create_role(SERVICE_ROLE, *policies)


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
    def test_it_is_recorded_as_failed_when_nobody_mends_it_in_time(
        self, world: World, damage: Callable[[World], Callable[[], object]], code: str, _remedy: str
    ) -> None:
        damage(world)
        upload(world)

        world.cloud.advance(DAY - HOUR)
        assert world.answer("clip.mp4") == ("", "")
        world.cloud.advance(2 * HOUR + PERIOD)

        fields = world.fields("clip.mp4")
        assert [fields[""], fields["code"], world.jobs, world.claims] == ["failed", code, [], []]

    def test_the_age_at_which_it_is_given_up_is_a_setting(self, world: World) -> None:
        world.configure(GIVE_UP_AFTER=str(2 * HOUR))
        unbind(world)
        upload(world)

        world.cloud.advance(2 * HOUR - 600)
        assert world.answer("clip.mp4") == ("", "")
        world.cloud.advance(HOUR)

        assert world.answer("clip.mp4")[0] == "failed"


def test_a_refusal_of_this_very_object_is_recorded_at_once() -> None:
    # Given a key that no job can name: U+FFFF is no character of XML
    with deployed() as world:
        world.upload("clip\uffff.mp4", marked_video("x"))

        world.cloud.settle()

        fields = world.fields("clip\uffff.mp4")
        assert [fields[""], fields["code"]] == ["failed", "KeyNotXml"]
        assert [world.jobs, world.claims] == [[], []]


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

    def test_a_job_that_runs_for_ever_is_given_up(self, world: World) -> None:
        upload(world)
        world.cloud.ci.backend.start(world.jobs[0].id)

        world.cloud.advance(DAY - HOUR)
        assert world.answer("clip.mp4") == ("", "")
        world.cloud.advance(2 * HOUR)

        assert [world.fields("clip.mp4")[name] for name in ("", "code")] == ["failed", "GaveUp"]
        assert [len(world.jobs), world.claims] == [1, []]

    def test_a_success_that_comes_after_that_replaces_the_failure(self, world: World) -> None:
        upload(world)
        world.cloud.advance(DAY + 2 * HOUR)
        assert world.answer("clip.mp4")[0] == "failed"

        world.cloud.ci.backend.finish(world.jobs[0].id)
        world.cloud.settle()

        assert world.answer("clip.mp4") == ("found", "Hello_1")
        assert [len(world.jobs), world.claims] == [1, []]

    def test_such_a_success_is_kept_until_it_can_be_written(self, world: World) -> None:
        # Given a success that cannot replace a failure at the moment
        upload(world)
        world.cloud.advance(DAY + 2 * HOUR)
        world.cloud.faults.on("PutObjectCopy", Fault.ERROR_403)
        world.cloud.ci.backend.finish(world.jobs[0].id)
        world.cloud.settle()
        assert [world.answer("clip.mp4")[0], len(world.claims)] == ["failed", 1]

        world.cloud.advance(HOUR)

        assert world.answer("clip.mp4") == ("found", "Hello_1")
        assert world.claims == []

    @pytest.mark.parametrize("state", [JobState.PAUSE, JobState.RUNNING])
    def test_a_job_that_ci_has_forgotten_is_made_anew(self, world: World, state: JobState) -> None:
        upload(world)
        job = world.jobs[0].id
        advance = world.cloud.ci.backend.pause if state is JobState.PAUSE else world.cloud.ci.backend.start
        advance(job)
        world.cloud.ci.backend.forget(job)
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
        assert submitted == 3
        assert world.fields("clip.mp4")["code"] == "GaveUp"
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

    def test_a_queue_that_stays_paused_is_given_up_when_its_callbacks_would_not_be_believed_any_more(
        self, world: World
    ) -> None:
        world.configure(TICKET_LIFETIME=str(2 * DAY))
        upload(world)
        world.cloud.ci.backend.pause(world.jobs[0].id)

        world.cloud.advance(2 * DAY + HOUR)

        assert world.fields("clip.mp4")["message"] == f"still Pause after {2 * DAY} seconds"
        assert world.claims == []
