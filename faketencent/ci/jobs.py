"""A media job: what was asked for, and what has become of it.

https://www.tencentcloud.com/document/product/1045/73155 (ExtractDigitalWatermark),
https://www.tencentcloud.com/document/product/1045/73153 (DigitalWatermark)
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from faketencent.ci.targets import CallbackFormat, MqTarget, Silence, UrlTarget


class Tag(Enum):
    """The kinds of job that this fake does."""

    EXTRACT = "ExtractDigitalWatermark"
    EMBED = "DigitalWatermark"


class JobState(Enum):
    """Where a job stands. `Pause` is not an end: the job goes on when its queue does."""

    SUBMITTED = "Submitted"
    RUNNING = "Running"
    SUCCESS = "Success"
    FAILED = "Failed"
    PAUSE = "Pause"
    CANCEL = "Cancel"


class IgnoreError(Enum):
    """Whether a video that cannot be marked is copied as it is, instead of failing the job."""

    TRUE = "true"
    FALSE = "false"


@dataclass(frozen=True)
class Extraction:
    """Read the watermark of the input."""


@dataclass(frozen=True)
class Embedding:
    """Write the input with a watermark to another object."""

    message: str
    region: str
    bucket: str
    key: str
    ignore_error: IgnoreError | None = None


@dataclass(frozen=True)
class JobRequest:
    """What a client asked for; None is what it left out."""

    key: str
    operation: Extraction | Embedding
    user_data: str | None = None
    job_level: str | None = None
    queue_id: str | None = None
    callback: UrlTarget | MqTarget | Silence | None = None
    callback_format: CallbackFormat | None = None

    @property
    def tag(self) -> Tag:
        """The kind of job."""
        return Tag.EXTRACT if isinstance(self.operation, Extraction) else Tag.EMBED


@dataclass(frozen=True)
class Job:
    """One job at one moment.

    Times are seconds since 1970, None as long as it has not come to that. `code` and `message` are there
    from the start, but mean something only when the job has failed; `watermark` is what an extraction found.
    """

    id: str
    serial: int
    bucket: str
    region: str
    queue_id: str
    request: JobRequest
    created_at: float
    state: JobState = JobState.SUBMITTED
    started_at: float | None = None
    ended_at: float | None = None
    code: str = "Success"
    message: str = ""
    watermark: str = ""
