"""One attempt: claim it, look again, and spend the money; for the first on an upload, and for every next one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from shared.domain.claim import Attempt, Held
from shared.domain.outcome import Kind, Outcome, Reason
from shared.domain.result import MAX_TEXT
from shared.domain.ticket import Ticket
from shared.errors import CloudError, ConflictError, NotFoundError, WatermarkError
from shared.settings import JobLevel, Reuse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.cloud.clients import Clients
    from shared.domain.answer import Answer
    from shared.domain.claim import Entry
    from shared.domain.head import Head
    from shared.domain.objects import Upload


def make_attempt(attempt: Attempt, earlier: Sequence[Entry], clients: Clients) -> Outcome:
    """Take the attempt, unless somebody has it, and submit a job if nothing speaks against it.

    `earlier` are the upload's other attempts, as they were when it was decided to make this one.

    Raises:
        WatermarkError: nothing was claimed.
    """
    try:
        entry = clients.ledger.create(attempt)
    except ConflictError:
        return Outcome(Kind.SKIPPED, upload=attempt.upload, reason=Reason.IN_FLIGHT)
    try:
        # Nobody else can begin with this attempt now. What began before is seen in the ledger first, then the object.
        blocked = _is_blocked(attempt, [*earlier, entry], clients)
        head = _look(attempt, clients)
        if isinstance(head, Reason):
            return _withdraw(attempt, head, clients)
        return _go_on(attempt, head, clients, blocked=blocked)
    except WatermarkError as error:
        return Outcome(Kind.PENDING, upload=attempt.upload, error=error)


def _go_on(attempt: Attempt, head: Head, clients: Clients, *, blocked: bool) -> Outcome:
    # While all is paused, not even an answer that is known is taken: should COS give our metadata back changed, it
    # would be written for ever.
    if clients.pausing.state(head.seen):
        return hold(attempt, Held.PAUSED, clients)
    # Nor while somebody else is at work on the object: an older answer would come in the way of a re-check's.
    if blocked:
        return hold(attempt, Held.ANOTHER, clients)
    if answer := _known(attempt.upload, head, clients):
        return _take_over(attempt, answer, clients)
    if head.seen - attempt.upload.modified < clients.settings.min_age:
        return hold(attempt, Held.YOUNG, clients)
    return _submit(attempt, head, clients)


def hold(attempt: Attempt, why: Held, clients: Clients) -> Outcome:
    """Note that no job may be submitted for the attempt."""
    clients.ledger.update(replace(attempt, held=why))
    return Outcome(Kind.HELD, upload=attempt.upload, reason=Reason(why.value))


def skip(upload: Upload, reason: Reason, clients: Clients) -> Outcome:
    """Record that the upload cannot be checked, and why."""
    from shared.domain.record import unanswered_record  # noqa: PLC0415 - of most uploads `submit` records nothing

    clients.ledger.keep(unanswered_record(upload, reason))
    return Outcome(Kind.SKIPPED, upload=upload, reason=reason)


def _is_blocked(attempt: Attempt, ours: Sequence[Entry], clients: Clients) -> bool:
    """Whether another upload of the object may have a job, or our own attempts are not those any more that we know.

    A first attempt gives way to every other claim on the object, a next one only to what may have a job, or has a
    longer chain to hand on.
    """
    upload = attempt.upload
    listed = list(clients.ledger.claims(upload.target))
    there = {(entry.number, entry.etag) for entry in listed if entry.upload_id == upload.id}
    if there != {(entry.number, entry.etag) for entry in ours}:
        return True
    others = [entry for entry in listed if entry.upload_id != upload.id]
    if attempt.number == 1:
        return bool(others)
    read = [other for entry in others if (other := clients.ledger.read(entry))]
    return any(other.goes_before(attempt) for other in read)


def _look(attempt: Attempt, clients: Clients) -> Head | Reason:
    """The object, or why there is nothing to submit for any more."""
    try:
        head = clients.objects.head(attempt.upload.target)
    except NotFoundError:
        return Reason.GONE
    if head.upload != attempt.upload.writing:
        return Reason.REPLACED
    return Reason.DONE if head.sealed(clients.settings, attempt.replaces) else head


def _known(upload: Upload, head: Head, clients: Clients) -> Answer | None:
    return clients.answers.find(upload, head.etag) if clients.settings.reuse_answers is Reuse.YES else None


def _take_over(attempt: Attempt, answer: Answer, clients: Clients) -> Outcome:
    """The ledger knows the answer already: reconcile writes it, as it does with one that could not be written."""
    # An upload that was given up once, and comes again, has paid for it itself.
    own = answer.job if answer.upload == attempt.upload.id else ""
    clients.ledger.update(replace(attempt, result=answer.result, job=own))
    return Outcome(Kind.PENDING, upload=attempt.upload, reason=Reason.KNOWN, job=answer.job)


def _withdraw(attempt: Attempt, reason: Reason, clients: Clients) -> Outcome:
    if attempt.number == 1:
        clients.ledger.drop([attempt])
    else:
        # No attempt is removed before its whole claim: its number could be given twice.
        clients.ledger.update(replace(attempt, held=Held.NEEDLESS))
    return Outcome(Kind.SKIPPED, upload=attempt.upload, reason=reason)


def _submit(attempt: Attempt, head: Head, clients: Clients) -> Outcome:
    slot = clients.slots.take(head.seen, attempt.upload.id)
    if slot is None:
        return hold(attempt, Held.LIMIT, clients)
    upload, settings = attempt.upload, clients.settings
    ticket = Ticket(upload, attempt.number, attempt.replaces).sign(settings.secrets)
    level = JobLevel.LOW if attempt.asked_by else settings.job_level
    try:
        job = clients.jobs.create(settings, upload.target, ticket, level)
    except CloudError as error:
        if not error.is_refusal:
            raise
        # Certain: there is no job. It says something about the set-up far more often than about the video.
        since, refusal = attempt.refused_since or head.seen, str(error)[:MAX_TEXT]
        clients.ledger.update(replace(attempt, held=Held.REFUSED, refused_since=since, refusal=refusal))
        clients.slots.give_back(slot)
        return Outcome(Kind.HELD, upload=upload, reason=Reason.REFUSED, error=error)
    clients.ledger.update(replace(attempt, job=job.job_id, refused_since=None))
    return Outcome(Kind.SUBMITTED, upload=upload, job=job.job_id)
