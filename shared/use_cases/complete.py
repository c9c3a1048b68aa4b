"""The second use case: a callback becomes a result on the object. The usual way only; all else is left to reconcile.

A callback is a hint and nothing more: it names a job and shows our ticket for an upload. What the job found out is
asked from CI itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared import documents
from shared.domain.job import JOB_ID, TAG, Job, read_jobs
from shared.domain.outcome import Kind, Outcome, Reason
from shared.domain.ticket import Ticket, looks_like_ticket, ticket_of
from shared.errors import (
    BlockedError,
    ConflictError,
    MalformedError,
    NotFoundError,
    RejectedError,
    TicketError,
    UnwritableError,
    WatermarkError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.cloud.clients import Clients
    from shared.settings import Settings


def complete(body: bytes, settings: Settings, connect: Callable[[], Clients]) -> list[Outcome]:
    """Deal with one callback document; `connect` is called only once a ticket has proved genuine. Never raises."""
    try:
        hints = read_jobs(documents.parse(body, documents.MAX_CALLBACK_BYTES))
    except MalformedError as error:
        return [Outcome(Kind.FAILED, error=error)]
    if not hints:
        return [Outcome(Kind.SKIPPED, reason=Reason.NOT_OURS)]
    return [_complete_hint(hint, settings, connect) for hint in hints]


def _complete_hint(hint: Job, settings: Settings, connect: Callable[[], Clients]) -> Outcome:
    if hint.tag not in ("", TAG) or not looks_like_ticket(hint.ticket):
        return Outcome(Kind.SKIPPED, reason=Reason.NOT_OURS)
    ticket = None
    try:
        if not (hint.bucket and hint.key and JOB_ID.fullmatch(hint.job_id)):
            raise MalformedError("a callback with a ticket lacks its bucket, its object or a usable job id")
        ticket = ticket_of(hint, settings.secrets)
        return _complete_job(ticket, hint.job_id, connect())
    except WatermarkError as error:
        upload, job = (ticket.upload, hint.job_id) if ticket else (None, "")
        return Outcome(Kind.FAILED, upload=upload, job=job, error=error)


def _complete_job(ticket: Ticket, job_id: str, clients: Clients) -> Outcome:  # noqa: PLR0911 - one for each end
    from shared.domain.claim import Attempt  # noqa: PLC0415 - a callback that is refused needs none of it
    from shared.use_cases.write_result import write_result  # noqa: PLC0415 - as above

    upload, settings = ticket.upload, clients.settings
    job = clients.jobs.get(upload.target, [job_id])[job_id]
    if job is None:
        return _left(ticket, job_id)
    if job.tag != TAG or ticket_of(job, settings.secrets) != ticket:
        raise TicketError(f"job {job_id} was not submitted for {upload}; the callback was refused")
    result = job.result(settings.none_codes)
    if result is None:
        return Outcome(Kind.SKIPPED, upload=upload, reason=Reason.UNFINISHED, job=job_id)
    try:
        head = clients.objects.head(upload.target)
        if head.upload.content == upload.content and head.sealed(settings, ticket.replaces):
            return Outcome(Kind.SKIPPED, upload=upload, reason=Reason.DONE, job=job_id)
        if head.upload != upload.writing:
            return _left(ticket, job_id)
        is_news = clients.answers.keep(upload, head.etag, result)
        # Nearly always it is the first attempt, and its end is news. Otherwise the claim may be dropped by now.
        there = [1] if is_news and ticket.attempt == 1 else clients.ledger.numbers(upload)
        if ticket.attempt not in there:
            return _left(ticket, job_id)
        # Of several, those before may have been dropped; those after it are not ours.
        attempts = [Attempt(upload, number, since=0) for number in there if number <= ticket.attempt]
        return write_result(head, result, job, attempts, clients)
    except (ConflictError, NotFoundError):
        return _left(ticket, job_id)
    except (UnwritableError, RejectedError, BlockedError) as error:
        return Outcome(Kind.PENDING, upload=upload, job=job_id, error=error)


def _left(ticket: Ticket, job_id: str) -> Outcome:
    return Outcome(Kind.SKIPPED, upload=ticket.upload, reason=Reason.LEFT, job=job_id)
