"""What to do next about one claim: decided from what was seen, without any I/O.

The table of jobs in docs/reference.md is its test. A decision may be to look at something first; the
caller looks, and asks again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from shared.domain.claim import Attempt, Held
from shared.domain.job import JobState
from shared.domain.outcome import Reason
from shared.domain.result import Result, Verdict, stamp
from shared.domain.seen import Look, Seen
from shared.domain.steps import Cancel, Conclude, GiveUp, Hold, Leave, LookAt, Step, TryAgain, Wait, Write

if TYPE_CHECKING:
    from shared.domain.job import Job
    from shared.domain.pause import Pause

#: How many jobs that CI accepted and then did not know are made up for: each may have cost money.
MAX_FORGOTTEN = 2
#: The code of a result for an upload whose jobs CI forgot.
FORGOTTEN = "Forgotten"
#: How many jobs of an object in a row may end in an answer that cannot be applied, because it was replaced meanwhile.
MAX_CHAIN = 3
_DAY = 86_400
#: What an attempt may wait for; when that changes, so does what the claim says.
_WAITS = (Held.REFUSED, Held.ANOTHER, Held.UNSETTLED, Held.PAUSED, Held.LIMIT, Held.YOUNG)


@dataclass(frozen=True)
class Rules:
    """What operators can choose.

    Seconds after which we give up; codes of failed jobs that mean "no watermark"; seconds that an upload must be old;
    the pause, if there is one.
    """

    give_up_after: int
    none_codes: frozenset[str] = frozenset()
    min_age: int = 0
    pause: Pause | None = None


_LIVE = (JobState.RUNNING, JobState.PAUSE, JobState.UNKNOWN, JobState.SUBMITTED)
_ENDED = (JobState.SUCCESS, JobState.FAILED, JobState.CANCEL)


def next_step(seen: Seen, rules: Rules) -> Step:  # noqa: C901, PLR0911 - one line for each row of the table
    """The next step, from the first line that applies."""
    if Look.TICKETS not in seen.looked and any(attempt.may_post and not attempt.job for attempt in seen.attempts):
        return LookAt(Look.TICKETS)
    if Look.JOBS not in seen.looked and any(attempt.job for attempt in seen.attempts):
        return LookAt(Look.JOBS)
    live, ended = seen.job(*_LIVE), seen.job(*_ENDED)
    if live and live.state is not JobState.SUBMITTED:
        return Wait(Reason.UNFINISHED)
    if Look.OBJECT not in seen.looked:
        return LookAt(Look.OBJECT)
    if live:
        return Wait(Reason.UNFINISHED) if seen.is_there else Cancel(live)
    if seen.object and seen.object.sealed and seen.is_answered:
        return Conclude(seen.object.sealed, ended)
    if not seen.is_there:
        return _leave(seen, ended)
    if ended and (result := ended.result(rules.none_codes)):
        return Write(result, ended)
    if seen.kept:
        return Write(seen.kept)
    if len([job for job in seen.jobs.values() if job is None]) >= MAX_FORGOTTEN:
        return Write(_failed(seen, FORGOTTEN, f"CI accepted {MAX_FORGOTTEN} jobs and then knew neither"))
    if seen.object and seen.object.obstacle:
        return GiveUp(seen.object.obstacle)
    return _submit_again(seen, rules)


def _leave(seen: Seen, ended: Job | None) -> Leave:
    cancelled = ended is not None and ended.state is JobState.CANCEL
    there = Reason.GONE if not seen.object else Reason.REPLACED if seen.object.upload else Reason.UNREADABLE
    reason = Reason.CANCELLED if cancelled else there
    return Leave(reason, seen.chain + (ended is not None and not cancelled), ended, seen.kept)


def _submit_again(seen: Seen, rules: Rules) -> Step:
    if rules.pause:
        return Hold(Held.PAUSED)
    newest = seen.newest
    # An attempt that met something else, an outage for example, ends the row of refusals.
    refused_since = newest.refused_since if newest.held is Held.REFUSED else None
    if refused_since is not None and seen.now - refused_since > rules.give_up_after:
        return GiveUp(Reason.REFUSED, _failed(seen, "Refused", newest.refusal))
    if why_not := _why_not_now(seen, rules):
        return why_not
    unseen = [look for look in (Look.OTHERS, Look.SLOTS) if look not in seen.looked]
    if unseen:
        return LookAt(unseen[0])
    chain = 0 if seen.chain >= MAX_CHAIN else seen.chain
    return TryAgain(replace(following(newest), refused_since=refused_since, chain=chain))


def _why_not_now(seen: Seen, rules: Rules) -> Hold | None:
    """Why no job may be submitted now, as far as was looked."""
    if seen.now - seen.upload.modified < rules.min_age:
        return Hold(Held.YOUNG)
    if _gives_way(seen):
        return Hold(Held.ANOTHER)
    if seen.chain >= MAX_CHAIN and seen.now // _DAY <= seen.newest.since // _DAY:
        return Hold(Held.UNSETTLED)
    return None if seen.slot_left else Hold(Held.LIMIT)


def _gives_way(seen: Seen) -> bool:
    """Whether another upload of the object goes first.

    Or, with the same chain, it is the same writing, for which another run asked, and was there before: unless ours had
    a job already. So of two, only one gives way.
    """
    had_job, ours = any(attempt.job for attempt in seen.attempts), replace(seen.newest, chain=seen.chain)
    return any(
        other.goes_before(ours)
        or (not had_job and other.chain == seen.chain and _was_asked_for_before(other, seen.newest))
        for other in seen.others
    )


def _was_asked_for_before(other: Attempt, ours: Attempt) -> bool:
    same = other.upload.writing == ours.upload.writing
    return same and (other.since, other.upload.run) < (ours.since, ours.upload.run)


def following(attempt: Attempt) -> Attempt:
    """The attempt after that one: of the same claim, and with nothing done yet."""
    return Attempt(
        attempt.upload,
        attempt.number + 1,
        attempt.since,
        chain=attempt.chain,
        replaces=attempt.replaces,
        asked_by=attempt.asked_by,
    )


def waits_for_something_else(attempt: Attempt, why: Held) -> bool:
    """Whether the attempt says that it waits for something that it does not wait for any more."""
    return attempt.held in _WAITS and attempt.held is not why


def _failed(seen: Seen, code: str, message: str) -> Result:
    return Result(Verdict.FAILED, stamp(seen.now), code=code, message=message)
