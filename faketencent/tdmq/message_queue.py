"""One queue: a message that was received is hidden for a while and comes back, unless it is deleted meanwhile.

Receiving: https://www.tencentcloud.com/document/product/1111/46417, deleting: .../46419, dead letters: .../42998,
lifetime of messages: .../42994.
"""

from __future__ import annotations

import hashlib
import heapq
import itertools
from base64 import b64encode
from collections import OrderedDict
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING

from faketencent.tdmq.exceptions import (
    DelayRangeError,
    EmptyMessageError,
    InvalidHandleError,
    MessageTooLongError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faketencent.clock import Clock
    from faketencent.tdmq.queue_settings import QueueSettings

#: Longest delay of a message, in seconds. Assumed: not documented; no time of a queue is longer.
MAX_DELAY = 43_200


@dataclass(frozen=True)
class Message:
    """One message as the queue keeps it. Times are seconds since 1970; `handle` is the newest receipt handle."""

    id: str
    body: str
    enqueued_at: float
    visible_at: float
    dequeue_count: int = 0
    first_dequeued_at: float | None = None
    handle: str | None = None


@dataclass(frozen=True)
class Counts:
    """How many messages can be received now, are hidden after being received, or were sent with a delay."""

    active: int
    inactive: int
    delayed: int


def check_body(body: str, limit: int) -> None:
    """Refuse a message that is empty or longer than `limit` bytes."""
    if not body:
        raise EmptyMessageError
    if len(body.encode()) > limit:
        raise MessageTooLongError


class MessageQueue:
    """The messages of one queue.

    Two heaps keep `receive` cheap however long the queue is: `_hidden` by the time at which a message becomes
    visible, `_ready` by the order in which visible messages are handed out. An entry names a message and its
    dequeue count; it is stale once the message is gone or was received again, and then skipped.
    """

    def __init__(self, name: str, region: str, settings: QueueSettings, clock: Clock, serial: Iterator[int]) -> None:
        self.name = name
        self.region = region
        self.settings = settings
        self.created_at = clock.now()
        self._clock = clock
        self._serial = serial
        self._order = itertools.count()
        self._shuffle: Random | None = None
        self._to_duplicate = 0
        self._stored: OrderedDict[str, Message] = OrderedDict()
        self._by_handle: dict[str, str] = {}
        self._hidden: list[tuple[float, int, str, int]] = []
        self._ready: list[tuple[float, str, int]] = []

    def __len__(self) -> int:
        self._catch_up()
        return len(self._stored)

    def send(self, *bodies: str, delay: int = 0) -> list[str]:
        """Put messages in, all or none; they become visible after `delay` seconds. Returns their ids.

        Raises:
            TdmqError: a body is empty or too long, or the delay is too great.
        """
        for body in bodies:
            check_body(body, self.settings.max_message_size)
        if not 0 <= delay <= MAX_DELAY:
            raise DelayRangeError
        now = self._clock.now()
        messages = [Message(str(next(self._serial)), body, now, now + delay) for body in bodies]
        for message in messages:
            self._hide(message)
        return [message.id for message in messages]

    def take_over(self, message: Message) -> None:
        """Put in a message that another queue gave up. Assumed: it keeps its id, and its life begins again."""
        now = self._clock.now()
        self._hide(Message(message.id, message.body, now, now))

    def receive(self, limit: int = 1) -> list[Message]:
        """Hand out up to `limit` visible messages and hide them for the visibility timeout."""
        self._catch_up()
        received = [self._hand_out(message) for message in itertools.islice(self._take(), limit)]
        duplicates = received[: self._to_duplicate]
        self._to_duplicate -= len(duplicates)
        for message in duplicates:
            self._offer(message)
        return received

    def delete(self, handle: str) -> None:
        """Delete the message that was received with this handle.

        Raises:
            InvalidHandleError: the message was received again, is visible again, or is gone.
        """
        self._catch_up()
        message = self._stored.get(self._by_handle.get(handle, ""))
        if message is None or message.visible_at <= self._clock.now():
            raise InvalidHandleError
        self._forget(message)

    def counts(self) -> Counts:
        """What is in the queue now; looks at every message."""
        self._catch_up()
        now = self._clock.now()
        hidden = [message for message in self._stored.values() if message.visible_at > now]
        delayed = sum(message.dequeue_count == 0 for message in hidden)
        return Counts(len(self._stored) - len(hidden), len(hidden) - delayed, delayed)

    def oldest(self) -> Message | None:
        """The message that was sent first of those that are left."""
        self._catch_up()
        return next(iter(self._stored.values()), None)

    def duplicate_next(self, times: int = 1) -> None:
        """Deliver the next `times` messages that are received a second time at once, as at-least-once allows."""
        self._to_duplicate += times

    def shuffle(self, seed: int = 0) -> None:
        """From now on hand messages out in an order that has nothing to do with that of sending."""
        self._shuffle = Random(seed)  # noqa: S311 - repeatable disorder for tests, not a secret

    def _catch_up(self) -> None:
        """Drop what is too old, bury what was received too often, offer what has become visible."""
        now = self._clock.now()
        while (
            self._stored and (oldest := next(iter(self._stored.values()))).enqueued_at <= now - self.settings.retention
        ):
            self._forget(oldest)
        while self._hidden and self._hidden[0][0] <= now:
            _, _, message_id, count = heapq.heappop(self._hidden)
            message = self._current(message_id, count)
            if message and self._is_exhausted(message):
                self._bury(message)
            elif message:
                self._offer(message)

    def _take(self) -> Iterator[Message]:
        while self._ready:
            _, message_id, count = heapq.heappop(self._ready)
            if message := self._current(message_id, count):
                yield message

    def _hand_out(self, message: Message) -> Message:
        now = self._clock.now()
        if message.handle:
            del self._by_handle[message.handle]
        received = replace(
            message,
            dequeue_count=message.dequeue_count + 1,
            first_dequeued_at=message.first_dequeued_at or now,
            visible_at=now + self.settings.visibility_timeout,
            handle=self._new_handle(message),
        )
        self._by_handle[received.handle or ""] = received.id
        self._hide(received)
        if self._is_exhausted(received):
            self._clock.call_later(self.settings.visibility_timeout, self._catch_up)
        return received

    def _hide(self, message: Message) -> None:
        self._stored[message.id] = message
        entry = (message.visible_at, next(self._order), message.id, message.dequeue_count)
        heapq.heappush(self._hidden, entry)

    def _offer(self, message: Message) -> None:
        priority = self._shuffle.random() if self._shuffle else next(self._order)
        heapq.heappush(self._ready, (priority, message.id, message.dequeue_count))

    def _current(self, message_id: str, dequeue_count: int) -> Message | None:
        message = self._stored.get(message_id)
        return message if message and message.dequeue_count == dequeue_count else None

    def _is_exhausted(self, message: Message) -> bool:
        allowed = self.settings.max_receive_count
        return allowed is not None and message.dequeue_count >= allowed

    def _bury(self, message: Message) -> None:
        self._forget(message)
        if self.settings.dead_letter_queue is not None:
            self.settings.dead_letter_queue.take_over(message)

    def _forget(self, message: Message) -> None:
        del self._stored[message.id]
        if message.handle:
            del self._by_handle[message.handle]

    def _new_handle(self, message: Message) -> str:
        # The documentation shows digits. That a client must take any text as it is, and encode it, is our strictness.
        text = f"{self.region}/{self.name}/{message.id}/{message.dequeue_count}"
        return b64encode(hashlib.sha256(text.encode()).digest()).decode()
