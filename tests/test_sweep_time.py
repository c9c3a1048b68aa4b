"""Time: too many claims for one tick, calls that are slow, short time-outs, unknown ones, and clocks that are wrong."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

import functions.callback
from faketencent.ci.models import Progression
from faketencent.faults import Fault
from faketencent.scf.cos_trigger import Delivery
from shared.domain.claim import GRACE
from shared.errors import ConfigurationError
from shared.invocation import LONGEST, Invocation
from tests.channels import slowly
from tests.world import IDLE_TICK, LEDGER, REGION, TICK, TIMER_PERIOD, World, deployed, marked_video, new_containers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faketencent.clock import Clock

#: Says the same on every Python, and takes its time.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("short_way")]

HOUR = 3600


@pytest.fixture
def world() -> Iterator[World]:
    with deployed(CALLBACK_URL="no") as world:
        yield world


def in_flight(world: World, count: int) -> list[str]:
    """Upload videos whose jobs fail at once, without anybody being told; gives their keys."""
    keys = [f"{number}.mp4" for number in range(count)]
    world.cloud.ci.backend.progression = Progression.MANUAL
    for key in keys:
        world.upload(key, marked_video(key))
    world.cloud.settle()
    for job in world.jobs:
        world.cloud.ci.backend.fail(job.id)
    return keys


def answered(world: World, keys: list[str]) -> int:
    return sum(world.answer(key)[0] == "failed" for key in keys)


class TestManyClaims:
    def test_more_than_a_page_of_them_are_all_listed(self, world: World) -> None:
        keys = in_flight(world, 3)
        world.cloud.advance(GRACE)
        for number in range(2500):
            name = f"claims/{number:064x}/{number:064x}/000001"
            world.cloud.cos.backend.put(LEDGER, name, b"too young to be looked into")

        summary = world.sweep()

        assert [summary["in_flight"], summary["due"], summary["complete"]] == [2503, 3, True]
        assert answered(world, keys) == 3

    def test_it_stops_before_the_deadline_and_says_so(self, world: World) -> None:
        keys = in_flight(world, 10)
        world.cloud.advance(GRACE)
        slowly(world, "DescribeMediaJob", 20)

        summary = world.sweep()

        assert [summary["due"], summary["handled"], summary["complete"]] == [10, 3, False]
        assert world.log[-1] == {"level": "INFO", "event": "sweep_done", **summary, "complete": 0}
        assert answered(world, keys) == 3

    def test_the_timer_works_fifty_seconds_at_most_whatever_the_time_out(self, world: World) -> None:
        # It comes again each minute; two at once would only do the same.
        in_flight(world, 20)
        world.cloud.advance(GRACE)
        slowly(world, "DescribeMediaJob", 10)
        began = world.cloud.clock.now()

        world.sweep()

        assert 50 <= world.cloud.clock.now() - began < 70

    @pytest.mark.parametrize("timeout", [20, 60, 270])
    @pytest.mark.parametrize("containers", ["one container", "always new ones"])
    def test_ticks_that_are_too_short_for_all_get_to_all(self, world: World, timeout: int, containers: str) -> None:
        # Given ticks that have time for one claim or two
        keys = in_flight(world, 12)
        world.cloud.scf.backend.update_function("callback", timeout=timeout)
        slowly(world, "DescribeMediaJob", 16)

        for _ in range(120):
            world.tick()
            if containers == "always new ones":
                new_containers()
            world.sweep()

        assert answered(world, keys) == len(keys)
        assert world.claims == []

    @pytest.mark.parametrize("containers", ["one container", "always new ones"])
    def test_no_claim_is_always_last_behind_those_that_do_not_end(self, world: World, containers: str) -> None:
        # Given more jobs that do not end than a tick has time for, and one that has ended
        world.cloud.ci.backend.progression = Progression.MANUAL
        for number in range(12):
            world.upload(f"{number}.mp4", marked_video(str(number)))
        world.cloud.settle()
        world.cloud.ci.backend.fail(world.jobs[7].id)
        slowly(world, "DescribeMediaJob", 25)

        for _ in range(180):
            world.tick()
            if containers == "always new ones":
                new_containers()
            world.sweep()

        assert world.answer("7.mp4")[0] == "failed"


class TestShortTimeOut:
    def test_several_records_in_one_event_are_all_dealt_with_over_more_runs(self, world: World) -> None:
        # Given a time-out that has time for one record, and an event with five
        world.cloud.scf.backend.update_function("submit", timeout=20)
        slowly(world, "CreateMediaJobs", 16)
        world.cloud.scf.backend.cos_triggers.delivery = Delivery(batch=5)
        for number in range(5):
            world.upload(f"{number}.mp4", marked_video(str(number)))

        world.cloud.settle()
        world.cloud.advance(HOUR)

        # Then what a run did stays done, and what none got to is kept for an operator
        done = len(world.jobs)
        assert done == 3
        assert len({job.request.key for job in world.jobs}) == done
        (dead,) = world.cloud.scf.backend.dead_letters
        world.cloud.watchers.clear()
        world.cloud.scf.backend.invoke("submit", dead.last.event)
        assert len(world.jobs) == 5


class TestTimeOut:
    @pytest.mark.parametrize("limit", [None, 0, "", "soon", {}, "0"])
    def test_one_that_the_context_does_not_tell_is_unknown_and_not_zero(self, world: World, limit: object) -> None:
        context = {} if limit is None else {"time_limit_in_ms": limit}

        left = Invocation(context).time_left()

        assert 0 < left < LONGEST
        assert Invocation({}).time_left(50) == 50
        assert world.cloud.operations() == []

    @pytest.mark.parametrize(("limit", "left"), [(20_000, 15), (60_000, 45), ("60000", 45), (270_000, 202.5)])
    def test_a_quarter_of_it_is_kept_for_the_step_that_a_run_is_at(
        self, world: World, limit: object, left: float
    ) -> None:
        assert Invocation({"time_limit_in_ms": limit}).time_left() == left
        assert world.cloud.operations() == []

    @pytest.mark.parametrize("function", ["submit", "callback"])
    def test_one_that_is_too_long_is_refused_with_what_to_do(self, world: World, function: str) -> None:
        # What a run has written is taken to be nobody's after five minutes.
        world.cloud.scf.backend.update_function(function, timeout=LONGEST + 1)
        world.upload("clip.mp4", marked_video("Hello_1"))
        world.cloud.settle()
        if function == "callback":
            world.cloud.scf.backend.invoke(function, TICK)

        told = str(world.log) + "".join(run.error for run in world.cloud.scf.backend.invocations)

        assert "the function's time-out is 271 s; nothing was done. Set it to 270 s or less" in told
        assert len(world.jobs) == (function == "callback")

    def test_the_longest_allowed_one_is_shorter_than_a_claim_is_left_alone(self) -> None:
        assert LONGEST < GRACE

    def test_a_time_out_that_is_too_long_is_an_operators_to_change(self) -> None:
        with (
            patch.dict("os.environ", {"WATERMARK_SECRET": "s" * 32, "WATERMARK_LEDGER_BUCKET": LEDGER}),
            pytest.raises(ConfigurationError),
        ):
            functions.callback.main_handler(TICK, {"time_limit_in_ms": 900_000, "tencentcloud_region": REGION})


class _Skewed:
    """A machine's clock that is wrong."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds

    def time(self) -> float:
        return self._clock.now() + self._seconds

    monotonic = time

    def sleep(self, seconds: float) -> None:
        self._clock.sleep(seconds)


class TestClocks:
    #: COS refuses requests from clocks that are further off; the SDK's own is left right where it would.
    @pytest.mark.parametrize("hours", [-2, 9])
    def test_a_wrong_clock_of_the_functions_changes_nothing(self, world: World, hours: int) -> None:
        clocks = ["shared.invocation", "shared.cloud.transport"] + ["qcloud_cos.cos_auth"] * (hours < 0)
        with ExitStack() as stack:
            for module in clocks:
                stack.enter_context(patch(f"{module}.time", _Skewed(world.cloud.clock, hours * HOUR)))
            world.cloud.faults.on("CreateMediaJobs", Fault.ERROR_503)
            world.upload("clip.mp4", marked_video("Hello_1"))
            world.cloud.settle()

            world.cloud.advance(GRACE - 1)
            assert world.sweep()["handled"] == 0

            world.cloud.advance(1)
            expected: dict[str, Any] = {"in_flight": 1, "due": 1, "handled": 1, "oldest": GRACE, "complete": True}
            assert world.sweep() == expected | {"alive": 1, "held": 0}
            world.cloud.settle()
            world.cloud.advance(HOUR)
            world.sweep()

        assert world.answer("clip.mp4") == ("found", "Hello_1")
        assert [len(world.jobs), world.claims] == [1, []]


class TestLooks:
    """When a claim is looked at follows from its age alone."""

    def test_a_job_that_lives_costs_two_calls_a_look_and_a_look_an_hour(self, world: World) -> None:
        looks = looks_at(world, world.cloud.ci.backend.start)

        assert len(looks) == 4 + 5
        assert max(looks) == 2

    def test_and_one_more_while_it_waits_in_its_queue(self, world: World) -> None:
        looks = looks_at(world, lambda _: None)

        assert len(looks) == 4 + 5
        assert max(looks) == 3

    def test_in_containers_that_are_always_new_a_claim_may_be_looked_at_each_minute_but_costs_no_more(
        self, world: World
    ) -> None:
        looks = looks_at(world, world.cloud.ci.backend.start, new=True)

        assert max(looks) == 2


def looks_at(world: World, bring: Any, *, new: bool = False) -> list[int]:  # noqa: ANN401 - what to do with a job
    """The numbers of calls of the looks that six hours of ticks take at one claim, beside those of every tick."""
    world.cloud.ci.backend.progression = Progression.MANUAL
    world.upload("clip.mp4", marked_video("Hello_1"))
    world.cloud.settle()
    bring(world.jobs[0].id)
    looks: list[int] = []
    for _ in range(6 * HOUR // TIMER_PERIOD):
        world.tick()
        if new:
            new_containers()
        world.cloud.journal.clear()
        world.sweep()
        calls = len(world.cloud.operations()) - len(IDLE_TICK)
        looks += [calls] if calls else []
    return looks
