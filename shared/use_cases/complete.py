"""The second use case: a callback becomes a result on the object.

A callback is a hint and nothing more: it names a job and shows our ticket for an object. What the job found out is
asked from CI itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared import documents
from shared.domain import ticket
from shared.domain.job import JOB_ID, TAG, Job, read_jobs
from shared.domain.outcome import Kind, Outcome, Reason
from shared.errors import ForgedTicketError, MalformedError, WatermarkError
from shared.use_cases.write_result import record

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.cloud.clients import Clients
    from shared.domain.objects import Content
    from shared.settings import Settings


def complete(body: bytes, settings: Settings, connect: Callable[[], Clients], now: float) -> list[Outcome]:
    """Deal with one callback document; `connect` is called only once a ticket has proved genuine. Never raises."""
    try:
        hints = read_jobs(documents.parse(body, documents.MAX_CALLBACK_BYTES))
    except MalformedError as error:
        return [Outcome(Kind.FAILED, error=error)]
    if not hints:
        return [Outcome(Kind.SKIPPED, reason=Reason.NOT_OURS)]
    return [_complete_hint(hint, settings, connect, now) for hint in hints]


def ticket_of(job: Job, settings: Settings) -> ticket.Ticket:
    """The ticket that a job, or a callback about one, carries for its own input.

    Raises:
        ForgedTicketError: it was not submitted by us, or not for this object.
    """
    return ticket.verify(settings.secrets, job.ticket, job.input.bucket, job.input.key)


def finish(content: Content, job: Job, clients: Clients) -> Outcome:
    """Write what a job found out, if it has ended; `job` comes from CI itself.

    Raises:
        CloudError, UnfinishedError: trying again may help.
    """
    result = job.result(clients.now())
    if result is None:
        return Outcome(Kind.SKIPPED, content=content, reason=Reason.UNFINISHED, job=job.job_id)
    return record(content, result, clients, ticket_of(job, clients.settings).issued)


def _complete_hint(hint: Job, settings: Settings, connect: Callable[[], Clients], now: float) -> Outcome:
    if hint.tag not in ("", TAG) or not ticket.looks_like_ticket(hint.ticket):
        return Outcome(Kind.SKIPPED, reason=Reason.NOT_OURS)
    content = None
    try:
        _require_names(hint)
        shown = ticket_of(hint, settings)
        shown.require_fresh(now, settings.ticket_lifetime)
        content = shown.content
        return _complete_job(content, hint.job_id, connect())
    except WatermarkError as error:
        return Outcome(Kind.FAILED, content=content, job=hint.job_id if content else "", error=error)


def _require_names(hint: Job) -> None:
    if not (hint.input.bucket and hint.input.key and JOB_ID.fullmatch(hint.job_id)):
        raise MalformedError("a callback with a ticket lacks its bucket, its object or a usable job id")


def _complete_job(content: Content, job_id: str, clients: Clients) -> Outcome:
    target = content.target
    job = clients.jobs.get(target.region, target.bucket, job_id)
    if job is None:
        return Outcome(Kind.SKIPPED, content=content, reason=Reason.UNKNOWN_JOB, job=job_id)
    if job.tag != TAG or ticket_of(job, clients.settings).content != content:
        raise ForgedTicketError(f"job {job_id} was not submitted for {target}")
    return finish(content, job, clients)
