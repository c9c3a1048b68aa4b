"""With more to do than a tick has time for, each claim has its turn, and so has what waits beside them.

HYPOTHESIS_PROFILE=long asks the same of 10,000 claims.
"""

from __future__ import annotations

import os
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tests.benchmarks.filling import Asked, Claimed, ask, claim, use_up
from tests.benchmarks.measuring import CALL, MINUTE, Cost, ticks
from tests.benchmarks.scenarios import DAY, HOUR, Scenario
from tests.world import new_containers

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.world import World

#: Says the same on every Python, and takes its time.
pytestmark = pytest.mark.once

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
#: So many claims, calls so slow and ticks so rare that an hour is too short for all.
TOO_MANY, TOO_SLOW, TOO_RARE = (10_000, 5 * CALL, 2 * MINUTE) if LONG else (100, 5.0, 4 * MINUTE)
#: So many that an hour is long enough, and no tick is.
MANY, SLOW, TICKS = (10_000, CALL, 60) if LONG else (40, 1.0, 15)
#: More than are taken up meanwhile.
ASKED = 40_000 if LONG else 250


def _with_entries(*kinds: Claimed) -> Callable[[World, int], None]:
    def fill(world: World, count: int) -> None:
        claim(world, range(count), *kinds)
        ask(world, range(ASKED), Asked.GONE)

    return fill


JOBS = Scenario("jobs", lambda world, count: claim(world, range(count), Claimed.LIVE), DAY)
#: Nobody believes any more that jobs so old are alive, so there is room for what waits.
OLD_JOBS = Scenario("old jobs", _with_entries(Claimed.LIVE), DAY + 1)
IN_LINE = Scenario("a line", _with_entries(Claimed.LIMIT, Claimed.LIVE), HOUR, {"MAX_JOBS_PER_DAY": str(2 * MANY)})


def looks(costs: list[Cost]) -> Counter[str]:
    """How often each claim was read."""
    read = sum((cost.read for cost in costs), Counter[str]())
    return Counter({name: times for name, times in read.items() if name.startswith("claims/")})


def waiting(world: World) -> int:
    return len(world.ledger("waiting/"))


def test_no_claim_has_its_second_look_before_each_has_had_its_first() -> None:
    with JOBS.world(TOO_MANY) as world:
        costs: list[Cost] = []
        while (seen := looks(costs)).total() < 1.3 * TOO_MANY:
            assert max(seen.values(), default=0) <= 1 + (len(seen) == TOO_MANY)
            costs += ticks(world, TOO_SLOW, 1, TOO_RARE)

    assert not any(cost.summary["complete"] for cost in costs)


@pytest.mark.parametrize("containers", ["one container", "always new ones"])
def test_each_claim_is_looked_at_within_the_hour_and_entries_are_taken_up_in_each_tick(containers: str) -> None:
    with OLD_JOBS.world(MANY) as world:
        costs: list[Cost] = []
        left = [waiting(world)]
        for _ in range(TICKS):
            costs += ticks(world, SLOW, 1)
            left.append(waiting(world))
            if containers == "always new ones":
                new_containers()

    assert len(looks(costs)) == MANY
    assert all(after < before for before, after in pairwise(left))
    assert left[-1] > 0


def test_a_line_goes_on_beside_what_is_due_and_entries_beside_both() -> None:
    with IN_LINE.world(MANY) as world:
        # Given a container that knows all claims, and the day after that on which the limit was reached
        use_up(world, "2026-01-01", 2 * MANY)
        while not next(ticks(world, SLOW, 1)).summary["complete"]:
            pass
        world.cloud.clock.sleep(DAY)

        left = waiting(world)
        for cost in ticks(world, SLOW / 2, 2):
            assert cost.calls["CreateMediaJobs"] > 0
            assert cost.calls["DescribeMediaJob"] > 0
            assert waiting(world) < left
            left = waiting(world)
