"""One content in flight, brought as far as it will go: finished, tried again, given up, or no longer wanted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from shared.completing import finish, ticket_of
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
from shared.job import TAG, Job, JobState
from shared.outcome import Kind, Outcome, Reason
from shared.recording import record, speaks_of, verdict_on
from shared.result import Result
from shared.submitting import start_job

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.claim import Claim
    from shared.claims import Entry
    from shared.head import Head
    from shared.ports import Ports
    from shared.ticket import Ticket

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


def settle(claim: Claim, attempts: Sequence[Entry], ports: Ports) -> Outcome | None:
    """Bring one content in flight as far as it will go now; `None` if it has to wait for its next attempt.

    `claim` is the newest of `attempts` that is ours.

    Raises:
        WatermarkError: it stays as it is, for the next time.
    """
    case = _Case(claim, attempts, _look(claim, ports))
    reason = _no_longer_wanted(case, ports)
    if reason is Reason.DONE:
        return _drop(case, reason, ports)
    try:
        job = _find_job(case, ports)
    except CloudError as error:
        return _give_up(case, error, claim.started, ports)
    # As long as a job is alive its claim stays, wanted or not: the content may come back, and is not paid for twice.
    if job and not job.state.finished:
        return _wait_for(job, case, ports)
    if job and reason in (None, Reason.ARCHIVED):
        return finish(claim.content, job, ports)
    if reason:
        return _drop(case, reason, ports)
    return record(claim.content, claim.result, ports) if claim.result else _try_again(case, ports)


def back_off(grace: int, attempt: int) -> int:
    """Seconds to wait after an attempt before the next."""
    doubled = grace << min(max(attempt - 1, 0), 16)
    return max(grace, min(doubled, MAX_BACK_OFF))


def _look(claim: Claim, ports: Ports) -> Head | Reason:
    try:
        return ports.objects.head(claim.content.target)
    except NotFoundError:
        return Reason.GONE
    except RejectedError:
        return Reason.UNREADABLE


def _no_longer_wanted(case: _Case, ports: Ports) -> Reason | None:
    head, claim = case.object, case.claim
    if isinstance(head, Reason):
        return head
    if head.content != claim.content:
        return Reason.REPLACED
    verdict = verdict_on(head, ports)
    if verdict and not (claim.result and claim.result.supersedes(verdict)):
        return Reason.DONE
    return Reason.ARCHIVED if head.unreadable_archive and claim.result is None else None


def _drop(case: _Case, reason: Reason, ports: Ports) -> Outcome:
    ports.claims.drop(case.attempts)
    return Outcome(Kind.SKIPPED, content=case.claim.content, reason=reason, job=case.claim.job)


def _find_job(case: _Case, ports: Ports) -> Job | None:
    claim, target = case.claim, case.claim.content.target
    if claim.result:
        return None
    known = ports.jobs.get(target.region, target.bucket, claim.job) if claim.job else None
    if known and _is_usable(known, case, ports):
        return known
    # The reply to a POST may have been lost: then the job is there, and only CI knows.
    listed = islice(ports.jobs.on(target), _JOBS_SEARCHED)
    return min((job for job in listed if _is_usable(job, case, ports)), key=_rank, default=None)


def _rank(job: Job) -> int:
    if job.state is JobState.SUCCESS:
        return 0
    return 2 if job.state.finished else 1


def _is_usable(job: Job, case: _Case, ports: Ports) -> bool:
    """Whether the job is ours, and not one that ended without saying anything about what the object holds now."""
    ticket = _ticket_of(job, case.claim, ports)
    if ticket is None:
        return False
    return not job.state.finished or isinstance(case.object, Reason) or speaks_of(ticket.issued, case.object, ports)


def _ticket_of(job: Job, claim: Claim, ports: Ports) -> Ticket | None:
    try:
        ticket = ticket_of(job, ports.settings)
    except TicketError:
        return None
    return ticket if job.tag == TAG and ticket.content == claim.content else None


def _wait_for(job: Job, case: _Case, ports: Ports) -> Outcome:
    claim, settings = case.claim, ports.settings
    # A paused queue is somebody's decision; we wait as long as the job's callback would be believed.
    patience = settings.ticket_lifetime if job.state is JobState.PAUSE else settings.give_up_after
    if case.now - (claim.started or case.now) > patience:
        message = f"still {job.state_text} after {patience} seconds"
        result = replace(Result.failed(case.now, GAVE_UP, message), job=job.job_id)
        return record(claim.content, result, ports)
    if claim.job != job.job_id:
        ports.claims.update(replace(claim, job=job.job_id))
    return Outcome(Kind.SKIPPED, content=claim.content, reason=Reason.UNFINISHED, job=job.job_id)


def _try_again(case: _Case, ports: Ports) -> Outcome | None:
    claim = case.claim
    if case.newest.age < back_off(ports.settings.grace, claim.attempt) or isinstance(case.object, Reason):
        return None
    if claim.forgotten >= MAX_FORGOTTEN and claim.job:
        message = f"CI knows none of the {claim.forgotten + 1} jobs that it accepted"
        return record(claim.content, Result.failed(case.now, GAVE_UP, message), ports)
    try:
        attempt = ports.claims.create(claim.next_attempt(case.object.seen))
    except ConflictError:
        return Outcome(Kind.SKIPPED, content=claim.content, reason=Reason.IN_FLIGHT)
    overtaken = _overtaken(case, ports)
    if overtaken:
        ports.claims.release(attempt)
        return Outcome(Kind.SKIPPED, content=claim.content, reason=overtaken)
    try:
        return start_job(attempt, ports)
    except CloudError as error:
        return _give_up(case, error, claim.since, ports)


def _overtaken(case: _Case, ports: Ports) -> Reason | None:
    # Between our look and our attempt somebody may have brought the content to its end, or another life to it.
    entry = next(entry for entry in case.attempts if entry.attempt == case.claim.attempt)
    if ports.claims.read(entry) != case.claim:
        return Reason.IN_FLIGHT
    return _no_longer_wanted(replace(case, object=_look(case.claim, ports)), ports)


def _give_up(case: _Case, error: CloudError, since: float | None, ports: Ports) -> Outcome:
    """Record a refusal as the result if it has stood in the way for too long; raise it again if not."""
    waited = case.now - (since or case.now)
    if isinstance(error, _PASSING) or waited <= ports.settings.give_up_after:
        raise error
    result = Result.failed(case.now, error.cause.code or GAVE_UP, error.cause.message)
    return record(case.claim.content, result, ports)
