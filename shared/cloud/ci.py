"""The media jobs of Cloud Infinite: create, read, find."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from shared.cloud.transport import Call, Repeat, Reply, Service
from shared.documents import Tree, text
from shared.domain import job_request
from shared.domain.job import TAG, Job, read_jobs
from shared.errors import Cause, GarbledReplyError, MalformedError, NotFoundError, RejectedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared.cloud.transport import Transport
    from shared.domain.objects import ObjectRef
    from shared.settings import Settings

#: Characters that XML 1.0 cannot carry, and the carriage return, which every parser turns into a line feed: a key that
#: has one cannot be named in a request.
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PAGE = "100"


class Jobs:
    """The jobs of all buckets. Every method raises only `CloudError`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, settings: Settings, target: ObjectRef, ticket: str) -> Job:
        """Submit a job. Sent at most once: a repeated POST would be a second job, and a second bill."""
        call = Call(
            Service.CI,
            "POST",
            target.region,
            target.bucket,
            "jobs",
            headers={"Content-Type": "application/xml"},
            body=job_request.build(settings, target, ticket),
            repeat=Repeat.NEVER,
        )
        if _NOT_XML.search(target.key):
            raise RejectedError(Cause(str(call), code="KeyNotXml", message="the key has characters that XML forbids"))
        jobs = _jobs(self._transport.send(call))
        if len(jobs) != 1 or not jobs[0].job_id:
            raise GarbledReplyError(Cause(str(call), 200, message=f"{len(jobs)} jobs instead of one"))
        return jobs[0]

    def get(self, region: str, bucket: str, job_id: str) -> Job | None:
        """The job with that id; `None` if CI does not know it (any more)."""
        try:
            reply = self._transport.send(Call(Service.CI, "GET", region, bucket, f"jobs/{job_id}"))
        except NotFoundError:
            # Documented is a 200 that lists the id under NonExistJobIds; a 404 could mean nothing else.
            return None
        return next((job for job in _jobs(reply) if job.job_id == job_id), None)

    def on(self, target: ObjectRef) -> Iterator[Job]:
        """All jobs of our kind on an object, newest first, fetched page by page."""
        params = {"tag": TAG, "inputObject": target.key, "orderByTime": "Desc", "size": _PAGE}
        while True:
            reply = self._transport.send(Call(Service.CI, "GET", target.region, target.bucket, "jobs", params=params))
            # A filter that the service overlooks must not make us adopt the job of another object.
            yield from (job for job in _jobs(reply) if job.input.key == target.key)
            token = _next_token(reply)
            if not token or token == params.get("nextToken"):
                return
            params = {**params, "nextToken": token}


def _jobs(reply: Reply) -> list[Job]:
    try:
        return read_jobs({"Response": _response(reply)})
    except MalformedError as error:
        raise GarbledReplyError(Cause(str(reply.call), reply.status, message=str(error))) from error


def _response(reply: Reply) -> Tree:
    return reply.document("Response") or {}


def _next_token(reply: Reply) -> str:
    return text(_response(reply), "NextToken")
