"""What a video costs in calls, from its upload to its record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.ci.callbacks import CallbackPolicy
from shared.domain.claim import GRACE
from tests.world import World, deployed, marked_video, new_containers

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Says the same on every Python.
pytestmark = pytest.mark.once

#: Everything between our functions and the cloud; what the cloud itself sends to a function is no call of ours.
NOT_OURS = {"InvokeFunctionUrl"}
#: Of two functions, the claim, its listing and the record included.
MOST = 12


@pytest.fixture
def world() -> Iterator[World]:
    with deployed() as world:
        yield world


def calls_for(world: World, key: str) -> list[str]:
    """The calls that one more video takes."""
    world.cloud.journal.clear()
    world.upload(key, marked_video("Hello_1", key))
    world.cloud.settle()
    assert world.answer(key) == ("found", "Hello_1")
    return [operation for operation in world.cloud.operations() if operation not in NOT_OURS]


def main_job(world: World) -> list[str]:
    """The calls for a video in containers that have done one already, less the look at our own write."""
    calls_for(world, "first.mp4")
    *calls, own_write = calls_for(world, "second.mp4")
    # The self-copy comes back as an event, and costs one look to see our seal.
    assert own_write == "HeadObject"
    return calls


def test_the_main_job_takes_twelve_calls_at_most(world: World) -> None:
    calls = main_job(world)

    assert len(calls) <= MOST, calls
    assert calls.count("CreateMediaJobs") == calls.count("PutObjectCopy") == 1


def test_a_cold_container_takes_one_more_for_the_ledger_and_one_after_its_first_write(world: World) -> None:
    warm = main_job(world)

    new_containers()
    *cold, _ = calls_for(world, "third.mp4")

    more = list(cold)
    for operation in warm:
        more.remove(operation)
    assert sorted(more) == ["GetBucketVersioning", "HeadObject"]


def test_a_video_that_is_answered_already_costs_one_call(world: World) -> None:
    calls_for(world, "clip.mp4")
    world.cloud.journal.clear()

    world.cloud.cos.backend.edit("videos-1250000000", "clip.mp4", {"x-cos-meta-title": "new"})
    world.cloud.settle()

    assert world.cloud.operations() == ["HeadObject"]


def test_what_is_no_video_costs_none(world: World) -> None:
    world.upload("notes.txt", b"x")

    world.cloud.settle()

    assert world.cloud.operations() == []


def test_a_result_whose_callback_was_lost_costs_no_more_than_a_look_more(world: World) -> None:
    warm = main_job(world)
    world.cloud.ci.backend.sender.policy = CallbackPolicy(copies=0)
    world.cloud.journal.clear()
    world.upload("third.mp4", marked_video("Hello_1", "third"))
    world.cloud.settle()
    world.cloud.advance(GRACE)

    world.sweep()

    assert world.answer("third.mp4") == ("found", "Hello_1")
    # The listing that every tick takes, and the claim itself.
    assert len(world.cloud.operations()) == len(warm) + 2
