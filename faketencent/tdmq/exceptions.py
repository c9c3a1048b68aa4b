"""What TDMQ for CMQ refuses, in its own numbers: `{"code": 4440, "message": "(10100)queue is not existed..."}`.

Codes, module codes and texts: https://cloud.tencent.com/document/product/1496/70948. The HTTP status stays 200.
"""

from __future__ import annotations

from typing import ClassVar

from faketencent.errors import ServiceError


class TdmqError(ServiceError):
    """An error of the message queue; `%s` in its text is what the error is about."""

    number: ClassVar[int] = 6000
    module: ClassVar[int] = 10050
    text: ClassVar[str] = "server internal error"

    def __init__(self, *subject: str) -> None:
        super().__init__(200, str(self.number), f"({self.module}){self.text}" % subject)


class NoMessageError(TdmqError):
    """Nothing is visible in the queue; a normal answer, although it has a code."""

    number, module, text = 7000, 10200, "no message"


class QueueNotFoundError(TdmqError):
    """The queue does not exist in this region."""

    number, module, text = 4440, 10100, "queue is not existed, or deleted"


class QueueExistsError(TdmqError):
    """A queue or topic of that name exists in this region."""

    number, module, text = 4460, 10210, "queue is already existed,case insensitive"


class TopicNotFoundError(TdmqError):
    """The topic does not exist in this region."""

    number, module, text = 4440, 10600, "topic is not existed, or deleted"


class NoSubscriptionError(TdmqError):
    """A message was published to a topic that nobody listens to."""

    number, module = 6030, 10650
    text = "topic has no subscription, please create a subscription before publishing message"


class SubscriptionExistsError(TdmqError):
    """The topic has a subscription of that name."""

    number, module, text = 4490, 10470, "subscribtion is already existed"


class EndpointError(TdmqError):
    """The endpoint of a subscription is not an `http://` address."""

    number, module, text = 4000, 10500, "endpoint format error"


class FormatOfQueueSubscriptionError(TdmqError):
    """A subscription that feeds a queue delivers the bare message."""

    number, module = 4000, 10640
    text = "notifyContentFormat of protocol queue must be SIMPLIFIED"


class InvalidHandleError(TdmqError):
    """The receipt handle is not the newest one of a message that is still hidden."""

    number, module, text = 4430, 10260, "receipt handle is invalid"


class PartlyDeletedError(TdmqError):
    """Some messages of a batch were not deleted."""

    number, module, text = 6010, 10150, "delete message partially failed"


class NothingDeletedError(TdmqError):
    """No message of a batch was deleted."""

    number, module, text = 6020, 10290, "batch delete message failed"


class MessageTooLongError(TdmqError):
    """One message exceeds the queue's limit."""

    number, module, text = 4400, 10230, "exceed maximum message size"


class BatchTooLongError(TdmqError):
    """The messages of one request exceed 1 MB together."""

    number, module, text = 4470, 10300, "total message size exceed 1MB"


class EmptyMessageError(TdmqError):
    """A message without a body."""

    number, module, text = 4000, 10120, "message body can't be empty"


class DelayRangeError(TdmqError):
    """A message is to be held back for too long."""

    number, module, text = 4000, 10692, "delay seconds is out of range"


class NameFormatError(TdmqError):
    """The name of a queue, topic or subscription."""

    number, module, text = 4000, 10020, "%s name format error"


class MissingParameterError(TdmqError):
    """A parameter that the action needs is not there."""

    number, module, text = 4000, 10390, "lacked of required parameter %s"


class ParameterTypeError(TdmqError):
    """A parameter that should be a whole number is none."""

    number, module, text = 4000, 10360, "parameter %s error type"


class ParameterRangeError(TdmqError):
    """A parameter outside its range."""

    number, module, text = 4000, 10350, "parameter %s value or length is out of range"


class BatchSizeError(TdmqError):
    """More than 16 values of a list parameter."""

    number, module, text = 4000, 10370, "%s parameter batch size is out of range"


class NotConsecutiveError(TdmqError):
    """A gap in the numbers of a list parameter."""

    number, module, text = 4000, 10380, "%s parameter is not consequent"


class AuthenticationError(TdmqError):
    """The signature, the token or the time of the request is wrong."""

    number, module, text = 4100, 10030, "authentication failed: %s"


class SecretIdStatusError(TdmqError):
    """The key is known but not good any more."""

    number, module, text = 4100, 10080, "secret id status error: %s"


class UnknownSecretIdError(TdmqError):
    """Nobody has that key id."""

    number, module, text = 4100, 10270, "secret id is not existed"


class UnservedError(TdmqError):
    """An action that the fake does not have."""

    number, module, text = 4000, 10350, "parameter Action value or length is out of range: %s"


class NoPermissionError(TdmqError):
    """CAM does not allow the action on the resource."""

    number, module, text = 4000, 10461, "no cam authentication: %s"


class ThrottledError(TdmqError):
    """Too many requests at once; give it to `TdmqBackend.refuse_next`."""

    number, module, text = 4420, 10250, "qps throttling"
