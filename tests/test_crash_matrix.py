"""Every call of the happy path, struck by every fault: the object ends right all the same, and is paid for once.

The faults fall on both functions and on the way of the callback, whichever road it takes; the platform's retries and
the timer run their course.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from faketencent.faults import Fault
from tests.roads import MQ_REGION, QUEUE, Road, deployed_on
from tests.world import TIMER_PERIOD, marked_video

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.world import World

#: Says the same on every Python, and takes its time.
pytestmark = pytest.mark.once

HOUR = 3600
HEADERS = {"content-type": "video/mp4", "x-cos-meta-title": "one", "x-cos-storage-class": "STANDARD_IA"}


def run_struck(at_call: int, fault: Fault, road: Road, callback_format: str, pace: float) -> tuple[World, bool]:
    """The main job with one call struck; also says whether there was such a call before the job was done.

    Every call takes `pace` seconds.
    """
    with deployed_on(road, timer=True, CALLBACK_FORMAT=callback_format) as world:
        world.cloud.watchers.append(lambda _: world.cloud.clock.sleep(pace))
        world.cloud.faults.at_call(at_call, fault)
        world.upload("clip.mp4", marked_video("Hello_1"), HEADERS)
        world.cloud.settle()
        if road is Road.QUEUE:
            world.tick()
        struck = len(world.cloud.journal) > at_call
        let_it_end(world)
        return world, struck


def let_it_end(world: World) -> None:
    """Let retries and timers do their work, and then three more ticks pass, in which nothing more may happen."""
    for _ in range(3 * HOUR // TIMER_PERIOD):
        if world.answer("clip.mp4")[0] and not world.claims:
            break
        world.tick()
    jobs, writes = len(world.jobs), world.writes
    world.cloud.advance(3 * TIMER_PERIOD)
    assert (len(world.jobs), world.writes) == (jobs, writes)


def assert_all_is_well(world: World) -> None:
    assert world.answer("clip.mp4") == ("found", "Hello_1")
    assert len(world.jobs) == 1, "paid twice"
    assert world.claims == []
    assert len(world.cloud.tdmq.backend.queue(QUEUE, MQ_REGION)) == 0
    stored = world.get("clip.mp4")
    assert {name: stored.headers.get(name) for name in ("content-type", "x-cos-meta-title")} == {
        "content-type": "video/mp4",
        "x-cos-meta-title": "one",
    }
    assert stored.storage_class.value == "STANDARD_IA"


def strike_every_call(fault: Fault, road: Road, callback_format: str = "XML", pace: float = 0) -> int:
    """Strike one call after the other, each in a world of its own; says how many there were."""
    for at_call in itertools.count():
        world, struck = run_struck(at_call, fault, road, callback_format, pace)
        if not struck:
            return at_call
        try:
            assert_all_is_well(world)
        except AssertionError as error:
            calls = world.cloud.operations()[:20]
            raise AssertionError(f"{fault.value} at call {at_call} of {calls}: {error}") from error
    raise AssertionError("unreachable: the calls of the main job have an end")


@pytest.mark.parametrize(
    ("road", "callback_format"),
    [(Road.URL, "XML"), (Road.URL, "JSON"), (Road.QUEUE, "JSON"), (Road.TOPIC, "XML")],
    ids=lambda value: value if isinstance(value, str) else value.name.lower(),
)
@pytest.mark.parametrize("fault", Fault, ids=lambda fault: fault.name.lower())
def test_any_single_fault_costs_delay_and_nothing_else(
    fault: Fault, road: Road, callback_format: str, record_property: Callable[[str, object], None]
) -> None:
    calls = strike_every_call(fault, road, callback_format)

    assert calls > 12
    record_property("crash matrix", calls)


def test_nor_does_a_kill_while_messages_outlive_their_receipt_handles() -> None:
    # The seven calls for one message take longer than the 30 s for which the queue hides it.
    assert strike_every_call(Fault.KILL_AFTER, Road.QUEUE, pace=6) > 12
