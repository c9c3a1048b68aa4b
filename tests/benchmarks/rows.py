"""What ticks of the timer cost, few claims, waiting entries and messages or very many: the rows of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.benchmarks.measuring import CALL, MINUTE, Cost, measurable, remembered, tick, ticks
from tests.benchmarks.scenarios import HOUR, Scenario, claims
from tests.benchmarks.test_queue_drain import drain, fill
from tests.channels import Channel, deployed_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.benchmarks.filling import Claimed

#: After so many ticks it does not matter any more whether all is known; of very many claims a tick is slow to measure.
_MOST_TICKS, _VERY_MANY, _FEW_TICKS = 60, 100_000, 3


@dataclass(frozen=True)
class TickRow:
    """One tick: `seconds` of the fake's time, of this machine's processor, MB at the most, MB kept for the next.

    The rest are numbers: of calls, of claims due and looked at, of claims and waiting entries read.
    """

    situation: str
    number: int
    tick: str
    calls: int
    seconds: float
    cpu: float
    peak: float
    kept: float
    due: int
    looked: int
    claims: int
    entries: int


def of_claims(scenario: Scenario, counts: Sequence[int]) -> Iterator[TickRow]:
    """Two for each number: the first tick of a container, and a later one."""
    for count in counts:
        # To watch memory is slow, so it is not done where time is measured.
        with scenario.world(count) as world:
            weighed = tick(world, CALL)
        with scenario.world(count) as world:
            first, *others = ticks(world, CALL, 1)
            for cost in ticks(world, CALL, _MOST_TICKS if count < _VERY_MANY else _FEW_TICKS):
                others.append(cost)
                if len(others) > 1 and others[-2].summary["complete"]:
                    break
            kept = remembered()
            last = tick(world, CALL)
        yield _row(scenario.name, count, "first", first, weighed.peak, 0)
        yield _row(scenario.name, count, "later", others[-1], last.peak, kept)


def of_messages(counts: Sequence[int]) -> Iterator[TickRow]:
    """Two for each number of messages in a queue: the first tick, and the last, which finds the end of it."""
    for count in counts:
        with deployed_on(Channel.QUEUE) as world, measurable(world):
            fill(world, count)
            costs = drain(world)
        yield _row("messages", count, "first", costs[0], costs[0].peak, 0)
        yield _row("messages", count, "last", costs[-1], costs[-1].peak, 0)


def calls_while_waiting(kind: Claimed, in_flight: int) -> float:
    """Calls a claim and tick, all calls counted, while claims wait that are older than four hours."""
    with Scenario("claims that wait", claims(kind), 4 * HOUR).world(in_flight) as world:
        hour = HOUR // MINUTE
        for _ in ticks(world, CALL, hour):
            pass
        made = sum(cost.calls.total() for cost in ticks(world, CALL, hour))
    return made / hour / in_flight


def _row(situation: str, number: int, which: str, cost: Cost, peak: int, kept: int) -> TickRow:
    return TickRow(
        situation,
        number,
        which,
        calls=cost.calls.total(),
        seconds=cost.seconds,
        cpu=cost.work,
        peak=peak / 1e6,
        kept=kept / 1e6,
        due=cost.summary["due"],
        looked=cost.summary["handled"],
        claims=cost.reads("claims/"),
        entries=cost.reads("waiting/"),
    )
