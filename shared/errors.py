"""Everything that can go wrong, in one tree. `retryable` says whether the same call may succeed later.

WatermarkError
├── ConfigurationError         the function's own settings or credentials; an operator must act
├── MalformedError             bytes from outside are not what they should be
│   ├── TooLargeError          ... and not even looked at, for their size
│   └── ClaimError             ... though they lie among our claims; an operator must look
├── TicketError                a job, or a callback about one, without a ticket of ours for its object
├── UnfinishedError            the event must be delivered again   (retryable)
├── GivenUpError               a message was received for too long
├── UnwritableError            writing the result would change what is not ours
│   └── MetadataFullError      ... for it does not fit beside the object's own metadata
└── CloudError                 a call to Tencent Cloud did not do what was asked
    ├── NoReplyError           time-out, reset, DNS, TLS: whether it took effect is unknown   (retryable)
    ├── GarbledReplyError      an answer that cannot be read: whether it took effect is unknown   (retryable)
    ├── ServerError            5xx, or a 200 that holds an error: may or may not have taken effect   (retryable)
    ├── ThrottledError         429, 503 SlowDown: most likely without effect, but that is not promised   (retryable)
    ├── NotFoundError          no such object, job or bucket
    ├── ConflictError          the precondition no longer holds, or the object exists already
    ├── BlockedError           an operator must act: rights, settings, money   (retryable, once that is done)
    └── RejectedError          this very request will never succeed
"""

from __future__ import annotations

from enum import Enum
from typing import ClassVar, NamedTuple


class WatermarkError(Exception):
    """Base of all; the text says what happened, to which object, and what to do."""

    retryable: ClassVar[bool] = False


class ConfigurationError(WatermarkError):
    """The settings or the credentials of the function are missing or wrong."""


class MalformedError(WatermarkError):
    """An event, callback or reply body does not have the shape it must have."""


class TooLargeError(MalformedError):
    """A body is over the size that is looked at."""


class ClaimError(MalformedError):
    """An object among the claims is none of ours."""


class TicketError(WatermarkError):
    """A callback or job does not carry a ticket that we issued for its object."""


class UnfinishedError(WatermarkError):
    """The event must be delivered again: raised so that the platform does."""

    retryable = True


class GivenUpError(WatermarkError):
    """A message could not be dealt with, for as long as it was received."""


class UnwritableError(WatermarkError):
    """Writing the result would change something of the object that is not ours."""


class MetadataFullError(UnwritableError):
    """Even without its optional fields the result does not fit into the object's 2 KB of metadata."""


class Service(Enum):
    """The services of Tencent Cloud that are called."""

    COS = "cos"
    CI = "ci"
    TDMQ = "tdmq"


class Cause(NamedTuple):
    """What the cloud said, for logs and for a support ticket at Tencent Cloud.

    `call` reads like `PUT cos videos-1250000000/a.mp4`; `code` and `request_id` are empty when no reply came. The same
    code means different things from different services, so `service` says which one spoke.
    """

    call: str
    status: int = 0
    code: str = ""
    message: str = ""
    request_id: str = ""
    service: Service | None = None

    def __str__(self) -> str:
        answer = " ".join(part for part in (str(self.status or ""), self.code, self.message) if part)
        request_id = f" (request id {self.request_id})" if self.request_id else ""
        return f"{self.call}: {answer}{request_id}"


class CloudError(WatermarkError):
    """A call to Tencent Cloud failed; `cause` is what the cloud said."""

    def __init__(self, cause: Cause, advice: str = "") -> None:
        super().__init__(f"{cause}. {advice}" if advice else str(cause))
        self.cause = cause
        self.advice = advice

    @property
    def is_refusal(self) -> bool:
        """Whether the service itself said no, with a code: only then is it certain that the call had no effect."""
        status = self.cause.status
        momentary = isinstance(self, (NoReplyError, GarbledReplyError, ServerError, ThrottledError))
        return 400 <= status < 500 and status not in (408, 429) and bool(self.cause.code.strip()) and not momentary


class NoReplyError(CloudError):
    """No reply came; the call may or may not have taken effect."""

    retryable = True


class GarbledReplyError(CloudError):
    """A reply came but cannot be read; the call may or may not have taken effect."""

    retryable = True


class ServerError(CloudError):
    """The service failed; the call may or may not have taken effect."""

    retryable = True


class ThrottledError(CloudError):
    """The service asks to slow down; nobody promises that the call took no effect."""

    retryable = True


class NotFoundError(CloudError):
    """The object, job, queue or bucket does not exist."""


class ConflictError(CloudError):
    """A precondition does not hold any more, or what should be created is there already."""


class BlockedError(CloudError):
    """Refused until an operator does something; `advice` says what."""

    retryable = True


class RejectedError(CloudError):
    """Refused for good: the same request would be refused again."""
