"""Every call of the happy path, struck by every fault: the object ends right all the same, and is paid for once.

The faults fall on both functions and on the way of the callback, whichever channel it takes; the platform's retries and
the timer run their course.
"""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

import pytest

from faketencent.faults import Fault, Trouble
from faketencent.refusals import REFUSALS, BareReply
from shared.domain.result import Verdict
from tests.channels import MQ_REGION, QUEUE, Channel, deployed_on
from tests.direct import direct
from tests.world import TIMER_PERIOD, marked_video

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.world import World

#: Says the same on every Python, and takes its time.
pytestmark = pytest.mark.once

HOUR = 3600
#: Calls that no main job has.
MOST = 1000
#: `make test-long` strikes every call on every way. `make test` does so by one channel, with all layers at every fifth
#: call; on each of the others, and of the second of two kills, it strikes every fifth one, for each fault another one.
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
SHARE = 1 if LONG else 5
REFUSED = (*REFUSALS, BareReply(400), BareReply(403, b"<html/>"), BareReply(502))
HEADERS = {"content-type": "video/mp4", "x-cos-meta-title": "one", "x-cos-storage-class": "STANDARD_IA"}


def run_struck(
    strikes: Sequence[tuple[int, Trouble]], channel: Channel, callback_format: str, pace: float
) -> tuple[World, bool]:
    """The main job with some calls struck; also says whether there were such calls before the job was done.

    Every call takes `pace` seconds.
    """
    with (
        deployed_on(channel, timer=True, CALLBACK_FORMAT=callback_format) as world,
        way(channel, callback_format, strikes, world),
    ):
        world.cloud.watchers.append(lambda _: world.cloud.clock.sleep(pace))
        for at_call, fault in strikes:
            world.cloud.faults.at_call(at_call, fault)
        world.upload("clip.mp4", marked_video("Hello_1"), HEADERS)
        world.cloud.settle()
        if channel is Channel.QUEUE:
            world.tick()
        struck = len(world.cloud.journal) > strikes[-1][0]
        let_it_end(world)
        return world, struck


def way(
    channel: Channel, callback_format: str, strikes: Sequence[tuple[int, Trouble]], world: World
) -> AbstractContextManager[None]:
    """All layers below the functions are there for some single strikes by one channel; all else goes the short way."""
    at_call, trouble = strikes[0]
    whole = (channel, callback_format, len(strikes)) == (Channel.URL, "XML", 1) and at_call in range(MOST)[
        some_for(trouble)
    ]
    return nullcontext() if whole else direct(world.cloud)


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
    record = world.record("clip.mp4")
    assert (record.applied, record.verdict, record.text) == (True, Verdict.FOUND, "Hello_1")
    assert record.jobs == (world.jobs[0].id,)
    assert len(world.cloud.tdmq.backend.queue(QUEUE, MQ_REGION)) == 0
    stored = world.get("clip.mp4")
    assert {name: stored.headers.get(name) for name in ("content-type", "x-cos-meta-title")} == {
        "content-type": "video/mp4",
        "x-cos-meta-title": "one",
    }
    assert stored.storage_class.value == "STANDARD_IA"


def strike_every_call(
    fault: Trouble,
    channel: Channel,
    callback_format: str = "XML",
    pace: float = 0,
    before: Sequence[tuple[int, Trouble]] = (),
    chosen: slice = slice(0, None, 1),
) -> int:
    """Strike one call after the other, each in a world of its own; says how many there were.

    `before` are strikes at calls that come before; `chosen` says which of the calls are struck.
    """
    first = before[-1][0] + 1 if before else 0
    for at_call in range(first + chosen.start, first + MOST, chosen.step):
        world, struck = run_struck([*before, (at_call, fault)], channel, callback_format, pace)
        if not struck:
            return at_call - first
        try:
            assert_all_is_well(world)
        except AssertionError as error:
            calls = world.cloud.operations()[:30]
            raise AssertionError(f"{[*before, (at_call, fault)]}: {calls}: {error}") from error
    raise AssertionError("unreachable: the calls of the main job have an end")


def some(number: int) -> slice:
    """A share of the calls; for each number another one."""
    return slice(number % SHARE, None, SHARE)


def some_for(trouble: Trouble) -> slice:
    """A share of the calls; for each trouble another one."""
    return some([*Fault, *REFUSED].index(trouble))


@pytest.mark.parametrize(
    ("channel", "callback_format"),
    [(Channel.URL, "XML"), (Channel.URL, "JSON"), (Channel.QUEUE, "JSON"), (Channel.TOPIC, "XML")],
    ids=lambda value: value if isinstance(value, str) else value.name.lower(),
)
@pytest.mark.parametrize("fault", Fault, ids=lambda fault: fault.name.lower())
def test_any_single_fault_costs_delay_and_nothing_else(
    fault: Fault, channel: Channel, callback_format: str, record_property: Callable[[str, object], None]
) -> None:
    whole = (channel, callback_format) == (Channel.URL, "XML")
    calls = strike_every_call(fault, channel, callback_format, chosen=slice(0, None, 1) if whole else some_for(fault))

    assert calls > 12
    record_property("crash matrix", calls)


@pytest.mark.parametrize("refusal", REFUSED, ids=str)
def test_nor_does_a_refusal_of_any_one_call(refusal: Trouble, record_property: Callable[[str, object], None]) -> None:
    calls = strike_every_call(refusal, Channel.QUEUE, chosen=some_for(refusal))

    assert calls > 12
    record_property("crash matrix", calls)


@pytest.mark.parametrize("first", range(17))
@pytest.mark.parametrize("fault", [Fault.KILL_BEFORE, Fault.KILL_AFTER], ids=lambda fault: fault.name.lower())
def test_nor_do_two_kills(first: int, fault: Fault, record_property: Callable[[str, object], None]) -> None:
    calls = strike_every_call(Fault.KILL_AFTER, Channel.URL, before=[(first, fault)], chosen=some(first))

    record_property("crash matrix", calls)


def test_nor_does_a_kill_while_messages_outlive_their_receipt_handles() -> None:
    # The seven calls for one message take longer than the 30 s for which the queue hides it.
    assert strike_every_call(Fault.KILL_AFTER, Channel.QUEUE, pace=6) > 12
