"""The result record: what came of one upload, kept in the ledger for good, for operators and their programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.domain.outcome import Reason
from shared.domain.result import Result, Verdict, stamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.domain.claim import Attempt
    from shared.domain.job import Job
    from shared.domain.objects import Upload


class Record(BaseModel):
    """One object `results/<day of "at">/<upload>.json`. What is not known or does not apply is left out.

    Readers take one record for each upload, one that is applied first.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    v: Literal[1] = Field(1, description="Version of this format.")
    upload: str = Field(description="The upload's id: the `correlation` of all log lines about it.")
    region: str = Field(description="The object's region.")
    bucket: str = Field(description="The object's bucket, with its APPID.")
    key: str = Field(description="The object's key.")
    crc64: str | None = Field(None, description="The CRC-64 of the bytes, as COS gives it.")
    size: int = Field(description="The number of bytes.")
    modified: str = Field(description="`Last-Modified` of the upload. All times are UTC, ISO 8601.")
    at: str = Field(description="When the job ended; for an upload without a job, the same as `modified`.")
    verdict: Verdict = Field(description="`found`, `none`, `failed` or `skipped`.")
    applied: bool = Field(description="Whether the result is on the object.")
    reason: Reason | None = Field(None, description="Why it is not on the object; the same words as in the log lines.")
    text: str | None = Field(None, description="The watermark, as Cloud Infinite returned it.")
    unattributed: str | None = Field(
        None,
        description="The watermark that the job found, if the object was replaced or deleted before the job ended. "
        "Empty: no watermark. It is not known which bytes the job read.",
    )
    code: str | None = Field(None, description="Of a failed job: the code.")
    message: str | None = Field(None, description="Of a failed job: the message.")
    problem: str | None = Field(None, description="Why the result could not be written onto the object.")
    job: str | None = Field(None, description="The job that the result is from.")
    submitted: str | None = Field(None, description="When Cloud Infinite accepted the job.")
    started: str | None = Field(None, description="When Cloud Infinite began the job.")
    jobs: tuple[str, ...] = Field(
        (),
        description="All jobs of this upload: several only if some were lost, none if the ledger had the answer.",
    )
    run: str | None = Field(None, description="Of a re-check: the run that asked for it.")
    attempts: int = Field(0, description="How many attempts there were.")
    seal: str | None = Field(None, description="The seal on the object.")

    @property
    def names_a_job(self) -> bool:
        """Whether a job ran for it, or for the same bytes before."""
        return bool(self.job or self.jobs)

    def beside(self, other: Record | None) -> Record | None:
        """What is to be kept where another record of the same upload was kept before; `None` if that is all."""
        if not self.names_a_job:
            return None
        if other is None or not other.names_a_job:
            return self
        jobs = tuple(dict.fromkeys((*other.jobs, *self.jobs)))
        return other.model_copy(update={"jobs": jobs}) if jobs != other.jobs else None

    @property
    def day(self) -> str:
        """The folder that it is kept in."""
        return self.at[:10]


def result_record(
    upload: Upload,
    result: Result,
    attempts: Sequence[Attempt],
    job: Job | None,
    *,
    seal: str = "",
    reason: Reason | None,
) -> Record:
    """The record of an upload that has a result, on the object if there is no reason against it."""
    return Record(
        **_about(upload, attempts, job, result.job),
        at=result.at or stamp(upload.modified),
        verdict=result.verdict,
        applied=reason is None,
        reason=reason,
        text=result.text or None,
        code=result.code or None,
        message=result.message or None,
        seal=seal or None,
    )


def unanswered_record(
    upload: Upload, reason: Reason, attempts: Sequence[Attempt] = (), job: Job | None = None
) -> Record:
    """The record of an upload that has no result of its own; `job` ran for it, on whatever lay there."""
    result = job.result() if job else None
    said = result.text if result and result.verdict is not Verdict.FAILED else None
    return Record(
        **_about(upload, attempts, job, job.job_id if job else ""),
        at=(result.at if result else "") or stamp(upload.modified),
        verdict=Verdict.SKIPPED,
        applied=False,
        reason=reason,
        unattributed=said,
    )


def _about(upload: Upload, attempts: Sequence[Attempt], job: Job | None, job_id: str) -> dict[str, Any]:
    own = [attempt.job for attempt in attempts if attempt.job]
    jobs = dict.fromkeys([*own, *([job.job_id] if job else ())])
    times = {"submitted": job.created, "started": job.started} if job else {}
    return {
        "upload": upload.id,
        "region": upload.target.region,
        "bucket": upload.target.bucket,
        "key": upload.target.key,
        "crc64": upload.content.crc64 or None,
        "size": upload.content.size,
        "modified": stamp(upload.modified),
        "run": upload.run or None,
        "job": job_id or None,
        "jobs": tuple(jobs),
        "attempts": max((attempt.number for attempt in attempts), default=0),
        **{name: stamp(time) for name, time in times.items() if time},
    }
