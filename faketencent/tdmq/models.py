"""The state of TDMQ for CMQ: the queues and topics of every region. No HTTP here."""

from __future__ import annotations

import itertools
import re
from enum import Enum
from typing import TYPE_CHECKING

from faketencent.tdmq.delivery import Delivery
from faketencent.tdmq.exceptions import (
    NameFormatError,
    NoSubscriptionError,
    QueueExistsError,
    QueueNotFoundError,
    TopicNotFoundError,
)
from faketencent.tdmq.message_queue import MessageQueue, check_body
from faketencent.tdmq.queue_settings import MEGABYTE, QueueSettings
from faketencent.tdmq.topics import NotifyFormat, NotifyStrategy, Publication, Subscription, Topic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from faketencent.clock import Clock
    from faketencent.tdmq.delivery import Undeliverable
    from faketencent.tdmq.exceptions import TdmqError
    from faketencent.tdmq.message_queue import Message
    from faketencent.wire import Reply, Request

#: With `_`, which older pages do not name, as in the API's own text (tencentcloud-sdk-python-tdmq 3.1.130).
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")


class LongPolling(Enum):
    """What a receive from an empty queue does with its `pollingWaitSeconds`."""

    #: Answer at once from what is visible now.
    AT_ONCE = "at once"
    #: Let the clock run until a message appears or the wait is over, doing what becomes due. For virtual clocks: a
    #: real one would keep the whole cloud waiting.
    CLOCK_RUNS = "the clock runs"


class TdmqBackend:
    """Queues and topics by region and name; a region is its short code, such as `bj`.

    Every method that is given a name raises `QueueNotFoundError` or `TopicNotFoundError` for an unknown one.
    """

    def __init__(self, clock: Clock, send: Callable[[Request], Reply], appid: str) -> None:
        self.long_polling = LongPolling.AT_ONCE
        self._clock = clock
        # One source for the ids of messages and requests, so that no two are alike.
        self._serial = itertools.count(4_000_000_001)
        self._delivery = Delivery(clock, send, appid, self._serial)
        self._queues: dict[tuple[str, str], MessageQueue] = {}
        self._topics: dict[tuple[str, str], Topic] = {}
        self._refusals: list[type[TdmqError]] = []

    @property
    def undeliverable(self) -> list[Undeliverable]:
        """Publications that a subscription did not get, oldest first."""
        return self._delivery.undeliverable

    def create_queue(  # noqa: PLR0913 - each is an attribute that the API lets one set
        self,
        name: str,
        region: str,
        *,
        visibility_timeout: int = 30,
        retention: int = 3600,
        polling_wait_seconds: int = 0,
        max_message_size: int = MEGABYTE,
        max_receive_count: int | None = None,
        dead_letter_queue: str | None = None,
    ) -> MessageQueue:
        """Create a queue; see `QueueSettings`. The dead-letter queue is named, and must exist.

        Raises:
            TdmqError: the name is malformed or taken, or a value is outside its range.
        """
        settings = QueueSettings(
            visibility_timeout,
            retention,
            polling_wait_seconds,
            max_message_size,
            max_receive_count,
            None if dead_letter_queue is None else self.queue(dead_letter_queue, region),
        )
        _check_new(name, region, self._queues, "queue")
        queue = MessageQueue(name, region, settings, self._clock, self._serial)
        self._queues[region, name] = queue
        return queue

    def queue(self, name: str, region: str) -> MessageQueue:
        """The queue of that name."""
        if (region, name) not in self._queues:
            raise QueueNotFoundError
        return self._queues[region, name]

    def queue_names(self, region: str) -> list[str]:
        """The names of all queues of a region."""
        return [name for place, name in self._queues if place == region]

    def delete_queue(self, name: str, region: str) -> None:
        """Remove a queue with its messages."""
        del self._queues[region, self.queue(name, region).name]

    def send(self, queue: str, region: str, body: str, delay: int = 0) -> str:
        """Put a message into a queue; returns its id. Raises TdmqError as `MessageQueue.send` does."""
        (message_id,) = self.queue(queue, region).send(body, delay=delay)
        return message_id

    def receive(self, queue: str, region: str, limit: int = 1, wait: int | None = None) -> list[Message]:
        """Receive up to `limit` messages; none is an empty list. `wait` overrides the queue's own polling wait."""
        source = self.queue(queue, region)
        until = self._clock.now() + (source.settings.polling_wait_seconds if wait is None else wait)
        received = source.receive(limit)
        while not received and self.long_polling is LongPolling.CLOCK_RUNS and self._clock.now() < until:
            self._clock.advance(min(1, until - self._clock.now()))
            received = source.receive(limit)
        return received

    def create_topic(self, name: str, region: str) -> Topic:
        """Create a topic. Raises TdmqError if the name is malformed or taken."""
        _check_new(name, region, self._topics, "topic")
        self._topics[region, name] = Topic(name, region)
        return self._topics[region, name]

    def topic(self, name: str, region: str) -> Topic:
        """The topic of that name."""
        if (region, name) not in self._topics:
            raise TopicNotFoundError
        return self._topics[region, name]

    def subscribe(  # noqa: PLR0913 - each is an attribute that the API lets one set
        self,
        topic: str,
        region: str,
        name: str,
        *,
        endpoint: str | None = None,
        queue: str | None = None,
        notify_format: NotifyFormat | None = None,
        strategy: NotifyStrategy = NotifyStrategy.EXPONENTIAL_DECAY_RETRY,
        filter_tags: Iterable[str] = (),
    ) -> Subscription:
        """Have a topic's messages pushed to an `http://` address (as JSON by default) or put into a queue.

        Raises:
            ValueError: not exactly one of `endpoint` and `queue` is given.
            TdmqError: see `Subscription`.
        """
        if (endpoint is None) == (queue is None):
            raise ValueError("a subscription has either an endpoint or a queue")
        usual = NotifyFormat.JSON if queue is None else NotifyFormat.SIMPLIFIED
        subscription = Subscription(
            name,
            self.queue(queue, region) if queue is not None else endpoint or "",
            notify_format or usual,
            strategy,
            frozenset(filter_tags),
        )
        self.topic(topic, region).add(subscription)
        return subscription

    def publish(self, topic: str, region: str, body: str, tags: Iterable[str] = ()) -> str:
        """Publish one message; see `publish_all`."""
        (message_id,) = self.publish_all(topic, region, [body], tags)
        return message_id

    def publish_all(self, topic: str, region: str, bodies: Sequence[str], tags: Iterable[str] = ()) -> list[str]:
        """Publish messages, all or none, to be delivered as soon as the clock runs; returns their ids.

        Raises:
            TdmqError: a body is empty or longer than 1 MB, or nobody has subscribed.
        """
        subscriptions = list(self.topic(topic, region).subscriptions.values())
        for body in bodies:
            check_body(body, MEGABYTE)
        if not subscriptions:
            raise NoSubscriptionError
        now = self._clock.now()
        publications = [Publication(str(next(self._serial)), topic, body, tuple(tags), now) for body in bodies]
        for publication, subscription in itertools.product(publications, subscriptions):
            if subscription.wants(publication):
                self._delivery.deliver(subscription, publication)
        return [publication.id for publication in publications]

    def new_request_id(self) -> str:
        """An id that no other request or message has."""
        return str(next(self._serial))

    def refuse_next(self, error: type[TdmqError], times: int = 1) -> None:
        """Answer the next `times` requests with this error, such as `ThrottledError`, without any effect."""
        self._refusals += [error] * times

    def admit(self) -> None:
        """Let a request in, or raise what `refuse_next` ordered for it."""
        if self._refusals:
            raise self._refusals.pop(0)


def _check_new(name: str, region: str, taken: Iterable[tuple[str, str]], what: str) -> None:
    if not _NAME.fullmatch(name):
        raise NameFormatError(what)
    if (region, name.lower()) in {(known, other.lower()) for known, other in taken}:
        raise QueueExistsError
