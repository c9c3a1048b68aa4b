"""Receiving and deleting messages with the client of TDMQ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from shared.cloud.tdmq import Message
from tests.shared.tdmq_samples import (
    VISIBILITY,
    answering,
    cloud_with_queue,
    plain_queue,
    queue_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faketencent.cloud import FakeCloud
    from faketencent.tdmq.message_queue import MessageQueue


@pytest.fixture
def cloud() -> Iterator[FakeCloud]:
    with cloud_with_queue() as cloud:
        yield cloud


@pytest.fixture
def stored(cloud: FakeCloud) -> MessageQueue:
    """The queue as the service sees it."""
    return cloud.tdmq.backend.queue("callbacks", "bj")


class TestReceiving:
    def test_an_empty_queue_has_no_messages_and_is_no_error(self, cloud: FakeCloud) -> None:
        assert queue_of(cloud).receive(5) == []
        assert cloud.operations() == ["BatchReceiveMessage"]

    def test_up_to_sixteen_messages_come_at_once(self, cloud: FakeCloud, stored: MessageQueue) -> None:
        ids = stored.send(*(f"body {n}" for n in range(20)))
        queue = queue_of(cloud)

        first, second = queue.receive(0), queue.receive(0)

        assert [message.id for message in first + second] == ids
        assert len(first) == 16
        assert first[3].body == b"body 3"

    def test_a_message_says_when_it_was_sent_and_how_often_it_was_received(
        self, cloud: FakeCloud, stored: MessageQueue
    ) -> None:
        sent = cloud.clock.now()
        stored.send("body")
        queue = queue_of(cloud)

        times = []
        for _ in range(3):
            (message,) = queue.receive(0)
            times.append((message.receives, message.sent))
            cloud.advance(VISIBILITY)

        assert times == [(1, sent), (2, sent), (3, sent)]

    @pytest.mark.parametrize("untold", [{}, {"dequeueCount": 0, "enqueueTime": 0}, {"dequeueCount": "reserved"},
                                        {"dequeueCount": None, "enqueueTime": "9" * 5000}])  # fmt: skip
    def test_that_it_does_not_say_so_does_not_matter(self, untold: dict[str, Any]) -> None:
        item = {"msgBody": "body", "msgId": "1", "receiptHandle": "h", **untold}
        with answering({"code": 0, "message": "", "msgInfoList": [item]}):
            assert plain_queue().receive(0) == [Message("1", b"body", "h", None, None)]

    def test_the_code_may_be_text(self) -> None:
        with answering({"code": "7000", "message": ""}):
            assert plain_queue().receive(0) == []

    def test_one_message_in_a_strange_encoding_leaves_the_others_readable(self) -> None:
        items = (
            b'{"msgId":"1","receiptHandle":"h","msgBody":"\xff\xfe"},{"msgId":"2","receiptHandle":"i","msgBody":"b"}'
        )
        lone = b',{"msgId":"3","receiptHandle":"j","msgBody":"\\ud83d"},{"msgId":"4","receiptHandle":"k"}'
        with answering(body=b'{"code":0,"msgInfoList":[' + items + lone + b"]}"):
            bodies = [message.body for message in plain_queue().receive(0)]

        assert bodies == ["\ufffd\ufffd".encode(), b"b", b"?", b""]

    def test_a_batch_of_the_largest_messages_is_read(self, cloud: FakeCloud, stored: MessageQueue) -> None:
        for _ in range(16):
            stored.send('"' * 1_048_576)

        assert len(queue_of(cloud).receive(0)) == 16


class TestDeleting:
    def test_deleted_messages_do_not_come_back(self, cloud: FakeCloud, stored: MessageQueue) -> None:
        stored.send(*(str(n) for n in range(16)))
        queue = queue_of(cloud)

        assert queue.delete(queue.receive(0)) == 0
        cloud.advance(VISIBILITY)
        assert queue.receive(0) == []

    def test_a_receipt_handle_that_expired_is_no_error(self, cloud: FakeCloud, stored: MessageQueue) -> None:
        stored.send("early")
        queue = queue_of(cloud)
        early = queue.receive(0)
        cloud.advance(VISIBILITY)

        assert queue.delete(early) == 1
        assert len(stored) == 1

    def test_the_others_of_its_batch_are_deleted_all_the_same(self, cloud: FakeCloud, stored: MessageQueue) -> None:
        stored.send("early")
        queue = queue_of(cloud)
        early = queue.receive(0)
        cloud.advance(VISIBILITY - 1)
        stored.send("late")
        late = queue.receive(0)
        cloud.advance(1)

        assert queue.delete(early + late) == 1
        assert [message.body for message in queue.receive(0)] == [b"early"]

    def test_a_reply_without_a_list_of_errors_tells_by_its_code(self) -> None:
        messages = [Message("1", b"", "h"), Message("2", b"", "i")]
        for code, undeleted in ((0, 0), (6020, 2)):
            with answering({"code": code, "message": ""}):
                assert plain_queue().delete(messages) == undeleted
