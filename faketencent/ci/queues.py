"""The queue that a bucket gets when media processing is enabled, and what can be changed about it.

https://www.tencentcloud.com/document/product/1045/72940
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from faketencent.ci.fields import Fields
from faketencent.ci.targets import (
    CallbackFormat,
    CallbackType,
    MqTarget,
    UrlTarget,
    checked_url,
    read_mq_target,
)

#: Chinese letters are allowed as well.
_NAME = re.compile(r"[\w*-]{1,128}")


class QueueState(Enum):
    """Whether the jobs that wait in the queue are started."""

    ACTIVE = "Active"
    PAUSED = "Paused"


class Switch(Enum):
    """Whether the queue calls back."""

    ON = "On"
    OFF = "Off"


class NotifyEvent(Enum):
    """What the queue calls back about."""

    TASK_FINISH = "TaskFinish"
    WORKFLOW_FINISH = "WorkflowFinish"


@dataclass(frozen=True)
class NotifyConfig:
    """A queue's callback, for jobs that do not name their own. `to` may be set while the switch is off."""

    switch: Switch = Switch.OFF
    events: tuple[NotifyEvent, ...] = ()
    format: CallbackFormat = CallbackFormat.XML
    to: UrlTarget | MqTarget | None = None

    @property
    def target(self) -> UrlTarget | MqTarget | None:
        """Where the end of a job is told, if anywhere."""
        wanted = self.switch is Switch.ON and NotifyEvent.TASK_FINISH in self.events
        return self.to if wanted else None


@dataclass(frozen=True)
class QueueUpdate:
    """The body of `PUT /queue/<id>`: it replaces all three."""

    name: str
    state: QueueState
    notify: NotifyConfig


class Category(Enum):
    """Kinds of media queue. A bucket of this fake has just one, of the first kind."""

    TRANSCODING = "Transcoding"
    SPEED_TRANSCODING = "SpeedTranscoding"


@dataclass(frozen=True)
class Queue:
    """One queue. Times are seconds since 1970."""

    id: str
    bucket: str
    created_at: float
    updated_at: float
    name: str = "queue-1"
    state: QueueState = QueueState.ACTIVE
    notify: NotifyConfig = NotifyConfig()
    category: Category = Category.TRANSCODING


@dataclass(frozen=True)
class QueueFilter:
    """Which queues `GET /queue` is to list; empty lists let all through."""

    ids: list[str]
    states: list[QueueState]
    categories: list[Category]

    def lets_through(self, queue: Queue) -> bool:
        """Whether the queue is among them."""
        return (
            (not self.ids or queue.id in self.ids)
            and (not self.states or queue.state in self.states)
            and (not self.categories or queue.category in self.categories)
        )


def read_queue_filter(query: Fields) -> QueueFilter:
    """The parameters of `GET /queue` but those of the page: https://cloud.tencent.com/document/product/460/42324."""
    return QueueFilter(
        query.names("queueIds", most=10),
        query.choices("state", QueueState, everything="All"),
        query.choices("category", Category, everything="CateAll"),
    )


def read_queue_update(body: bytes) -> QueueUpdate:
    """The change that the body asks for.

    Raises:
        ServiceError: anything that the page does not allow.
    """
    request = Fields.of_xml(body)
    update = QueueUpdate(
        request.required("Name", _NAME),
        request.required_choice("State", QueueState),
        _read_notify(request.required_group("NotifyConfig")),
    )
    request.end()
    return update


def _read_notify(fields: Fields) -> NotifyConfig:
    switch = fields.choice("State", Switch) or Switch.OFF
    events = tuple(fields.choices("Event", NotifyEvent))
    if switch is Switch.ON and not events:
        fields.refuse("Event", "required when State is On")
    document = fields.choice("ResultFormat", CallbackFormat) or CallbackFormat.XML
    notify = NotifyConfig(switch, events, document, _read_target(fields, switch))
    fields.end()
    return notify


def _read_target(fields: Fields, switch: Switch) -> UrlTarget | MqTarget | None:
    kind = fields.choice("Type", CallbackType)
    if kind is CallbackType.TDMQ:
        return read_mq_target(fields)
    text = fields.text("Url")
    if switch is Switch.ON and (kind is None or text is None):
        fields.refuse("Type" if kind is None else "Url", "required when State is On")
    if text is None:
        return None
    return checked_url(fields, "Url", text)
