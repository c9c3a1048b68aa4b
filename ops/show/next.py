"""What happens next with an object, in plain words, and which command changes that: decided without any I/O.

It says what `shared/domain/next_step.py` is going to do; docs/operations.md has the same for people.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from ops.show.situation import Claim, Seal, Situation, There
from shared.domain.claim import GRACE, Held
from shared.domain.job import JobState
from shared.domain.outcome import Reason
from shared.domain.result import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

_DAY = 86_400


class Do(Enum):
    """What an operator can do: what for, the command, and whether it takes the key."""

    CHECK = ("To check it", "submit", True)
    AGAIN = ("To check it once more, which costs one more job", "submit --again", True)
    CANCEL = ("To submit no job for it", "cancel", True)
    CANCEL_JOB = ("To cancel the job, which then ends as failed", "cancel --queued", True)
    RESUME = ("To end the pause", "resume", False)
    DOCTOR = ("To see why the timer does not run", "doctor", False)
    LOGS = ("To see the errors that the functions logged", "logs --level ERROR", False)


@dataclass(frozen=True)
class Next:
    """What happens; `{at}` in the text stands for the time `at`, in seconds since 1970."""

    text: str
    do: tuple[Do, ...] = ()
    at: int = 0


def what_next(seen: Situation) -> Next:
    """What happens next."""
    if not seen.ledger_seen:
        return Next("Not known without the ledger")
    if seen.claims:
        return _by_the_timer(_of_claim(_first(seen.claims), seen), seen)
    if seen.entries:
        return _by_the_timer(_of_entry(seen), seen)
    return _of_object(seen)


def _first(claims: Sequence[Claim]) -> Claim:
    """Of several the one that the others wait for, else the one for what is there now."""
    return min(claims, key=lambda claim: (claim.held is not None and not claim.has_result, not claim.current))


def _by_the_timer(step: Next, seen: Situation) -> Next:
    if seen.timer_runs is False:
        return replace(step, text=f"{step.text}. But the timer does not run", do=(Do.DOCTOR, *step.do))
    return step


_NOT_CURRENT = "The object was deleted or replaced"


def _of_claim(claim: Claim, seen: Situation) -> Next:  # noqa: PLR0911 - one for each case
    if claim.current is False and not claim.jobs:
        return Next(f"{_NOT_CURRENT}: the timer ends the claim within the hour, without a job")
    if claim.current is False:
        return Next(f"{_NOT_CURRENT}: the result of the job goes only into the ledger, within an hour of its end")
    if claim.has_result:
        if claim.has_problem:
            return Next("Its result could not be written. The timer tries again within the hour", (Do.LOGS,))
        return Next("Its result is known, and is written within minutes")
    if claim.held:
        return _held(claim.held, claim, seen)
    if claim.jobs:
        return _of_job(claim.jobs[-1], seen)
    return Next("It is not known yet whether it has a job: the timer looks for the job within the hour")


def _held(why: Held, claim: Claim, seen: Situation) -> Next:
    tomorrow = (seen.now // _DAY + 1) * _DAY
    if why is Held.PAUSED and seen.paused is False:
        return Next("The pause has ended: the timer takes it up within minutes, the oldest first")
    return {
        Held.LIMIT: Next(
            "Held by the daily limit: it continues at {at}, the oldest first; or raise WATERMARK_MAX_JOBS_PER_DAY, and "
            "deploy",
            at=tomorrow,
        ),
        Held.PAUSED: Next("Held by the pause: it continues when the pause ends, the oldest first", (Do.RESUME,)),
        Held.YOUNG: Next(
            "Held until it is as old as WATERMARK_MIN_AGE says: it continues at {at}", at=claim.modified + seen.min_age
        ),
        Held.ANOTHER: Next("Held: it continues five minutes after the object's other claim has ended"),
        Held.UNSETTLED: Next(
            "Held: it was replaced during each of three jobs in a row. The next job is at {at}; find out what "
            "writes it again and again",
            (Do.LOGS,),
            tomorrow,
        ),
        Held.REFUSED: Next(
            "Refused by Cloud Infinite: the next try is within the hour. Do what the refusal says; then it "
            "continues by itself"
        ),
        Held.NEEDLESS: Next("It needs no job: the timer ends the claim within the hour"),
    }[why]


def _of_job(job: str, seen: Situation) -> Next:
    if job not in seen.jobs:
        return Next("Its result is written when the job has ended")
    state = seen.jobs[job]
    if state is None:
        return Next("Cloud Infinite does not know the job any more: within the hour there is one new job")
    if state is JobState.SUBMITTED:
        return Next(
            "The job waits in the queue of Cloud Infinite. Its result is written when it has ended", (Do.CANCEL_JOB,)
        )
    if state is JobState.PAUSE:
        return Next("The job is paused, because its queue is: start the queue (CI console, Queues and Callbacks)")
    if state in (JobState.SUCCESS, JobState.FAILED, JobState.CANCEL):
        return Next("The job has ended: its result is written now, or by the timer within the hour")
    return Next("The job runs. Its result is written when it has ended")


def _of_entry(seen: Situation) -> Next:
    if seen.paused:
        return Next("Waiting: the timer takes it up when the pause has ended", (Do.RESUME, Do.CANCEL))
    return Next(
        "Waiting: the timer takes it up within minutes, or when the daily limit and the jobs in flight allow it",
        (Do.CANCEL,),
    )


_UNCHECKED = {
    Reason.FOLDER: "its key is that of a folder",
    Reason.NOT_A_VIDEO: "its key has none of the suffixes in WATERMARK_SUFFIXES",
    Reason.EXCLUDED: "WATERMARK_INCLUDE and WATERMARK_EXCLUDE leave it out",
    Reason.EMPTY: "it is empty",
    Reason.TOO_LARGE: "it is larger than WATERMARK_MAX_SIZE",
}
_ANEW = "As it is, it is never checked"
_OBSTACLES = {
    Reason.ARCHIVED: "Nothing while it is archived. Restore it (COS console): it is checked then",
    Reason.UNREADABLE: f"{_ANEW}: upload it again, without a key of your own (SSE-C)",
    Reason.NO_CHECKSUM: f"{_ANEW}: it has no CRC-64. Upload it again",
    Reason.UNNAMABLE: f"{_ANEW}: Cloud Infinite does not accept its key. Upload it again, under another key",
    Reason.APPENDABLE: f"{_ANEW}: it is appendable. Upload it again, as a normal object",
    Reason.SYMLINK: f"{_ANEW}: it is a link. Upload it again, as a normal object",
}


def _of_object(seen: Situation) -> Next:  # noqa: PLR0911 - one for each case
    if seen.there is There.GONE:
        return Next("Nothing: the object is gone")
    if seen.there is There.UNSEEN:
        return Next("Not known, because the object cannot be read")
    if seen.there is There.UNREADABLE:
        return Next(_OBSTACLES[Reason.UNREADABLE])
    if seen.seal in (Seal.OURS, Seal.UNCHECKED):
        failed = ", and the job failed" if seen.verdict == Verdict.FAILED.value else ""
        return Next(f"Nothing: it has its result{failed}", (Do.AGAIN,))
    if seen.unchecked:
        return Next(f"Nothing: it is not checked, because {_UNCHECKED.get(seen.unchecked, seen.unchecked.value)}")
    if seen.obstacle:
        return Next(_OBSTACLES.get(seen.obstacle, f"{_ANEW}: {seen.obstacle.value}"))
    return _unanswered(seen)


def _unanswered(seen: Situation) -> Next:
    record = seen.record
    if record and record.reason in (Reason.REFUSED, Reason.UNWRITABLE):
        return Next("Nothing: it was given up. Remove the cause, then submit it", (Do.CHECK,))
    if record and record.applied:
        return Next("Nothing: its result was on the object, and somebody removed it", (Do.CHECK,))
    if record:
        return Next("Nothing: it ended without a result", (Do.CHECK,))
    if seen.seal is Seal.NOT_OURS:
        return Next("Nothing: its metadata fields have no seal of ours, and it was not checked since", (Do.CHECK,))
    if seen.age < GRACE:
        return Next("It was uploaded a moment ago: its event may still come", (Do.CHECK,))
    return Next("Nothing by itself: this upload was never checked", (Do.CHECK,))
