"""One content in flight, brought as far as it will go: finished, tried again, given up, or no longer wanted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from shared.domain.job import TAG, Job, JobState
from shared.domain.outcome import Kind, Outcome, Reason
from shared.domain.result import Result
from shared.errors import (
    CloudError,
    ConflictError,
    GarbledReplyError,
    NoReplyError,
    NotFoundError,
    RejectedError,
    ServerError,
    ThrottledError,
    TicketError,
)
from shared.use_cases.complete import finish, ticket_of
from shared.use_cases.submit import start_job
from shared.use_cases.write_result import record, speaks_of, verdict_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.cloud.claims import Entry
    from shared.cloud.clients import Clients
    from shared.domain.claim import Claim
    from shared.domain.head import Head
    from shared.domain.ticket import Ticket

#: The longest pause between two attempts, in seconds.
MAX_BACK_OFF = 3600
#: How many jobs of one object are looked through for one of ours.
_JOBS_SEARCHED = 200
#: How many jobs that CI accepted and then did not know are made up for: each may have cost money.
MAX_FORGOTTEN = 2
#: The code of a result for which we stopped waiting.
GAVE_UP = "GaveUp"
#: What passes by itself: nothing is given up for it, however long it takes.
_PASSING = (NoReplyError, GarbledReplyError, ServerError, ThrottledError)


@dataclass(frozen=True)
class _Case:
    """A claim, all attempts that were listed with it, and, looked at after that, the object, or why there is none."""

    claim: Claim
    attempts: Sequence[Entry]
    object: Head | Reason

    @property
    def newest(self) -> Entry:
        return self.attempts[-1]

    @property
    def now(self) -> float:
        """When it was listed, by COS's clock."""
        return self.newest.now


def settle(claim: Claim, attempts: Sequence[Entry], clients: Clients) -> Outcome | None:
    """Bring one content in flight as far as it will go now; `None` if it has to wait for its next attempt.

    `claim` is the newest of `attempts` that is ours.

    Raises:
        WatermarkError: it stays as it is, for the next time.
    """
    case = _Case(claim, attempts, _look(claim, clients))
    reason = _no_longer_wanted(case, clients)
    if reason is Reason.DONE:
        return _drop(case, reason, clients)
    try:
        job = _find_job(case, clients)
    except CloudError as error:
        return _give_up(case, error, claim.started, clients)
    # As long as a job is alive its claim stays, wanted or not: the content may come back, and is not paid for twice.
    if job and not job.state.finished:
        return _wait_for(job, case, clients)
    if job and reason in (None, Reason.ARCHIVED):
        return finish(claim.content, job, clients)
    if reason:
        return _drop(case, reason, clients)
    return record(claim.content, claim.result, clients) if claim.result else _try_again(case, clients)


def back_off(grace: int, attempt: int) -> int:
    """Seconds to wait after an attempt before the next."""
    doubled = grace << min(max(attempt - 1, 0), 16)
    return max(grace, min(doubled, MAX_BACK_OFF))


def _look(claim: Claim, clients: Clients) -> Head | Reason:
    try:
        return clients.objects.head(claim.content.target)
    except NotFoundError:
        return Reason.GONE
    except RejectedError:
        return Reason.UNREADABLE


def _no_longer_wanted(case: _Case, clients: Clients) -> Reason | None:
    head, claim = case.object, case.claim
    if isinstance(head, Reason):
        return head
    if head.content != claim.content:
        return Reason.REPLACED
    verdict = verdict_on(head, clients)
    if verdict and not (claim.result and claim.result.supersedes(verdict)):
        return Reason.DONE
    return Reason.ARCHIVED if head.unreadable_archive and claim.result is None else None


def _drop(case: _Case, reason: Reason, clients: Clients) -> Outcome:
    clients.claims.drop(case.attempts)
    return Outcome(Kind.SKIPPED, content=case.claim.content, reason=reason, job=case.claim.job)


def _find_job(case: _Case, clients: Clients) -> Job | None:
    claim, target = case.claim, case.claim.content.target
    if claim.result:
        return None
    known = clients.jobs.get(target.region, target.bucket, claim.job) if claim.job else None
    if known and _is_usable(known, case, clients):
        return known
    # The reply to a POST may have been lost: then the job is there, and only CI knows.
    listed = islice(clients.jobs.on(target), _JOBS_SEARCHED)
    return min((job for job in listed if _is_usable(job, case, clients)), key=_rank, default=None)


def _rank(job: Job) -> int:
    if job.state is JobState.SUCCESS:
        return 0
    return 2 if job.state.finished else 1


def _is_usable(job: Job, case: _Case, clients: Clients) -> bool:
    """Whether the job is ours, and not one that ended without saying anything about what the object holds now."""
    ticket = _ticket_of(job, case.claim, clients)
    if ticket is None:
        return False
    return not job.state.finished or isinstance(case.object, Reason) or speaks_of(ticket.issued, case.object, clients)


def _ticket_of(job: Job, claim: Claim, clients: Clients) -> Ticket | None:
    try:
        ticket = ticket_of(job, clients.settings)
    except TicketError:
        return None
    return ticket if job.tag == TAG and ticket.content == claim.content else None


def _wait_for(job: Job, case: _Case, clients: Clients) -> Outcome:
    claim, settings = case.claim, clients.settings
    # A paused queue is somebody's decision; we wait as long as the job's callback would be believed.
    patience = settings.ticket_lifetime if job.state is JobState.PAUSE else settings.give_up_after
    if case.now - (claim.started or case.now) > patience:
        message = f"still {job.state_text} after {patience} seconds"
        result = replace(Result.failed(case.now, GAVE_UP, message), job=job.job_id)
        return record(claim.content, result, clients)
    if claim.job != job.job_id:
        clients.claims.update(replace(claim, job=job.job_id))
    return Outcome(Kind.SKIPPED, content=claim.content, reason=Reason.UNFINISHED, job=job.job_id)


def _try_again(case: _Case, clients: Clients) -> Outcome | None:
    claim = case.claim
    if case.newest.age < back_off(clients.settings.grace, claim.attempt) or isinstance(case.object, Reason):
        return None
    if claim.forgotten >= MAX_FORGOTTEN and claim.job:
        message = f"CI knows none of the {claim.forgotten + 1} jobs that it accepted"
        return record(claim.content, Result.failed(case.now, GAVE_UP, message), clients)
    try:
        attempt = clients.claims.create(claim.next_attempt(case.object.seen))
    except ConflictError:
        return Outcome(Kind.SKIPPED, content=claim.content, reason=Reason.IN_FLIGHT)
    overtaken = _overtaken(case, clients)
    if overtaken:
        clients.claims.release(attempt)
        return Outcome(Kind.SKIPPED, content=claim.content, reason=overtaken)
    try:
        return start_job(attempt, clients)
    except CloudError as error:
        return _give_up(case, error, claim.since, clients)


def _overtaken(case: _Case, clients: Clients) -> Reason | None:
    # Between our look and our attempt somebody may have brought the content to its end, or another life to it.
    entry = next(entry for entry in case.attempts if entry.attempt == case.claim.attempt)
    if clients.claims.read(entry) != case.claim:
        return Reason.IN_FLIGHT
    return _no_longer_wanted(replace(case, object=_look(case.claim, clients)), clients)


def _give_up(case: _Case, error: CloudError, since: float | None, clients: Clients) -> Outcome:
    """Record a refusal as the result if it has stood in the way for too long; raise it again if not."""
    waited = case.now - (since or case.now)
    if isinstance(error, _PASSING) or waited <= clients.settings.give_up_after:
        raise error
    result = Result.failed(case.now, error.cause.code or GAVE_UP, error.cause.message)
    return record(case.claim.content, result, clients)
