"""Topics: what is published to one goes to all its subscriptions, each a queue or an HTTP endpoint.

https://www.tencentcloud.com/document/product/1111/46422 (publishing, tags), .../46529 (HTTP endpoints).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from faketencent.tdmq.exceptions import EndpointError, FormatOfQueueSubscriptionError, SubscriptionExistsError

if TYPE_CHECKING:
    from faketencent.tdmq.message_queue import MessageQueue


class NotifyFormat(Enum):
    """What an endpoint is sent: the message in a JSON envelope, or the bare message with its ids in headers."""

    JSON = "JSON"
    SIMPLIFIED = "SIMPLIFIED"


class NotifyStrategy(Enum):
    """How a push that failed is repeated; see `faketencent/tdmq/delivery.py`."""

    BACKOFF_RETRY = "BACKOFF_RETRY"
    EXPONENTIAL_DECAY_RETRY = "EXPONENTIAL_DECAY_RETRY"


@dataclass(frozen=True)
class Publication:
    """One message of one topic. `published_at` is in seconds since 1970."""

    id: str
    topic: str
    body: str
    tags: tuple[str, ...]
    published_at: float


@dataclass(frozen=True)
class Subscription:
    """Where the messages of a topic go: `target` is a queue or an `http://` address.

    With `filter_tags`, only messages that have one of these tags.

    Raises:
        EndpointError: the address is not one that TDMQ pushes to; https is not.
        FormatOfQueueSubscriptionError: a queue always gets the bare message.
    """

    name: str
    target: MessageQueue | str
    notify_format: NotifyFormat
    strategy: NotifyStrategy = NotifyStrategy.EXPONENTIAL_DECAY_RETRY
    filter_tags: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if isinstance(self.target, str):
            if not self.target.startswith("http://") or any(c.isspace() for c in self.target):
                raise EndpointError
        elif self.notify_format is not NotifyFormat.SIMPLIFIED:
            raise FormatOfQueueSubscriptionError

    def wants(self, publication: Publication) -> bool:
        """Whether the message passes the filter."""
        return not self.filter_tags or not self.filter_tags.isdisjoint(publication.tags)


@dataclass
class Topic:
    """A topic and its subscriptions by name."""

    name: str
    region: str
    subscriptions: dict[str, Subscription] = field(default_factory=dict)

    def add(self, subscription: Subscription) -> None:
        """Subscribe. Raises SubscriptionExistsError."""
        if subscription.name in self.subscriptions:
            raise SubscriptionExistsError
        self.subscriptions[subscription.name] = subscription
