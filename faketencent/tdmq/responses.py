"""The data-flow actions: parameters in, backend, JSON out.

Pages of the actions: https://www.tencentcloud.com/document/product/1111/46415 (send) to .../46422 (batch publish).
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from faketencent.tdmq.exceptions import (
    BatchTooLongError,
    InvalidHandleError,
    NoMessageError,
    NothingDeletedError,
    PartlyDeletedError,
)
from faketencent.tdmq.parameters import MAX_BATCH, listed, optional_number, parameters, required, whole_number
from faketencent.tdmq.queue_settings import MEGABYTE
from faketencent.wire import Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faketencent.errors import ServiceError
    from faketencent.routes import Call
    from faketencent.tdmq.message_queue import Message, MessageQueue
    from faketencent.tdmq.models import TdmqBackend


class TdmqResponses:
    """One method per action."""

    def __init__(self, backend: TdmqBackend) -> None:
        self._backend = backend

    def send_message(self, call: Call) -> Reply:
        """SendMessage: one body into a queue, perhaps after a delay."""
        given = parameters(call.request)
        delay = optional_number(given, "delaySeconds") or 0
        (message_id,) = self._queue(call).send(required(given, "msgBody"), delay=delay)
        return self._success(msgId=message_id)

    def batch_send_message(self, call: Call) -> Reply:
        """BatchSendMessage: up to 16 bodies into a queue, one delay for all."""
        given = parameters(call.request)
        delay = optional_number(given, "delaySeconds") or 0
        ids = self._queue(call).send(*_bodies(given), delay=delay)
        return self._success(msgList=[{"msgId": message_id} for message_id in ids])

    def receive_message(self, call: Call) -> Reply:
        """ReceiveMessage: one message, or code 7000."""
        (message,) = self._receive(call, limit=1)
        return self._success(**_described(message))

    def batch_receive_message(self, call: Call) -> Reply:
        """BatchReceiveMessage: up to 16 messages, or code 7000."""
        limit = whole_number(parameters(call.request), "numOfMsg", low=1, high=MAX_BATCH)
        return self._success(msgInfoList=[_described(message) for message in self._receive(call, limit)])

    def delete_message(self, call: Call) -> Reply:
        """DeleteMessage: the message that has this newest handle."""
        self._queue(call).delete(required(parameters(call.request), "receiptHandle"))
        return self._success()

    def batch_delete_message(self, call: Call) -> Reply:
        """BatchDeleteMessage: what cannot be deleted is in `errorList`, and the code says whether that is all."""
        queue = self._queue(call)
        handles = listed(parameters(call.request), "receiptHandle")
        failures = [failure for handle in handles if (failure := _deletion_failure(queue, handle))]
        if not failures:
            return self._success(errorList=[])
        error = NothingDeletedError() if len(failures) == len(handles) else PartlyDeletedError()
        return self.failure(error, errorList=failures)

    def get_queue_attributes(self, call: Call) -> Reply:
        """GetQueueAttributes: the settings of a queue and what it holds."""
        queue = self._queue(call)
        counts, oldest = queue.counts(), queue.oldest()
        return self._success(
            queueName=queue.name,
            maxMsgHeapNum=100_000_000,
            pollingWaitSeconds=queue.settings.polling_wait_seconds,
            visibilityTimeout=queue.settings.visibility_timeout,
            maxMsgSize=queue.settings.max_message_size,
            msgRetentionSeconds=queue.settings.retention,
            createTime=int(queue.created_at),
            lastModifyTime=int(queue.created_at),
            activeMsgNum=counts.active,
            inactiveMsgNum=counts.inactive,
            delayMsgNum=counts.delayed,
            rewindSeconds=0,
            rewindmsgNum=0,
            minMsgTime=int(oldest.enqueued_at) if oldest else 0,
        )

    def publish_message(self, call: Call) -> Reply:
        """PublishMessage: one body to all subscriptions of a topic."""
        given = parameters(call.request)
        topic, body = required(given, "topicName"), required(given, "msgBody")
        return self._success(msgId=self._backend.publish(topic, call.region, body, _tags(given)))

    def batch_publish_message(self, call: Call) -> Reply:
        """BatchPublishMessage: up to 16 bodies to all subscriptions of a topic."""
        given = parameters(call.request)
        topic = required(given, "topicName")
        ids = self._backend.publish_all(topic, call.region, _bodies(given), _tags(given))
        return self._success(msgList=[{"msgId": message_id} for message_id in ids])

    def failure(self, error: ServiceError, **fields: object) -> Reply:
        """An error as TDMQ writes it."""
        return self._reply(code=int(error.code), message=error.message, **fields)

    def refused(self, status: int, error: ServiceError) -> Reply:
        """The same with an HTTP status of its own."""
        return replace(self.failure(error), status=status)

    def _success(self, **fields: object) -> Reply:
        return self._reply(code=0, message="", **fields)

    def _reply(self, **fields: object) -> Reply:
        # The content type of the real service is not documented.
        body = json.dumps({**fields, "requestId": self._backend.new_request_id()}, ensure_ascii=False)
        return Reply(200, [("Content-Type", "application/json; charset=utf-8")], body.encode())

    def _queue(self, call: Call) -> MessageQueue:
        return self._backend.queue(required(parameters(call.request), "queueName"), call.region)

    def _receive(self, call: Call, limit: int) -> list[Message]:
        given = parameters(call.request)
        wait = optional_number(given, "pollingWaitSeconds", high=30)
        messages = self._backend.receive(required(given, "queueName"), call.region, limit, wait)
        if not messages:
            raise NoMessageError
        return messages


def _described(message: Message) -> dict[str, object]:
    return {
        "msgBody": message.body,
        "msgId": message.id,
        "receiptHandle": message.handle,
        "enqueueTime": int(message.enqueued_at),
        "firstDequeueTime": int(message.first_dequeued_at or 0),
        "nextVisibleTime": int(message.visible_at),
        "dequeueCount": message.dequeue_count,
    }


def _deletion_failure(queue: MessageQueue, handle: str) -> dict[str, object] | None:
    try:
        queue.delete(handle)
    except InvalidHandleError as error:
        return {"code": int(error.code), "message": error.message, "receiptHandle": handle}
    return None


def _bodies(given: Mapping[str, str]) -> list[str]:
    bodies = listed(given, "msgBody")
    if sum(len(body.encode()) for body in bodies) > MEGABYTE:
        raise BatchTooLongError
    return bodies


def _tags(given: Mapping[str, str]) -> list[str]:
    return listed(given, "msgTag") if any(name.startswith("msgTag.") for name in given) else []
