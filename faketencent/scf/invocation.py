"""One run of a function, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Any

#: What a trigger sends. The console's "Test" and the API send any JSON value.
Event = dict[str, Any]


class Source(Enum):
    """Who invoked the function; the value is the `RequestSource` that a dead letter shows.

    Only TRIGGER_TIMER is documented (https://cloud.tencent.com/document/product/583/39704); the others are assumed.
    """

    API = "API"
    URL = "TRIGGER_HTTP"
    COS = "TRIGGER_COS"
    TIMER = "TRIGGER_TIMER"


class StatusCode(IntEnum):
    """What SCF says of a run: https://cloud.tencent.com/document/product/583/42611."""

    SUCCESS = 200
    INVALID_RESPONSE = 403
    CONTAINER_EXITED = 405
    REQUEST_TOO_LARGE = 406
    RESPONSE_TOO_LARGE = 407
    USER_CODE_EXCEPTION = 430
    RESOURCE_LIMIT = 432
    TIME_LIMIT_REACHED = 433
    FUNCTION_NOT_FOUND = 435


class Status(Enum):
    """How a run ended: by itself, by an error, or by the platform."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    KILLED = "killed"


_STATUS = {
    StatusCode.SUCCESS: Status.SUCCEEDED,
    StatusCode.CONTAINER_EXITED: Status.KILLED,
    StatusCode.TIME_LIMIT_REACHED: Status.KILLED,
}


@dataclass(frozen=True)
class Outcome:
    """What the handler came to: its result as JSON carried it, or the error as the caller is told it."""

    code: StatusCode
    result: Any = None
    error: str = ""


@dataclass(frozen=True)
class Invocation:
    """A finished run. `log` is what was printed and logged meanwhile; `duration` is in seconds."""

    request_id: str
    function: str
    source: Source
    event: Any
    started_at: float
    duration: float
    outcome: Outcome
    log: str

    @property
    def status(self) -> Status:
        """How the run ended."""
        return _STATUS.get(self.outcome.code, Status.FAILED)

    @property
    def result(self) -> Any:  # noqa: ANN401 - any JSON value
        """What the handler returned, after its way through JSON; `None` unless it succeeded."""
        return self.outcome.result

    @property
    def error(self) -> str:
        """The stack trace, or the platform's words; empty if the run succeeded."""
        return self.outcome.error
