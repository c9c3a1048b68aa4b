"""A sweep's memory does not grow with the number of claims, and its calls only with their pages."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import pytest

from fakes.cos.buckets import Bucket
from fakes.cos.objects import Content, Properties
from shared.invocation import Invocation
from tests.world import BUCKET, CLAIMS, World, deployed

if TYPE_CHECKING:
    from collections.abc import Callable

FEW, MANY = 1_000, 100_000
_PAGE = 1_000


def claims_in_flight(world: World, count: int) -> None:
    """That many young claims, spread over all digests. What they say is not read yet, so one body serves for all."""
    cos = world.cloud.cos.backend
    stored = cos.put(BUCKET, f"{CLAIMS}{'0' * 64}/000001", b"young")
    bucket = cos.bucket(BUCKET)
    for number in sorted(format(number, "x")[::-1] for number in range(1, count)):
        bucket.add(replace(stored, key=f"{CLAIMS}{number:0<64}/000001"))
    world.cloud.settle()
    world.cloud.journal.clear()


def peak_of(action: Callable[[], object]) -> int:
    """Bytes that the action needed at most, beyond what there was before."""
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
