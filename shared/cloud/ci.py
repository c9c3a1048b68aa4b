"""The media jobs of Cloud Infinite: create, read, find."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.cloud.transport import Call, Repeat, Reply, Service
from shared.documents import Tree, child, items, text
from shared.domain import job_request
from shared.domain.job import JOB_ID, TAG, Job, read_jobs
from shared.errors import Cause, GarbledReplyError, MalformedError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from shared.cloud.transport import Transport
    from shared.domain.objects import ObjectRef
    from shared.settings import JobLevel, Settings

_PAGE = "100"


class Jobs:
    """The jobs of all buckets. Every method raises only `CloudError`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, settings: Settings, target: ObjectRef, ticket: str, level: JobLevel) -> Job:
        """Submit a job. Sent at most once: a repeated POST would be a second job, and a second bill."""
        call = Call(
            Service.CI,
            "POST",
            target.region,
            target.bucket,
            "jobs",
            headers={"Content-Type": "application/xml"},
            body=job_request.build(settings, target, ticket, level),
            repeat=Repeat.NEVER,
        )
        jobs = _jobs(self._transport.send(call))
        if len(jobs) != 1 or not JOB_ID.fullmatch(jobs[0].job_id) or jobs[0].key not in ("", target.key):
            raise GarbledReplyError(
                Cause(str(call), 200, message=f"{len(jobs)} jobs, and not the one that was asked for")
            )
        return jobs[0]

    def get(self, bucket: ObjectRef, ids: Collection[str]) -> dict[str, Job | None]:
        """The jobs with these ids, at most ten, of that bucket; `None` for one that CI does not know (any more)."""
        call = Call(Service.CI, "GET", bucket.region, bucket.bucket, f"jobs/{','.join(ids)}")
        try:
            reply = self._transport.send(call)
        except NotFoundError as error:
            # Not documented; but of one job, said with a code, it could mean nothing else.
            if len(ids) > 1 or not error.cause.code:
                raise GarbledReplyError(error.cause) from error
            return dict.fromkeys(ids)
        unknown = [name for name in items(child(_response(reply), "NonExistJobIds")) if isinstance(name, str)]
        found = dict.fromkeys(",".join(unknown).split(",")) | {job.job_id: _within(bucket, job) for job in _jobs(reply)}
        if not found.keys() >= set(ids):
            # For a job that is taken to be unknown, another is made, and paid for.
            raise GarbledReplyError(Cause(str(call), reply.status, message="it does not say what became of each job"))
        return {job_id: found[job_id] for job_id in ids}

    def cancel(self, bucket: ObjectRef, job_id: str) -> None:
        """Cancel a job that CI has not begun with: https://cloud.tencent.com/document/api/436/120620."""
        path = f"jobs/{job_id}"
        self._transport.send(Call(Service.CI, "PUT", bucket.region, bucket.bucket, path, params={"cancel": ""}))

    def on(self, target: ObjectRef) -> Iterator[Job]:
        """All jobs of our kind on an object, newest first, fetched page by page."""
        params = {"tag": TAG, "inputObject": target.key, "orderByTime": "Desc", "size": _PAGE}
        while True:
            reply = self._transport.send(Call(Service.CI, "GET", target.region, target.bucket, "jobs", params=params))
            # A filter that the service overlooks must not make us adopt the job of another object.
            yield from (_within(target, job) for job in _jobs(reply) if job.key == target.key)
            token = _next_token(reply)
            if not token or token == params.get("nextToken"):
                return
            params = {**params, "nextToken": token}


def _jobs(reply: Reply) -> list[Job]:
    try:
        return read_jobs({"Response": _response(reply)})
    except MalformedError as error:
        raise GarbledReplyError(Cause(str(reply.call), reply.status, message=str(error))) from error


def _within(bucket: ObjectRef, job: Job) -> Job:
    """The job, of the bucket that was asked where the reply does not name one."""
    return job if job.bucket else job._replace(bucket=bucket.bucket, region=bucket.region)


def _response(reply: Reply) -> Tree:
    return reply.document("Response") or {}


def _next_token(reply: Reply) -> str:
    return text(_response(reply), "NextToken")
