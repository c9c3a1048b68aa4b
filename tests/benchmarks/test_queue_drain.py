"""What a queue costs, short or long: calls and memory, measured and printed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from shared.cloud.tdmq import BATCH
from tests.benchmarks.measuring import Cost, measurable, tick
from tests.roads import Road, deployed_on, found, queue_of, upload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.world import World

#: Says the same on every Python, and takes its time.
pytestmark = pytest.mark.once

SHORT, LONG = 1_000, 10_000
#: So many messages are about videos of ours; the others are news of workflows.
OURS = 20
OTHERS = '{"EventName":"WorkflowFinish","WorkflowExecution":{"RunId":"i%032x","State":"Success"}}'
#: Seconds of the fake's time that one call takes: it forgets a received message only with its visibility timeout.
PACE = 0.25


@pytest.fixture
def world() -> Iterator[World]:
    with deployed_on(Road.QUEUE) as world, measurable(world):
        yield world


def fill(world: World, messages: int) -> list[str]:
    """Fill the queue; says which videos are ours."""
    keys = [f"Clip_{messages}_{n}" for n in range(OURS)]
    upload(world, *keys)
    queue_of(world).send(*(OTHERS % n for n in range(messages - OURS)))
    assert len(queue_of(world)) == messages
    return keys


def drain(world: World) -> Cost:
    """One tick of the timer."""
    return tick(world, PACE)


def test_a_long_queue_is_drained_with_few_calls_and_no_more_memory_than_a_short_one(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    drain(world)
    costs = {}
    for messages in (SHORT, LONG):
        ours = fill(world, messages)
        costs[messages] = drain(world)
        assert len(queue_of(world)) == 0
        assert found(world, *ours)

    with capsys.disabled():
        sys.stdout.writelines(f"\n{messages} messages: {cost}" for messages, cost in costs.items())
    for messages, cost in costs.items():
        assert cost.calls["BatchReceiveMessage"] == -(-messages // BATCH) + 1
        assert cost.calls["BatchDeleteMessage"] == -(-messages // BATCH)
    assert costs[LONG].peak < 1.5 * costs[SHORT].peak


def test_an_empty_queue_costs_one_call_a_tick(world: World) -> None:
    assert drain(world).calls == {"BatchReceiveMessage": 1, "GetBucket": 1}
