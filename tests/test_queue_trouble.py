"""Polling the queue when time is short, ticks overlap, the queue is out of order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.ci.callbacks import CallbackPolicy
from faketencent.faults import Fault
from faketencent.tdmq import LongPolling
from shared.domain.claim import GRACE
from tests.channels import MQ_REGION, VISIBILITY, Channel, deployed_on, during, found, polled, queue_of, slowly, upload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.world import World

#: Says the same on every Python.
pytestmark = pytest.mark.once

MINUTE = 60
MEGABYTE = 1_048_576


@pytest.fixture
def world() -> Iterator[World]:
    with deployed_on(Channel.QUEUE) as world:
        yield world


class TestTime:
    def test_a_receipt_handle_that_expires_meanwhile_costs_one_more_look(self, world: World) -> None:
        upload(world, "Clip_1")
        during(world, "PutObjectCopy", lambda: world.cloud.clock.sleep(VISIBILITY))

        world.sweep()
        assert found(world, "Clip_1")
        told = polled(world)
        assert (told["undeleted"], told["deleted"], len(queue_of(world))) == (1, 1, 0)
        assert world.writes == 1
        assert {line["level"] for line in world.log} == {"INFO"}

    def test_the_sweep_comes_first_and_polling_has_what_it_leaves(self, world: World) -> None:
        # given work for the sweep, and a queue that takes longer than the timer works
        world.cloud.ci.backend.sender.policy = CallbackPolicy(copies=0)
        upload(world, "Lost_1")
        world.cloud.advance(GRACE)
        world.cloud.ci.backend.sender.policy = CallbackPolicy()
        upload(world, *(f"Clip_{n}" for n in range(20)))
        slowly(world, "DescribeMediaJob", 6)

        summary = world.sweep()

        assert found(world, "Lost_1")
        assert summary["complete"]
        assert not polled(world)["emptied"]
        # The sweep's look took six of 50 seconds.
        assert polled(world)["handled"] == 8

    def test_however_little_there_is_one_message_is_dealt_with_and_the_others_at_later_ticks(
        self, world: World
    ) -> None:
        world.cloud.scf.backend.update_function("callback", timeout=20)
        keys = [f"Clip_{n}" for n in range(4)]
        upload(world, *keys)
        slowly(world, "DescribeMediaJob", 16)

        world.sweep()
        assert (polled(world)["handled"], world.writes) == (1, 1)
        for _ in range(8):
            world.cloud.advance(MINUTE)
            world.sweep()

        assert found(world, *keys)
        assert len(queue_of(world)) == 0
        assert {line["level"] for line in world.log} == {"INFO"}

    @pytest.mark.parametrize(
        "moment", ["BatchReceiveMessage", "DescribeMediaJob", "PutObjectCopy", "BatchDeleteMessage"]
    )
    @pytest.mark.parametrize("late", [0, VISIBILITY])
    def test_ticks_that_overlap_do_no_harm(self, world: World, moment: str, late: int) -> None:
        keys = [f"Clip_{n}" for n in range(4)]
        upload(world, *keys)

        def tick_again() -> None:
            world.cloud.clock.sleep(late)
            world.sweep()

        during(world, moment, tick_again)

        world.sweep()
        world.cloud.advance(VISIBILITY)
        world.sweep()

        assert found(world, *keys)
        assert [len(world.jobs), world.claims, len(queue_of(world))] == [4, [], 0]

    def test_a_long_poll_takes_what_comes_while_it_waits(self, world: World) -> None:
        world.cloud.tdmq.backend.long_polling = LongPolling.CLOCK_RUNS
        world.cloud.ci.backend.sender.policy = CallbackPolicy(delay=3)
        upload(world, "Clip_1")

        world.sweep()

        assert found(world, "Clip_1")


class TestHugeMessages:
    """Of strangers: no callback is so long. They are refused and deleted, and hold up nothing of ours."""

    def test_a_queue_full_of_them_is_emptied_and_what_is_ours_between_them_is_done(self, world: World) -> None:
        upload(world, "Clip_1")
        for _ in range(10):
            queue_of(world).send("x" * MEGABYTE)
        upload(world, "Clip_2")
        for _ in range(10):
            queue_of(world).send("\0" * MEGABYTE)
        upload(world, "Clip_3")

        world.sweep()

        assert found(world, "Clip_1", "Clip_2", "Clip_3")
        assert [polled(world)["deleted"], polled(world)["emptied"], len(queue_of(world))] == [23, 1, 0]
        assert sum("longer than any callback" in line.get("message", "") for line in world.log) == 20

    def test_none_is_received_twice_so_none_of_ours_becomes_a_dead_letter(self, world: World) -> None:
        # Given a queue that gives up what was received once, and all in one batch
        tdmq = world.cloud.tdmq.backend
        dead = tdmq.create_queue("dead", MQ_REGION)
        tdmq.create_queue("once", MQ_REGION, max_receive_count=1, dead_letter_queue="dead")
        world.configure(MQ_NAME="once")
        queue_of(world).send("\0" * MEGABYTE)
        upload(world, "Clip_1")
        queue_of(world).send("\0" * MEGABYTE)

        world.sweep()
        world.cloud.advance(VISIBILITY)

        assert found(world, "Clip_1")
        assert [len(queue_of(world)), len(dead)] == [0, 0]


class TestBrokenQueue:
    """It costs a line in the log; the sweep goes on."""

    def lost(self, world: World) -> None:
        world.cloud.ci.backend.sender.policy = CallbackPolicy(copies=0)
        upload(world, "Clip_1")
        world.cloud.advance(GRACE)

    def assert_swept(self, world: World, level: str, words: str) -> None:
        world.sweep()

        assert found(world, "Clip_1")
        (line,) = [line for line in world.log if line["event"] == "poll"]
        assert line["level"] == level
        assert words in line["message"]

    def test_that_does_not_exist(self, world: World) -> None:
        self.lost(world)
        world.configure(MQ_NAME="misspelt")
        self.assert_swept(world, "ERROR", "Check WATERMARK_MQ_NAME and WATERMARK_MQ_REGION")

    def test_that_the_role_may_not_use(self, world: World) -> None:
        self.lost(world)
        world.deny("tdmq:*")
        self.assert_swept(world, "ERROR", "cos-watermark policy")

    @pytest.mark.parametrize(
        "fault", [fault for fault in Fault if "KILL" not in fault.name and fault is not Fault.ERROR_403]
    )
    def test_that_is_out_of_order(self, world: World, fault: Fault) -> None:
        self.lost(world)
        world.cloud.faults.on("BatchReceiveMessage", fault, times=9)
        self.assert_swept(world, "WARNING", "POST tdmq BatchReceiveMessage callbacks")

    def test_that_deletes_nothing(self, world: World) -> None:
        upload(world, "Clip_1")
        world.cloud.faults.on("BatchDeleteMessage", Fault.TIMEOUT_BEFORE, times=2)
        self.assert_swept(world, "WARNING", "POST tdmq BatchDeleteMessage callbacks")

        world.cloud.advance(VISIBILITY)
        world.sweep()
        assert [world.writes, len(queue_of(world))] == [1, 0]
