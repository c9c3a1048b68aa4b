"""A tick ends in time and takes no more memory, however much is in the ledger, and reads nothing in vain.

HYPOTHESIS_PROFILE=long asks the same of 100,000 waiting entries and 10,000 claims.
"""

from __future__ import annotations

import os
import sys
from collections import Counter

import pytest

from shared.cloud.cos import PAGE
from shared.invocation import TICK
from tests.benchmarks.measuring import CALL, MINUTE, tick, ticks
from tests.benchmarks.scenarios import CLAIMS, ENTRIES, HOUR, IDLE, Scenario

#: Says the same on every Python, and takes its time.
pytestmark = pytest.mark.once

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
#: With fewer of them calls are slower, so that there are too many for one tick all the same.
SOME_CLAIMS, SLOW_CALL = (10_000, CALL) if LONG else (200, 0.5)
FEW_ENTRIES, MANY_ENTRIES = PAGE, 100_000 if LONG else 3 * PAGE
FEW_CLAIMS, MANY_CLAIMS = PAGE, 10_000 if LONG else 3 * PAGE
KNOWN = 10_000 if LONG else 30
#: The most calls that may be made after the time is over: those of one claim or entry, and what ends the tick.
ONE_STEP = 20

each = pytest.mark.parametrize("scenario", [*CLAIMS, *ENTRIES], ids=lambda scenario: scenario.name)
each_idle = pytest.mark.parametrize("scenario", IDLE, ids=lambda scenario: scenario.name)
YOUNG = CLAIMS[0]


@each
def test_a_tick_ends_in_time_whatever_it_meets_and_not_before_all_is_done(scenario: Scenario) -> None:
    with scenario.world(SOME_CLAIMS) as world:
        first, second = ticks(world, SLOW_CALL, 2)

    assert max(first.seconds, second.seconds) <= TICK + ONE_STEP * SLOW_CALL
    due = 0 if scenario in (YOUNG, *ENTRIES) else SOME_CLAIMS
    assert first.summary["due"] == due
    assert first.seconds >= (TICK if due else 0)


@each_idle
def test_waiting_entries_that_must_wait_cost_a_page_whatever_their_number(
    scenario: Scenario, capsys: pytest.CaptureFixture[str]
) -> None:
    costs = []
    for count in (FEW_ENTRIES, MANY_ENTRIES):
        with scenario.world(count) as world:
            costs.append(tick(world, CALL))

    few, many = costs
    with capsys.disabled():
        sys.stdout.write(f"\n{scenario.name}: {MANY_ENTRIES}: {many}")
    assert many.calls == few.calls
    assert many.reads("waiting/") == 0
    assert many.peak < 1.1 * few.peak


def test_claims_that_are_not_due_cost_their_listing_and_memory_does_not_grow_with_their_number(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with YOUNG.world(FEW_CLAIMS) as world:
        few = tick(world, CALL)
    with YOUNG.world(MANY_CLAIMS) as world:
        many = tick(world, CALL)
        world.cloud.clock.sleep(HOUR)
        due = tick(world, 1.0)

    with capsys.disabled():
        sys.stdout.write(f"\n{YOUNG.name}: {MANY_CLAIMS}: {many}\nall of them due: {due}")
    assert [cost.summary["due"] for cost in (few, many, due)] == [0, 0, MANY_CLAIMS]
    assert many.calls - few.calls == {"GetBucket": (MANY_CLAIMS - FEW_CLAIMS) // PAGE}
    assert many.reads("claims/") == 0
    # One page of the listing is in memory at a time, and of what is due no more than a tick may get to. A page that
    # stayed would be half as much again.
    assert many.peak < few.peak * (1.15 + 0.01 * (MANY_CLAIMS - FEW_CLAIMS) / PAGE)
    assert due.peak < 2 * many.peak


@pytest.mark.parametrize("scenario", [CLAIMS[1], CLAIMS[2]], ids=lambda scenario: scenario.name)
def test_what_is_known_is_read_once_an_hour_and_only_when_it_is_due(scenario: Scenario) -> None:
    with scenario.world(KNOWN) as world:
        # Given a container that has come to know all claims
        while not next(ticks(world, CALL, 1)).summary["complete"]:
            pass

        hour = list(ticks(world, CALL, HOUR // MINUTE))

    read = sum((cost.read for cost in hour), Counter())
    claims = {name: times for name, times in read.items() if name.startswith("claims/")}
    assert len(claims) == KNOWN
    assert set(claims.values()) == {1}
    assert all(cost.reads("claims/") == cost.summary["due"] for cost in hour)
