"""What to do next about one claim: decided from what was seen, without any I/O. The README's table of jobs is its test.

A decision may be to look at something first; whoever acts on it looks, and asks again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence  # noqa: TC003 - part of the dataclasses below
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TypeAlias

from shared.domain.claim import Attempt, Held
from shared.domain.job import Job, JobState
from shared.domain.metadata import Sealed  # noqa: TC001 - as above
from shared.domain.objects import Upload  # noqa: TC001 - as above
from shared.domain.outcome import Reason
from shared.domain.pause import Pause  # noqa: TC001 - as above
from shared.domain.result import Result, Verdict, stamp

#: How many jobs that CI accepted and then did not know are made up for: each may have cost money.
MAX_FORGOTTEN = 2
#: The code of a result for an upload whose jobs CI forgot.
FORGOTTEN = "Forgotten"
#: How many jobs of an object in a row may end in an answer that cannot be applied, because it was replaced meanwhile.
MAX_CHAIN = 3
_DAY = 86_400
#: What an attempt may wait for; when that changes, so does what the claim says.
_WAITS = (Held.REFUSED, Held.ANOTHER, Held.UNSETTLED, Held.PAUSED, Held.LIMIT, Held.YOUNG)


class Look(Enum):
    """What can be looked at: tickets of the object's jobs, our jobs, the object, other claims on it, today's slots."""

    TICKETS = "tickets"
    JOBS = "jobs"
    OBJECT = "object"
    OTHERS = "others"
    SLOTS = "slots"


@dataclass(frozen=True)
class ObjectSeen:
    """The object now. Of one that nobody can look at, not even `upload` is known.

    `sealed` is the result about its bytes that it bears, but not the one that a re-check replaces; `obstacle` is why it
    cannot be checked, or is not to be.
    """

    upload: Upload | None = None
    sealed: Sealed | None = None
    obstacle: Reason | None = None


@dataclass(frozen=True)
class Seen:
    """All that is known of one claim: its attempts, and what the looks so far showed.

    `now` is COS's time, in seconds since 1970. `jobs` are those that the attempts name, `None` for one that CI does not
    know. `object` is `None` where there is none. `others` are attempts on the object's other uploads. `slot_left` says
    whether the daily limit allows another job.
    """

    attempts: Sequence[Attempt]
    now: int
    looked: frozenset[Look] = frozenset()
    jobs: Mapping[str, Job | None] = field(default_factory=dict)
    object: ObjectSeen | None = None
    others: Sequence[Attempt] = ()
    slot_left: bool = True

    @property
    def upload(self) -> Upload:
        """What the claim is about."""
        return self.attempts[0].upload

    @property
    def newest(self) -> Attempt:
        """The last attempt."""
        return self.attempts[-1]

    @property
    def chain(self) -> int:
        """A claim's chain is the largest of its attempts."""
        return max(attempt.chain for attempt in self.attempts)

    @property
    def kept(self) -> Result | None:
        """A result that could not be written yet."""
        return next((attempt.result for attempt in self.attempts if attempt.result), None)

    @property
    def is_there(self) -> bool:
        """Whether the object still is that upload."""
        return self.object is not None and self.object.upload == self.upload.writing

    @property
    def is_answered(self) -> bool:
        """Whether the object bears a result about the very bytes of the claim."""
        seen = self.object
        return bool(seen and seen.sealed and seen.upload and seen.upload.content == self.upload.content)

    def job(self, *states: JobState) -> Job | None:
        """One of our jobs that is in one of these states, the first of which counts first."""
        known = [job for job in self.jobs.values() if job]
        return next((job for state in states for job in known if job.state is state), None)


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


@dataclass(frozen=True)
class LookAt:
    """Look, and decide again."""

    what: Look


@dataclass(frozen=True)
class Wait:
    """Nothing can be done now."""

    reason: Reason


@dataclass(frozen=True)
class Cancel:
    """Cancel the job, which nobody needs any more and CI has not begun with; then decide again."""

    job: Job


@dataclass(frozen=True)
class Conclude:
    """The object bears its answer, whichever job it is from: record that, and drop the claim. `job` is our own."""

    sealed: Sealed
    job: Job | None


@dataclass(frozen=True)
class Leave:
    """The object is gone or another upload: see that what is there has a claim, record the end of this one, drop.

    `job` may have read other bytes; `result` was found while the object was that upload, and could not be written.
    """

    reason: Reason
    chain: int
    job: Job | None
    result: Result | None = None


@dataclass(frozen=True)
class Write:
    """Write the result onto the object, record it, drop; if it cannot be written, keep it, but not for ever."""

    result: Result
    job: Job | None = None


@dataclass(frozen=True)
class GiveUp:
    """Record why there will be no result, and drop."""

    reason: Reason
    result: Result | None = None


@dataclass(frozen=True)
class Hold:
    """Note that no job may be submitted for now."""

    why: Held


@dataclass(frozen=True)
class TryAgain:
    """Make the next attempt."""

    attempt: Attempt


Step: TypeAlias = "LookAt | Wait | Cancel | Conclude | Leave | Write | GiveUp | Hold | TryAgain"

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

    It has or may have a job; or it has a longer chain to hand on; or it is the same writing, for which another run
    asked, and was there before: unless ours had a job already.
    """
    age = (seen.newest.since, seen.upload.run)
    had_job = any(attempt.job for attempt in seen.attempts)
    return any(
        other.may_post
        or other.chain > seen.chain
        or (not had_job and other.upload.writing == seen.upload.writing and (other.since, other.upload.run) < age)
        for other in seen.others
    )


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
