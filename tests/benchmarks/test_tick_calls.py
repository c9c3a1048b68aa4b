"""What a claim costs that waits for hours: calls in a tick of the timer, the tick's own counted.

HYPOTHESIS_PROFILE=long counts 1,000 claims, tick by tick.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest

import functions.callback
from tests.benchmarks.filling import Claimed
from tests.benchmarks.measuring import CALL, MINUTE, ticks
from tests.benchmarks.scenarios import HOUR, Scenario, claims
from tests.world import IDLE_TICK, LEDGER

if TYPE_CHECKING:
    from tests.world import World

#: Says the same on every Python, and takes its time.
pytestmark = pytest.mark.once

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
#: In flight where the figure holds. With fewer claims there are as many fewer ticks, so each has as much to do.
IN_FLIGHT, FEWER = 1000, 1 if LONG else 5
#: Calls a claim and tick.
MOST = 0.05


def hour(world: World) -> Counter[str]:
    """The calls of an hour."""
    costs = ticks(world, CALL, HOUR // MINUTE // FEWER, MINUTE * FEWER)
    return sum((cost.calls for cost in costs), Counter[str]())


@pytest.mark.parametrize("kind", [Claimed.LIVE, Claimed.QUEUED])
def test_a_claim_that_waits_for_hours_costs_one_call_in_twenty_ticks(
    kind: Claimed, capsys: pytest.CaptureFixture[str]
) -> None:
    with Scenario("claims that wait", claims(kind), 4 * HOUR).world(IN_FLIGHT // FEWER) as world:
        hour(world)

        calls = hour(world)

    own = Counter({name: number * HOUR // MINUTE // FEWER for name, number in Counter(IDLE_TICK).items()})
    of_claims = (calls - own).total() / (IN_FLIGHT // FEWER)
    of_ticks = len(IDLE_TICK) * HOUR / MINUTE / IN_FLIGHT
    cost = (of_claims + of_ticks) / (HOUR / MINUTE)
    with capsys.disabled():
        sys.stdout.write(f"\n{kind.name}: {cost:.4f} calls a claim and tick: {dict(calls - own)}")
    assert cost <= MOST
    # Each was looked at once, and not less.
    assert calls["GetObject"] - own["GetObject"] >= IN_FLIGHT // FEWER


@pytest.mark.parametrize("kind", [Claimed.LIVE, Claimed.REFUSED])
def test_a_container_that_knows_nothing_reads_each_claim_once(kind: Claimed) -> None:
    with Scenario("claims that wait", claims(kind), 4 * HOUR).world(30) as world:
        [first] = ticks(world, CALL, 1)

    assert first.summary["handled"] == first.reads("claims/") == 30


def test_a_container_forgets_the_claims_that_are_gone() -> None:
    with Scenario("claims that wait", claims(Claimed.LIVE), 4 * HOUR).world(30) as world:
        list(ticks(world, CALL, 1))
        assert len(functions.callback.pace().looked) == 30
        for name in world.claims[1:]:
            world.cloud.cos.backend.delete(LEDGER, name)

        list(ticks(world, CALL, 1))

    assert len(functions.callback.pace().looked) == 1
