"""What a queue does with its messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.cloud import FakeCloud
from faketencent.tdmq import LongPolling
from faketencent.tdmq.exceptions import (
    InvalidHandleError,
    ParameterRangeError,
    QueueNotFoundError,
)

if TYPE_CHECKING:
    from faketencent.tdmq import TdmqBackend
    from faketencent.tdmq.message_queue import Message, MessageQueue

#: Says the same on every Python.
pytestmark = pytest.mark.once


@pytest.fixture
def cloud() -> FakeCloud:
    return FakeCloud()


@pytest.fixture
def tdmq(cloud: FakeCloud) -> TdmqBackend:
    return cloud.tdmq.backend


@pytest.fixture
def queue(tdmq: TdmqBackend) -> MessageQueue:
    return tdmq.create_queue("callbacks", "bj")


def received(queue: MessageQueue) -> Message:
    (message,) = queue.receive()
    return message


def bodies(messages: list[Message]) -> list[str]:
    return [message.body for message in messages]


class TestReceiving:
    def test_hides_a_message_until_the_visibility_timeout_is_over(self, cloud: FakeCloud, queue: MessageQueue) -> None:
        queue.send("x")
        first = received(queue)

        cloud.advance(29.9)
        assert queue.receive() == []
        cloud.advance(0.1)
        second = received(queue)

        assert second.id == first.id
        assert second.handle != first.handle
        assert (first.dequeue_count, second.dequeue_count) == (1, 2)
        assert second.first_dequeued_at == first.first_dequeued_at
        assert second.visible_at == first.visible_at + 30

    def test_hands_out_at_most_what_is_asked_for_in_the_order_of_sending(self, queue: MessageQueue) -> None:
        queue.send(*"abcde")

        assert bodies(queue.receive(3)) == ["a", "b", "c"]
        assert bodies(queue.receive(3)) == ["d", "e"]

    def test_waits_for_a_delayed_message(self, cloud: FakeCloud, queue: MessageQueue) -> None:
        queue.send("late", delay=10)
        queue.send("now")

        assert bodies(queue.receive(2)) == ["now"]
        cloud.advance(10)
        assert bodies(queue.receive(2)) == ["late"]

    def test_does_not_give_back_what_is_older_than_the_retention(self, cloud: FakeCloud, tdmq: TdmqBackend) -> None:
        queue = tdmq.create_queue("short", "bj", retention=60)
        queue.send("received")
        received(queue)
        queue.send("waiting")
        # the lifetime begins with sending, not with becoming visible
        queue.send("delayed", delay=59)

        cloud.advance(59)
        assert len(queue) == 3
        cloud.advance(1)
        assert len(queue) == 0
        assert queue.receive(16) == []

    def test_of_10000_messages_takes_625_batches(self, queue: MessageQueue) -> None:
        queue.send(*(f"message {n}" for n in range(10_000)))

        drained = []
        while batch := queue.receive(16):
            drained.append(batch)
            for message in batch:
                queue.delete(message.handle or "")

        assert len(drained) == 625
        assert len({message.id for batch in drained for message in batch}) == 10_000
        assert len(queue) == 0


class TestDeleting:
    def test_with_the_newest_handle_ends_a_message(self, cloud: FakeCloud, queue: MessageQueue) -> None:
        queue.send("x")
        queue.delete(received(queue).handle or "")

        cloud.advance(100)
        assert queue.receive() == []
        assert len(queue) == 0

    def test_with_an_older_handle_is_refused(self, cloud: FakeCloud, queue: MessageQueue) -> None:
        queue.send("x")
        older = received(queue)
        cloud.advance(30)
        newer = received(queue)

        with pytest.raises(InvalidHandleError):
            queue.delete(older.handle or "")
        queue.delete(newer.handle or "")

    def test_is_refused_once_the_message_is_visible_again(self, cloud: FakeCloud, queue: MessageQueue) -> None:
        queue.send("x")
        message = received(queue)
        cloud.advance(30)

        with pytest.raises(InvalidHandleError):
            queue.delete(message.handle or "")
        assert len(queue) == 1

    @pytest.mark.parametrize("handle", ["", "unheard of"])
    def test_with_any_other_handle_is_refused(self, queue: MessageQueue, handle: str) -> None:
        queue.send("x")
        with pytest.raises(InvalidHandleError):
            queue.delete(handle)


class TestDeadLetters:
    @pytest.fixture
    def dead(self, tdmq: TdmqBackend) -> MessageQueue:
        return tdmq.create_queue("dead", "bj", max_message_size=1024)

    @pytest.fixture
    def queue(self, tdmq: TdmqBackend, dead: MessageQueue) -> MessageQueue:
        return tdmq.create_queue("callbacks", "bj", max_receive_count=2, dead_letter_queue=dead.name)

    def test_take_a_message_that_was_received_too_often(
        self, cloud: FakeCloud, queue: MessageQueue, dead: MessageQueue
    ) -> None:
        # given a message that would be too long for the other queue, had it been sent there
        queue.send("x" * 2000)
        ids = []
        for _ in range(2):
            ids.append(received(queue).id)
            assert len(dead) == 0
            cloud.advance(30)

        # then nobody has to ask the first queue for it to move
        (buried,) = dead.receive(2)
        assert ids == [buried.id, buried.id]
        assert buried.dequeue_count == 1
        assert queue.receive() == []

    def test_do_not_take_a_message_that_is_deleted_at_the_last_moment(
        self, cloud: FakeCloud, queue: MessageQueue, dead: MessageQueue
    ) -> None:
        queue.send("x")
        received(queue)
        cloud.advance(30)
        last = received(queue)
        cloud.advance(29)
        queue.delete(last.handle or "")

        cloud.advance(100)
        assert (len(queue), len(dead)) == (0, 0)

    def test_have_handles_of_their_own(self, cloud: FakeCloud, queue: MessageQueue, dead: MessageQueue) -> None:
        queue.send("x")
        old = received(queue)
        cloud.advance(30)
        received(queue)
        cloud.advance(30)
        received(dead)

        with pytest.raises(InvalidHandleError):
            dead.delete(old.handle or "")

    def test_need_a_queue_that_exists_and_a_count(self, tdmq: TdmqBackend) -> None:
        with pytest.raises(QueueNotFoundError):
            tdmq.create_queue("a", "bj", max_receive_count=2, dead_letter_queue="none")
        with pytest.raises(ParameterRangeError):
            tdmq.create_queue("a", "bj", max_receive_count=2)


class TestLongPolling:
    @pytest.fixture
    def queue(self, tdmq: TdmqBackend) -> MessageQueue:
        return tdmq.create_queue("callbacks", "bj", polling_wait_seconds=3)

    def test_answers_at_once_unless_told_otherwise(
        self, cloud: FakeCloud, tdmq: TdmqBackend, queue: MessageQueue
    ) -> None:
        before = cloud.clock.now()

        assert tdmq.receive(queue.name, "bj", wait=30) == []
        assert cloud.clock.now() == before

    @pytest.mark.parametrize(("wait", "waited"), [(None, 3), (0, 0), (7, 7)])
    def test_can_let_the_clock_run_while_nothing_comes(
        self, cloud: FakeCloud, tdmq: TdmqBackend, queue: MessageQueue, wait: int | None, waited: int
    ) -> None:
        tdmq.long_polling = LongPolling.CLOCK_RUNS
        before = cloud.clock.now()

        assert tdmq.receive(queue.name, "bj", wait=wait) == []
        assert cloud.clock.now() == before + waited

    def test_can_meet_a_message_that_becomes_visible_meanwhile(
        self, cloud: FakeCloud, tdmq: TdmqBackend, queue: MessageQueue
    ) -> None:
        tdmq.long_polling = LongPolling.CLOCK_RUNS
        before = cloud.clock.now()
        queue.send("x", delay=4)

        assert bodies(tdmq.receive(queue.name, "bj", wait=30)) == ["x"]
        assert cloud.clock.now() == before + 4


class TestDisorder:
    def test_delivers_a_message_twice_when_told_to(self, queue: MessageQueue) -> None:
        queue.send("a", "b")
        queue.duplicate_next()

        first = queue.receive(16)
        second = queue.receive(16)

        assert (bodies(first), bodies(second)) == (["a", "b"], ["a"])
        assert second[0].id == first[0].id
        with pytest.raises(InvalidHandleError):
            queue.delete(first[0].handle or "")
        queue.delete(second[0].handle or "")
        queue.delete(first[1].handle or "")
        assert len(queue) == 0

    def test_hides_a_duplicate_from_its_own_delivery_on_and_does_not_repeat_it(
        self, cloud: FakeCloud, queue: MessageQueue
    ) -> None:
        queue.send("a")
        queue.duplicate_next()
        received(queue)
        cloud.advance(10)
        received(queue)

        cloud.advance(29)
        assert queue.receive() == []
        cloud.advance(1)
        assert bodies(queue.receive()) == ["a"]
        assert queue.receive() == []

    def test_forgets_the_duplicate_of_what_was_deleted(self, queue: MessageQueue) -> None:
        queue.send("a")
        queue.duplicate_next()
        queue.delete(received(queue).handle or "")

        assert queue.receive() == []

    def test_shuffles_the_same_way_each_time(self, tdmq: TdmqBackend) -> None:
        orders = []
        for name in ("one", "two"):
            queue = tdmq.create_queue(name, "bj")
            queue.shuffle(seed=1)
            queue.send(*"abcdefgh")
            orders.append(bodies(queue.receive(16)))

        assert orders[0] == orders[1] != list("abcdefgh")
        assert sorted(orders[0]) == list("abcdefgh")
