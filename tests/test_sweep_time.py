"""The sweep and time: too many claims for one tick, calls that are slow, and clocks that are wrong."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from faketencent.ci.models import Progression
from faketencent.faults import Fault
from tests.world import BUCKET, CLAIMS, TIMER_PERIOD, World, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from faketencent.clock import Clock
    from faketencent.routes import Call

#: Says the same on every Python, and takes its time.
pytestmark = pytest.mark.once

HOUR = 3600


@pytest.fixture
def world() -> Iterator[World]:
    with deployed(CALLBACK_URL="no") as world:
        yield world


def in_flight(world: World, *keys: str) -> None:
    """Upload videos whose jobs do not end."""
    world.cloud.ci.backend.progression = Progression.MANUAL
    for key in keys:
        world.upload(key, marked_video(key))
    world.cloud.settle()
    world.cloud.advance(TIMER_PERIOD)


def slowly(world: World, operation: str, seconds: float) -> Callable[[Call], None]:
    """Have each call of an operation take its time."""

    def wait(call: Call) -> None:
        if call.route.operation == operation:
            world.cloud.clock.sleep(seconds)

    world.cloud.watchers.append(wait)
    return wait


def young(world: World, count: int) -> None:
    """Claims that are too young to be looked into."""
    for number in range(count):
        world.cloud.cos.backend.put(BUCKET, f"{CLAIMS}{format(number, 'x')[::-1]:0<64}/000001", b"")


class TestManyClaims:
    def test_more_than_a_page_of_them_are_all_looked_after(self, world: World) -> None:
        in_flight(world, *(f"{number}.mp4" for number in range(3)))
        young(world, 2500)

        summary = world.sweep()

        assert [summary["in_flight"], summary["handled"], summary["complete"]] == [2503, 3, True]

    def test_it_stops_before_the_deadline_and_says_so(self, world: World) -> None:
        # Given calls that take so long that there is no time for all claims
        in_flight(world, *(f"{number}.mp4" for number in range(10)))
        slow = slowly(world, "DescribeMediaJob", 50)

        summary = world.sweep()

        assert summary["complete"] is False
        assert 0 < summary["handled"] < 10
        assert world.log[-1]["event"] == "sweep_done"
        world.cloud.watchers.remove(slow)
        assert world.sweep()["complete"] is True

    def test_time_is_watched_even_while_there_is_nothing_to_do_but_list(self, world: World) -> None:
        young(world, 3000)
        world.cloud.scf.backend.update_function("callback", timeout=100)
        slowly(world, "GetBucket", 30)

        summary = world.sweep()

        assert summary["complete"] is False
        assert world.cloud.operations() == ["GetBucket"] * 2

    def test_ticks_that_are_too_short_for_all_still_get_to_all(self, world: World) -> None:
        # Given ticks that have time for one claim only
        keys = [f"{number}.mp4" for number in range(6)]
        in_flight(world, *keys)
        for job in world.jobs:
            world.cloud.ci.backend.fail(job.id)
        slowly(world, "DescribeMediaJob", 200)
        world.cloud.scf.backend.add_timer("callback", "sweep", TIMER_PERIOD)

        world.cloud.advance(3 * HOUR)

        assert [world.answer(key)[0] for key in keys] == ["failed"] * 6

    def test_stuck_claims_do_not_starve_the_others(self, world: World) -> None:
        # Given more jobs that do not end than a tick has time for, and one that has ended
        keys = [f"{number}.mp4" for number in range(12)]
        in_flight(world, *keys)
        world.cloud.ci.backend.fail(world.jobs[7].id)
        slowly(world, "DescribeMediaJob", 100)
        world.cloud.scf.backend.add_timer("callback", "sweep", TIMER_PERIOD)

        world.cloud.advance(6 * HOUR)

        assert world.answer("7.mp4")[0] == "failed"


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
        clocks = ["shared.invocation", "shared.cloud.connect", "shared.cloud.transport"] + ["qcloud_cos.cos_auth"] * (
            hours < 0
        )
        with ExitStack() as stack:
            for module in clocks:
                stack.enter_context(patch(f"{module}.time", _Skewed(world.cloud.clock, hours * HOUR)))
            world.cloud.faults.on("CreateMediaJobs", Fault.ERROR_503)
            world.upload("clip.mp4", marked_video("Hello_1"))
            world.cloud.settle()

            world.cloud.advance(TIMER_PERIOD - 1)
            assert world.sweep()["handled"] == 0

            world.cloud.advance(1)
            assert world.sweep() == {"in_flight": 1, "handled": 1, "oldest": TIMER_PERIOD, "complete": True}
            world.cloud.settle()
            world.cloud.advance(TIMER_PERIOD)
            world.sweep()

        assert world.answer("clip.mp4") == ("found", "Hello_1")
        assert [len(world.jobs), world.claims] == [1, []]
