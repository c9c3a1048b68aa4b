"""The short way to the fake cloud shows what the long one shows."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

import pytest

from faketencent.faults import Fault
from tests.channels import Channel, deployed_on
from tests.direct import direct
from tests.world import TICK, marked_video

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.world import World

#: Says the same on every Python.
pytestmark = pytest.mark.once

KEY = "Übung/a b+c%20d.mp4"
LEFT_OUT = ("correlation", "request_id", "message")


def long(_: object) -> AbstractContextManager[None]:
    return nullcontext()


def seen(
    way: Callable[..., AbstractContextManager[None]], channel: Channel, fault: Fault | None, at_call: int
) -> tuple[object, ...]:
    """All that a run of the main job leaves behind: the calls, the log, the object and the ledger."""
    with deployed_on(channel) as world, way(world.cloud):
        if fault:
            world.cloud.faults.at_call(at_call, fault)
        world.upload(KEY, marked_video("Hello_1"), {"content-type": "video/mp4", "x-cos-meta-title": "one"})
        world.cloud.settle()
        for _ in range(3):
            world.cloud.advance(600)
            world.cloud.scf.backend.invoke("callback", TICK)
        stored = world.get(KEY)
        return world.cloud.operations(), _log(world), stored.headers, stored.etag, world.records, world.claims


def _log(world: World) -> list[dict[str, object]]:
    return [{name: value for name, value in line.items() if name not in LEFT_OUT} for line in world.log]


@pytest.mark.parametrize(
    ("channel", "at_calls"),
    # Of the queue, it is the calls that receive and delete its messages.
    [(Channel.URL, (0, 2, 5, 11)), (Channel.QUEUE, (16, 19))],
    ids=["url", "queue"],
)
@pytest.mark.parametrize("fault", [None, *Fault], ids=lambda fault: fault.name.lower() if fault else "none")
def test_both_ways_lead_to_the_same(fault: Fault | None, channel: Channel, at_calls: tuple[int, ...]) -> None:
    for at_call in at_calls:
        assert seen(direct, channel, fault, at_call) == seen(long, channel, fault, at_call)
