"""What a job does with its objects: it reads one when it starts, and may write one when it ends.

No page lists the codes of failed jobs, so they are this fake's own, taken from the table of request errors
(https://cloud.tencent.com/document/product/1545/65185) where one fits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from faketencent.ci import watermark
from faketencent.ci.jobs import Embedding, IgnoreError, JobState
from faketencent.cos import StoredObject
from faketencent.cos.encryption import CUSTOMER
from faketencent.errors import ServiceError

if TYPE_CHECKING:
    from faketencent.ci.jobs import Job
    from faketencent.cos.models import CosBackend


@dataclass(frozen=True)
class Outcome:
    """How a job ends."""

    state: JobState
    code: str
    message: str
    watermark: str = ""


#: What a job has read, or how it will fail because there was nothing to read.
Reading: TypeAlias = StoredObject | Outcome


def failed(code: str, message: str) -> Outcome:
    """A job that came to nothing."""
    return Outcome(JobState.FAILED, code, message)


def read(job: Job, cos: CosBackend, now: float) -> Reading:
    """The input object as it is now, or why it cannot be read."""
    try:
        source = cos.get(job.bucket, job.request.key)
    except ServiceError as error:
        return failed("ResourceNotFound", f"The input object does not exist: {error.message}")
    if not _is_readable(source, now):
        return failed("AccessDenied", "The input object cannot be read")
    return source


def conclude(job: Job, source: Reading, cos: CosBackend) -> Outcome:
    """What comes of the content that was read."""
    if isinstance(source, Outcome):
        return source
    if isinstance(job.request.operation, Embedding):
        return _embed(job.request.operation, source, cos)
    if not watermark.is_mp4(source.body):
        return _not_a_video()
    # Assumed: a video without a watermark is a success with an empty text.
    return Outcome(JobState.SUCCESS, "Success", "done", watermark.extract(source.body))


def _is_readable(source: StoredObject, now: float) -> bool:
    """Assumed: CI can read neither what is archived nor what is encrypted with a key of the customer's own."""
    try:
        source.check_readable(now)
    except ServiceError:
        return False
    return f"{CUSTOMER}-algorithm" not in source.encryption


def _embed(asked: Embedding, source: StoredObject, cos: CosBackend) -> Outcome:
    try:
        video = watermark.embed(source.body, asked.message)
    except watermark.NotAVideoError:
        if asked.ignore_error is not IgnoreError.TRUE:
            return _not_a_video()
        video = source.body
    kind = source.headers.get("content-type", "video/mp4")
    try:
        target = cos.bucket(asked.bucket, asked.region)
        cos.put(target.name, asked.key, video, {"content-type": kind})
    except ServiceError as error:
        return failed("WriteTargetBucketDenied", f"The output object cannot be written: {error.message}")
    return Outcome(JobState.SUCCESS, "Success", "")


def _not_a_video() -> Outcome:
    return failed("UnsupportedMedia", "The input object is not a video that can be decoded")
