"""What a video costs in calls, from its upload to its record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.ci.callbacks import CallbackPolicy
from shared.domain.claim import GRACE
from tests.world import IDLE_TICK, World, deployed, marked_video, new_containers

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Says the same on every Python.
pytestmark = pytest.mark.once

#: Everything between our functions and the cloud; what the cloud itself sends to a function is no call of ours.
NOT_OURS = {"InvokeFunctionUrl"}
#: Of two functions: the claim, its listing, the answer and the record included; and how many more a daily limit takes.
MOST, FOR_A_SLOT = 14, 2


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


def beside(calls: list[str], less: list[str]) -> list[str]:
    """What there is more than in others."""
    more = list(calls)
    for operation in less:
        more.remove(operation)
    return sorted(more)


def test_the_main_job_takes_fourteen_calls_at_most(world: World) -> None:
    calls = main_job(world)

    assert len(calls) <= MOST, calls
    assert calls.count("CreateMediaJobs") == calls.count("PutObjectCopy") == 1


def test_and_two_more_where_a_daily_limit_is_set(world: World) -> None:
    unbounded = main_job(world)
    world.configure(MAX_JOBS_PER_DAY="10")

    *calls, _ = calls_for(world, "third.mp4")

    assert len(calls) <= MOST + FOR_A_SLOT
    assert beside(calls, unbounded) == ["GetBucket", "PutObject"]


def test_a_cold_container_takes_one_more_for_the_ledger_one_for_the_pause_and_one_after_its_first_write(
    world: World,
) -> None:
    warm = main_job(world)

    new_containers()
    *cold, _ = calls_for(world, "third.mp4")

    assert beside(cold, warm) == ["GetBucketVersioning", "GetObject", "HeadObject"]


def test_the_pause_is_looked_for_once_a_minute_and_no_more(world: World) -> None:
    warm = main_job(world)

    world.cloud.clock.sleep(59)
    *soon, _ = calls_for(world, "third.mp4")
    world.cloud.clock.sleep(1)
    *later, _ = calls_for(world, "fourth.mp4")

    assert [beside(soon, warm), beside(later, warm)] == [[], ["GetObject"]]


def test_a_video_that_is_answered_already_costs_one_call(world: World) -> None:
    calls_for(world, "clip.mp4")
    world.cloud.journal.clear()

    world.cloud.cos.backend.edit("videos-1250000000", "clip.mp4", {"x-cos-meta-title": "new"})
    world.cloud.settle()

    assert world.cloud.operations() == ["HeadObject"]


def test_the_same_bytes_under_another_key_cost_no_job(world: World) -> None:
    calls_for(world, "clip.mp4")
    world.cloud.journal.clear()

    world.upload("copy.mp4", world.get("clip.mp4").body)
    world.cloud.settle()
    world.cloud.advance(GRACE)
    world.sweep()

    assert world.answer("copy.mp4") == ("found", "Hello_1")
    assert "CreateMediaJobs" not in world.cloud.operations()
    assert world.cloud.operations().count("PutObjectCopy") == 1


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
    # What every tick calls, and the claim itself.
    assert beside(world.cloud.operations(), warm) == sorted([*IDLE_TICK, "GetObject"])
