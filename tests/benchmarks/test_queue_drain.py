"""What a queue costs, short or long: ticks, calls and memory, measured and printed."""

from __future__ import annotations

import sys
import tracemalloc
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from shared.cloud.tdmq import BATCH
from shared.cloud.tdmq_reply import MESSAGES, read_reply
from shared.documents import child
from tests.benchmarks.measuring import Cost, measurable, tick
from tests.channels import Channel, deployed_on, found, queue_of, upload
from tests.world import IDLE_TICK, TIMER_PERIOD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.world import World

#: Says the same on every Python, and takes its time.
pytestmark = pytest.mark.once

MEGABYTE = 1_048_576
SHORT, LONG = 200, 2_000
#: So many messages are about videos of ours; the others are news of workflows.
OURS = 20
OTHERS = '{"EventName":"WorkflowFinish","WorkflowExecution":{"RunId":"i%032x","State":"Success"}}'
#: Seconds of the fake's time that one call takes: it forgets a received message only with its visibility timeout.
PACE = 0.25


@pytest.fixture
def world() -> Iterator[World]:
    with deployed_on(Channel.QUEUE) as world, measurable(world):
        yield world


def fill(world: World, messages: int) -> list[str]:
    """Fill the queue; says which videos are ours."""
    keys = [f"Clip_{messages}_{n}" for n in range(OURS)]
    upload(world, *keys)
    queue_of(world).send(*(OTHERS % n for n in range(messages - OURS)))
    assert len(queue_of(world)) == messages
    return keys


def drain(world: World) -> list[Cost]:
    """Ticks of the timer until the queue is empty."""
    costs = [tick(world, PACE)]
    while len(queue_of(world)):
        world.cloud.clock.sleep(TIMER_PERIOD)
        costs.append(tick(world, PACE))
    return costs


def calls(costs: list[Cost], operation: str) -> int:
    return sum(cost.calls[operation] for cost in costs)


def test_a_long_queue_is_drained_with_few_calls_and_no_more_memory_than_a_short_one(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    drain(world)
    costs: dict[int, list[Cost]] = {}
    for messages in (SHORT, LONG):
        ours = fill(world, messages)
        costs[messages] = drain(world)
        assert found(world, *ours)

    with capsys.disabled():
        for messages, ticks in costs.items():
            sys.stdout.write(f"\n{messages} messages: {len(ticks)} ticks, the first {ticks[0]}")
    for messages, ticks in costs.items():
        # Half of a tick is for the queue, so that a long one takes several, and each may leave a batch half done.
        full = -(-messages // BATCH)
        for operation in ("BatchReceiveMessage", "BatchDeleteMessage"):
            assert full <= calls(ticks, operation) <= full + len(ticks)
    assert max(cost.peak for cost in costs[LONG]) < 1.5 * max(cost.peak for cost in costs[SHORT])


@pytest.mark.parametrize("letter", [b"x", rb"\u0000", rb"\""], ids=["plain", "escapes", "marks"])
def test_a_batch_of_the_largest_messages_takes_little_memory(letter: bytes) -> None:
    chunk = letter * 8192

    def reply() -> Iterator[bytes]:
        """Sixteen messages of 1 MB each, as they come from the network."""
        yield b'{"code":0,"msgInfoList":['
        for n in range(BATCH):
            yield b'{"receiptHandle":"%d","msgBody":"' % n
            for _ in range(MEGABYTE // 8192):
                yield bytes(chunk)
            yield b'"}' if n == BATCH - 1 else b'"},'
        yield b"]}"

    tracemalloc.start()
    messages = child(read_reply(reply()), MESSAGES)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert messages == [{"receiptHandle": str(n), "msgBody": None} for n in range(BATCH)]
    assert peak < MEGABYTE


def test_an_empty_queue_costs_one_call_more_a_tick(world: World) -> None:
    assert tick(world, PACE).calls == Counter([*IDLE_TICK, "BatchReceiveMessage"])
