"""The third use case: one claim, brought as far as it will go. `next_step` decides; here is what each step does."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from shared.domain.claim import GRACE, Attempt, Held
from shared.domain.next_step import following, next_step, waits_for_something_else
from shared.domain.outcome import Kind, Outcome, Reason
from shared.domain.record import Record, result_record, unanswered_record
from shared.domain.result import MAX_TEXT
from shared.domain.steps import Cancel, Conclude, GiveUp, Hold, Leave, LookAt, TryAgain, Wait, Write
from shared.errors import BlockedError, CloudError, ConflictError, RejectedError, UnwritableError, WatermarkError
from shared.use_cases.attempt import hold, make_attempt
from shared.use_cases.look import Case
from shared.use_cases.submit_upload import submit_upload
from shared.use_cases.write_result import write_result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.cloud.clients import Clients
    from shared.domain.claim import Entry


_UNSETTLED = (
    "it was replaced during each of three jobs in a row, so there is no other job until the next day (UTC). Find out "
    "what writes it again and again, and let that write to another place until the video is complete"
)


def reconcile(  # noqa: C901, PLR0911 - one case for each kind of step
    entries: Sequence[Entry], attempts: Sequence[Attempt], clients: Clients
) -> Outcome:
    """Bring a claim as far as it will go now; `attempts` are all it has, and `entries` how they were listed.

    Raises:
        WatermarkError: it stays as it is, for the next time.
    """
    case = Case(entries, attempts, clients)
    while True:
        match next_step(case.seen, case.rules):
            case LookAt(what):
                case.look(what)
            case Cancel(job):
                case.cancel(job)
            case Wait(reason):
                return waiting(reason, case)
            case Conclude() as step:
                return _conclude(step, case)
            case Leave() as step:
                return _leave(step, case)
            case Write() as step:
                return _write(step, case)
            case GiveUp() as step:
                return _give_up(step, case)
            case Hold(why):
                return _hold(why, case)
            case TryAgain(attempt):
                return _try_again(attempt, case)


def waiting(reason: Reason, case: Case) -> Outcome:
    """What came of a claim for which nothing can be done now."""
    return Outcome(Kind.SKIPPED, upload=case.seen.upload, reason=reason, job=case.seen.newest.job)


def _conclude(step: Conclude, case: Case) -> Outcome:
    """The object says it already. Our own job's end names the day, so that every writer comes to the same record."""
    sealed, job = step.sealed, step.job
    own = job.result() if job else None
    result = replace(sealed.result, at=own.at) if own and own.at else sealed.result
    record = result_record(case.seen.upload, result, case.seen.attempts, job, seal=sealed.seal, reason=None)
    return _finish(record, case, once=True)


def _leave(step: Leave, case: Case) -> Outcome:
    seen = case.seen
    if not _hand_over(step.chain, case):
        return Outcome(Kind.SKIPPED, upload=seen.upload, reason=Reason.IN_FLIGHT)
    if step.result:
        return _finish(result_record(seen.upload, step.result, seen.attempts, step.job, reason=step.reason), case)
    return _finish(unanswered_record(seen.upload, step.reason, seen.attempts, step.job), case)


def _hand_over(chain: int, case: Case) -> bool:
    """See to it that what is there now has its claim, with at least this chain; this repairs a lost event too.

    Whether that is so; it is not while somebody else may be at work on that claim.
    """
    clients, head = case.clients, case.head
    if head is None or head.sealed(clients.settings):
        return True
    entries = [entry for entry in clients.ledger.claims(head.upload.target) if entry.upload_id == head.upload.id]
    if not entries:
        begun = submit_upload(head, clients, chain=chain).reason
        # Replaced while it was claimed: what is there now is seen by the next look.
        return begun is not Reason.REPLACED and (begun is not Reason.IN_FLIGHT or not chain)
    attempts = [attempt for entry in entries if (attempt := clients.ledger.read(entry))]
    young = len(attempts) < len(entries) or entries[-1].age < GRACE
    if max((attempt.chain for attempt in attempts), default=0) < chain:
        if young:
            return False
        try:
            clients.ledger.create(replace(following(attempts[-1]), held=Held.ANOTHER, chain=chain))
        except ConflictError:
            return False
    if not young:
        # Written again as it is, it counts as new: it is looked at in five minutes, and not at its own hour.
        clients.ledger.update(attempts[0])
    return True


def _write(step: Write, case: Case) -> Outcome:
    assert case.head  # noqa: S101 - a result is written only onto an object that was seen
    case.clients.answers.keep(case.seen.upload, case.head.etag, step.result)
    try:
        return write_result(case.head, step.result, step.job, case.seen.attempts, case.clients)
    except (UnwritableError, RejectedError, BlockedError) as error:
        return _keep(step, error, case)


def _keep(step: Write, error: WatermarkError, case: Case) -> Outcome:
    """The result has been paid for: it stays in the claim until it can be written, and at last goes into the ledger."""
    seen, newest, problem = case.seen, case.seen.newest, str(error)[:MAX_TEXT]
    since = newest.unwritten_since or seen.now
    if seen.now - since > case.clients.settings.give_up_after:
        record = result_record(seen.upload, step.result, seen.attempts, step.job, reason=Reason.UNWRITABLE)
        return _finish(record.model_copy(update={"problem": problem}), case)._replace(error=error)
    if newest.result != step.result or newest.unwritten_since is None:
        kept = replace(newest, result=step.result, unwritten_since=since, problem=problem)
        case.clients.ledger.update(kept)
    return Outcome(Kind.PENDING, upload=seen.upload, job=step.result.job, error=error)


def _give_up(step: GiveUp, case: Case) -> Outcome:
    upload, attempts = case.seen.upload, case.seen.attempts
    if step.result:
        return _finish(result_record(upload, step.result, attempts, None, reason=step.reason), case)
    return _finish(unanswered_record(upload, step.reason, attempts), case)


def _hold(why: Held, case: Case) -> Outcome:
    """What was looked for and not found has no job; only such attempts are held."""
    newest, clients = case.seen.newest, case.clients
    for attempt in case.seen.attempts:
        if attempt.may_post and not attempt.job:
            hold(attempt, why, clients)
    if waits_for_something_else(newest, why):
        _say_why(newest, why, clients)
    detail = _UNSETTLED if why is Held.UNSETTLED else ""
    return Outcome(Kind.HELD, upload=case.seen.upload, reason=Reason(why.value), detail=detail)


def _say_why(newest: Attempt, why: Held, clients: Clients) -> None:
    if newest.number > 1:
        hold(newest, why, clients)
        return
    # The first attempt stays as it is: by its age the claim has its place among others.
    with suppress(ConflictError):
        clients.ledger.create(replace(following(newest), held=why))


def _try_again(attempt: Attempt, case: Case) -> Outcome:
    outcome = make_attempt(attempt, list(case.entries.values()), case.clients)
    if outcome.reason is not Reason.IN_FLIGHT:
        # They certainly have no job, and the newest attempt keeps the numbering; the first keeps its place and its age.
        refused = [a for a in case.seen.attempts if a.held is Held.REFUSED and a.number > 1]
        try:
            case.clients.ledger.drop(refused)
        except CloudError as error:
            # What is left is dropped with the claim, or after the next attempt.
            return outcome._replace(error=outcome.error or error)
    return outcome


def _finish(record: Record, case: Case, *, once: bool = False) -> Outcome:
    """Always in this order: what is recorded twice is found out, what is dropped without a record is lost."""
    upload = case.seen.upload
    case.clients.ledger.keep(record, once=once)
    case.clients.ledger.drop(case.seen.attempts)
    return Outcome(
        Kind.RECORDED, upload=upload, reason=record.reason, job=record.job or "", detail=record.verdict.value
    )
