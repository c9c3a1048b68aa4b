"""What a sweep costs with few and with very many claims in flight: calls and memory, measured and printed."""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from faketencent.cos.models import Cause
from faketencent.cos.objects import Content, Properties
from tests.benchmarks.measuring import Cost, measurable, tick
from tests.world import IDLE_TICK, LEDGER, deployed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.world import World

#: Says the same on every Python, and takes its time.
pytestmark = pytest.mark.once

FEW, MANY = 1_000, 10_000
PAGE = 1_000


@pytest.fixture
def world() -> Iterator[World]:
    with deployed() as world, measurable(world):
        # The uploads of claims are no news to anybody here, and ten thousand events would take their time.
        world.cloud.cos.backend.listeners.clear()
        yield world


def claim(world: World, start: int, end: int) -> None:
    """Put claims in flight, too young to be taken up."""
    cos = world.cloud.cos.backend
    bucket, content, properties, cause = cos.bucket(LEDGER), Content.of(b"{}"), Properties(), Cause("Put", {})
    for n in range(start, end):
        digest = hashlib.sha256(b"%d" % n).hexdigest()
        cos.store(bucket, f"claims/{digest}/{digest}/000001", content, properties, cause)


def test_memory_does_not_grow_with_the_claims_and_calls_are_those_of_the_listing(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    tick(world)
    costs: dict[int, Cost] = {}
    claim(world, 0, FEW)
    costs[FEW] = tick(world)
    claim(world, FEW, MANY)
    costs[MANY] = tick(world)

    with capsys.disabled():
        sys.stdout.writelines(f"\n{claims} claims: {cost}" for claims, cost in costs.items())
    assert [cost.summary["in_flight"] for cost in costs.values()] == [FEW, MANY]
    for claims, cost in costs.items():
        # The listing of one claim or none is a call of every tick.
        assert cost.calls == Counter(IDLE_TICK) + Counter(GetBucket=claims // PAGE - 1)
    assert costs[MANY].peak < 1.5 * costs[FEW].peak
