"""Bringing a topic's messages to queues and HTTP endpoints; a push is repeated until it is accepted or given up.

The request, and what counts as accepted: https://www.tencentcloud.com/document/product/1111/46529.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from faketencent.tdmq.exceptions import TdmqError
from faketencent.tdmq.topics import NotifyFormat, NotifyStrategy
from faketencent.wire import NoReplyError, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from faketencent.clock import Clock
    from faketencent.tdmq.message_queue import MessageQueue
    from faketencent.tdmq.topics import Publication, Subscription
    from faketencent.wire import Reply

#: Seconds before each repetition. The documentation names the strategies ("a few times at intervals", "1, 2, 4, 8
#: ... seconds, for a day") but neither the intervals of the first nor the longest of the second: assumed.
_BACKOFF = (10, 15, 20)
_LONGEST_DELAY = 512
#: A topic keeps a message for a day.
_LIFETIME = 86_400


@dataclass(frozen=True)
class Undeliverable:
    """A message given up after `attempts`; `reason` is the last status, how the connection failed, or an error."""

    subscription: Subscription
    publication: Publication
    attempts: int
    reason: str


@dataclass
class _Push:
    """One message on its way to one endpoint."""

    endpoint: str
    subscription: Subscription
    publication: Publication
    delays: Iterator[int]
    attempts: int = 0


class Delivery:
    """Brings messages to subscriptions, through `send` to endpoints; what it gave up is in `undeliverable`.

    `owner` is the account's APPID.
    """

    def __init__(self, clock: Clock, send: Callable[[Request], Reply], owner: str, request_ids: Iterator[int]) -> None:
        self._clock = clock
        self._send = send
        self._owner = owner
        self._request_ids = request_ids
        self.undeliverable: list[Undeliverable] = []

    def deliver(self, subscription: Subscription, publication: Publication) -> None:
        """Deliver a message as soon as the clock runs."""
        if isinstance(subscription.target, str):
            delays = iter(_delays(subscription.strategy))
            push = _Push(subscription.target, subscription, publication, delays)
            self._clock.call_later(0, partial(self._attempt, push))
        else:
            self._clock.call_later(0, partial(self._put, subscription.target, subscription, publication))

    def _put(self, queue: MessageQueue, subscription: Subscription, publication: Publication) -> None:
        try:
            queue.send(publication.body)
        except TdmqError as error:
            self.undeliverable.append(Undeliverable(subscription, publication, 1, error.message))

    def _attempt(self, push: _Push) -> None:
        push.attempts += 1
        reason = self._refusal(self._request(push.endpoint, push.subscription, push.publication))
        if reason is None:
            return
        delay = next(push.delays, _LIFETIME)
        if self._clock.now() + delay < push.publication.published_at + _LIFETIME:
            self._clock.call_later(delay, partial(self._attempt, push))
        else:
            given_up = Undeliverable(push.subscription, push.publication, push.attempts, reason)
            self.undeliverable.append(given_up)

    def _refusal(self, request: Request) -> str | None:
        try:
            status = self._send(request).status
        except NoReplyError as error:
            return error.kind
        return None if 200 <= status < 300 else str(status)

    def _request(self, endpoint: str, subscription: Subscription, publication: Publication) -> Request:
        headers = [
            ("Content-Type", "text/plain"),
            ("User-Agent", "Qcloud Notification Service Agent"),
            ("x-cmq-request-id", str(next(self._request_ids))),
            ("x-cmq-message-id", publication.id),
            ("x-cmq-message-tag", ", ".join(publication.tags)),
        ]
        body = self._body(subscription, publication).encode()
        return Request.to("POST", endpoint, [*headers, ("Content-Length", str(len(body)))], body)

    def _body(self, subscription: Subscription, publication: Publication) -> str:
        if subscription.notify_format is NotifyFormat.SIMPLIFIED:
            return publication.body
        envelope = {
            "TopicOwner": int(self._owner),
            "topicName": publication.topic,
            "subscriptionName": subscription.name,
            "msgId": publication.id,
            "msgBody": publication.body,
            "publishTime": int(publication.published_at),
        }
        return json.dumps(envelope, ensure_ascii=False)


def _delays(strategy: NotifyStrategy) -> Iterable[int]:
    if strategy is NotifyStrategy.BACKOFF_RETRY:
        return _BACKOFF
    return (min(2**n, _LONGEST_DELAY) for n in itertools.count())
