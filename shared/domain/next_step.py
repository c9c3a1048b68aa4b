"""What to do next about one claim: decided from what was seen, without any I/O. The README's table of jobs is its test.

A decision may be to look at something first; whoever acts on it looks, and asks again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence  # noqa: TC003 - part of the dataclasses below
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from shared.domain.claim import Attempt, Held
from shared.domain.job import Job, JobState
from shared.domain.metadata import Sealed  # noqa: TC001 - as above
from shared.domain.objects import Upload  # noqa: TC001 - as above
from shared.domain.outcome import Reason
from shared.domain.result import Result, Verdict, stamp

#: How many jobs that CI accepted and then did not know are made up for: each may have cost money.
MAX_FORGOTTEN = 2
#: The code of a result for an upload whose jobs CI forgot.
FORGOTTEN = "Forgotten"
#: How many jobs of an object in a row may end in an answer that cannot be applied, because it was replaced meanwhile.
MAX_CHAIN = 3
_DAY = 86_400


class Look(Enum):
    """What can be looked at: tickets of the object's jobs, the jobs that we know, the object, other claims on it."""

    TICKETS = "tickets"
    JOBS = "jobs"
    OBJECT = "object"
    OTHERS = "others"


@dataclass(frozen=True)
class ObjectSeen:
    """The object now: `sealed` is the result about its bytes that it bears, `obstacle` why it cannot be checked.

    Of one that nobody can look at, not even `upload` is known.
    """

    upload: Upload | None = None
    sealed: Sealed | None = None
    obstacle: Reason | None = None


@dataclass(frozen=True)
class Seen:
    """All that is known of one claim: its attempts, and what the looks so far showed.

    `now` is COS's time, in seconds since 1970. `jobs` are those that the attempts name, `None` for one that CI does not
    know. `object` is `None` where there is none. `others` are attempts on the object's other
    uploads.
    """

    attempts: Sequence[Attempt]
    now: int
    looked: frozenset[Look] = frozenset()
    jobs: Mapping[str, Job | None] = field(default_factory=dict)
    object: ObjectSeen | None = None
    others: Sequence[Attempt] = ()

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
        return self.object is not None and self.object.upload == self.upload

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
    """What operators can choose: seconds after which we give up, and codes of failed jobs that mean "no watermark"."""

    give_up_after: int
    none_codes: frozenset[str] = frozenset()


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
    newest = seen.newest
    # An attempt that met something else, an outage for example, ends the row of refusals.
    refused_since = newest.refused_since if newest.held is Held.REFUSED else None
    if refused_since is not None and seen.now - refused_since > rules.give_up_after:
        return GiveUp(Reason.REFUSED, _failed(seen, "Refused", newest.refusal))
    if Look.OTHERS not in seen.looked:
        return LookAt(Look.OTHERS)
    if any(other.may_post or other.chain > seen.chain for other in seen.others):
        return Hold(Held.ANOTHER)
    unsettled = seen.chain >= MAX_CHAIN
    if unsettled and seen.now // _DAY <= newest.since // _DAY:
        return Hold(Held.UNSETTLED)
    chain = 0 if unsettled else seen.chain
    return TryAgain(Attempt(seen.upload, newest.number + 1, newest.since, refused_since=refused_since, chain=chain))


def _failed(seen: Seen, code: str, message: str) -> Result:
    return Result(Verdict.FAILED, stamp(seen.now), code=code, message=message)
