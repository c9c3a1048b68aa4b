"""What becomes of a job, case by case: the rows of the table in docs/reference.md, and what each comes from and to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from shared.domain.claim import Attempt, Held
from shared.domain.job import Job
from shared.domain.metadata import Sealed
from shared.domain.next_step import Rules
from shared.domain.objects import Content
from shared.domain.outcome import Reason
from shared.domain.pause import Pause
from shared.domain.result import Result, Verdict
from shared.domain.seen import Look, ObjectSeen, Seen
from shared.domain.steps import Cancel, Conclude, GiveUp, Hold, Leave, LookAt, Step, TryAgain, Wait, Write
from tests.shared.samples import AT, LATER_RUN_ID, MODIFIED, RUN_ID, UPLOAD

if TYPE_CHECKING:
    from shared.documents import Tree

DAY = 86_400
NOW = MODIFIED + 7200
RULES = Rules(give_up_after=30 * DAY, none_codes=frozenset({"NoWatermark"}))

ALL = frozenset(Look)
FIRST = Attempt(UPLOAD, 1, since=MODIFIED + 1)
WITH_JOB = replace(FIRST, job="j1")
REFUSED = replace(FIRST, held=Held.REFUSED, refused_since=MODIFIED + 1, refusal="400 InvalidArgument")
LOOKED_FOR = replace(FIRST, held=Held.NEEDLESS)
FOUND = Result(Verdict.FOUND, AT, "j1", "team-42")
KEPT = replace(WITH_JOB, result=FOUND, unwritten_since=NOW - 60, problem="no room")

THERE = ObjectSeen(UPLOAD)
RUN = "20260101T080000Z-4f2a"
SEALED = Sealed(replace(FOUND, job="j9"), "s1.0")
ANSWERED = ObjectSeen(UPLOAD, SEALED)
#: The same bytes, written again with the result: a later upload that is answered.
ANSWERED_LATER = ObjectSeen(replace(UPLOAD, modified=MODIFIED + 60), SEALED)
OTHER_UPLOAD = replace(UPLOAD, content=Content("1", 7), modified=MODIFIED + 60)
OTHER = ObjectSeen(OTHER_UPLOAD)
#: The same bytes uploaded once more, with no result.
SAME_AGAIN = replace(UPLOAD, modified=MODIFIED + 60)
AGAIN = ObjectSeen(SAME_AGAIN)
UNREADABLE = ObjectSeen(obstacle=Reason.UNREADABLE)
ARCHIVED = ObjectSeen(UPLOAD, obstacle=Reason.ARCHIVED)
#: The settings leave it out, since they were changed.
LEFT_OUT = ObjectSeen(UPLOAD, obstacle=Reason.EXCLUDED)
#: A claim on another upload of the object.
ELSEWHERE = Attempt(OTHER_UPLOAD, 1, since=MODIFIED + 60)
#: The answer that another upload's job found for the same bytes.
KNOWN = replace(FOUND, job="j9")
#: A claim of a run that asked to have the same upload checked again, and that of a run later on.
RECHECK = replace(LOOKED_FOR, upload=replace(UPLOAD, run=RUN_ID), replaces="0123456789abcdef", asked_by=RUN_ID)
LATER = replace(RECHECK, upload=replace(UPLOAD, run=LATER_RUN_ID), since=RECHECK.since + 60, asked_by=LATER_RUN_ID)


def job(state: str, job_id: str = "j1", **more: str) -> Job:
    operation: Tree = {"ExtractDigitalWatermark": {"Message": "team-42" if state == "Success" else ""}}
    end = {"EndTime": "2026-01-01T08:00:54+0800"}
    return Job.read({"JobId": job_id, "State": state, "Operation": operation, **end, **more})


def seen(
    attempt: Attempt = WITH_JOB,
    object_seen: ObjectSeen | None = THERE,
    *jobs: Job,
    looked: frozenset[Look] = ALL,
    others: tuple[Attempt, ...] = (),
    now: int = NOW,
    slot_left: bool = True,
) -> Seen:
    return Seen((attempt,), now, looked, {one.job_id: one for one in jobs}, object_seen, others, slot_left)


def forgotten(times: int) -> Seen:
    attempts = [replace(FIRST, number=number, job=f"j{number}") for number in range(1, times + 1)]
    return Seen(attempts, NOW, ALL, {attempt.job: None for attempt in attempts}, THERE)


def chained(chain: int, now: int = NOW) -> Seen:
    return seen(replace(LOOKED_FOR, chain=chain), now=now)


RUNNING, WAITING, PAUSED, UNKNOWN = job("Running"), job("Submitted"), job("Pause"), job("Waiting for Godot")
SUCCESS, FAILED, CANCELLED = job("Success"), job("Failed", Code="InvalidVideo", Message="no video"), job("Cancel")
NO_MARK = job("Failed", Code="NoWatermark")
NEXT = replace(FIRST, number=2)
GIVEN_UP = Result(Verdict.FAILED, "2026-02-01T00:00:00Z", code="Refused", message="400 InvalidArgument")
FORGOTTEN = Result(
    Verdict.FAILED, "2026-01-01T02:00:00Z", code="Forgotten", message="CI accepted 2 jobs and then knew neither"
)


@dataclass(frozen=True)
class Row:
    """A row of the table, in its words, and cases of it: what is seen, and the step that must follow."""

    situation: str
    done: str
    cases: tuple[tuple[Seen, Step], ...]
    rules: Rules = RULES


ROWS = (
    Row(
        "Nobody knows whether there is a job: a reply was lost, or a function died",
        "first of all, CI is asked for a job with our ticket; if there is one, it is waited for",
        ((seen(FIRST, looked=frozenset()), LookAt(Look.TICKETS)),),
    ),
    Row(
        "The job waits in its queue, is paused with it, or runs",
        "it is waited for, without a time limit; its callback may come, or the timer asks for it each hour",
        (
            (seen(WITH_JOB, None, RUNNING, looked=frozenset({Look.JOBS})), Wait(Reason.UNFINISHED)),
            (seen(WITH_JOB, None, PAUSED, looked=frozenset({Look.JOBS})), Wait(Reason.UNFINISHED)),
            (seen(WITH_JOB, THERE, WAITING), Wait(Reason.UNFINISHED)),
            (seen(WITH_JOB, THERE, WAITING, now=NOW + 400 * DAY), Wait(Reason.UNFINISHED)),
        ),
    ),
    Row(
        "The job is in an unknown state",
        "it counts as alive, and is waited for",
        ((seen(WITH_JOB, None, UNKNOWN, looked=frozenset({Look.JOBS})), Wait(Reason.UNFINISHED)),),
    ),
    Row(
        "The job ended: with a text, without one, or as a failure",
        "`found`, `none`, or `failed` with CI's code and message is written onto the object and recorded",
        (
            (seen(WITH_JOB, THERE, SUCCESS), Write(FOUND, SUCCESS)),
            (
                seen(WITH_JOB, THERE, FAILED),
                Write(Result(Verdict.FAILED, AT, "j1", code="InvalidVideo", message="no video"), FAILED),
            ),
        ),
    ),
    Row(
        "The job failed with one of `WATERMARK_NONE_CODES`",
        "`none` is written and recorded",
        ((seen(WITH_JOB, THERE, NO_MARK), Write(Result(Verdict.NONE, AT, "j1"), NO_MARK)),),
    ),
    Row(
        "Somebody cancelled the job",
        "`failed` is written and recorded, with code `JobCancelled`",
        ((seen(WITH_JOB, THERE, CANCELLED), Write(Result(Verdict.FAILED, AT, "j1", code="JobCancelled"), CANCELLED)),),
    ),
    Row(
        "The object already has a sealed result for its bytes",
        "that result is recorded and kept; a job that still runs is waited for first",
        (
            (seen(LOOKED_FOR, ANSWERED), Conclude(SEALED, None)),
            (seen(WITH_JOB, ANSWERED, SUCCESS), Conclude(SEALED, SUCCESS)),
            (seen(WITH_JOB, ANSWERED_LATER, SUCCESS), Conclude(SEALED, SUCCESS)),
            (seen(WITH_JOB, ANSWERED, RUNNING), Wait(Reason.UNFINISHED)),
        ),
    ),
    Row(
        "The ledger has an answer for these very bytes",
        "it is written onto the object and recorded, without a job",
        ((seen(replace(FIRST, result=KNOWN)), Write(KNOWN)),),
    ),
    Row(
        "A re-check was asked for, and the object has the seal that is to be replaced",
        "that seal is no answer: a job is asked for, and its result replaces the old one",
        (
            (seen(RECHECK), TryAgain(replace(RECHECK, number=2, held=None))),
            (seen(replace(RECHECK, held=None, job="j1"), THERE, SUCCESS), Write(FOUND, SUCCESS)),
        ),
    ),
    Row(
        "A re-check was asked for, and the object has any other seal for its bytes",
        "that result is recorded and kept",
        ((seen(RECHECK, ANSWERED), Conclude(SEALED, None)),),
    ),
    Row(
        "The object was deleted or replaced while its job waits in the queue",
        "the job is cancelled, so that it costs nothing",
        (
            (seen(WITH_JOB, None, WAITING), Cancel(WAITING)),
            (seen(WITH_JOB, OTHER, WAITING), Cancel(WAITING)),
            (seen(WITH_JOB, AGAIN, WAITING), Cancel(WAITING)),
        ),
    ),
    Row(
        "That job is cancelled",
        "`cancelled` is recorded; the object that is there now is checked separately",
        (
            (seen(WITH_JOB, None, CANCELLED), Leave(Reason.CANCELLED, 0, CANCELLED)),
            (seen(WITH_JOB, OTHER, CANCELLED), Leave(Reason.CANCELLED, 0, CANCELLED)),
        ),
    ),
    Row(
        "The object was deleted or replaced while its job runs",
        "the end of the job is waited for: it is paid for",
        (
            (seen(WITH_JOB, None, RUNNING), Wait(Reason.UNFINISHED)),
            (seen(WITH_JOB, OTHER, RUNNING), Wait(Reason.UNFINISHED)),
        ),
    ),
    Row(
        "Such a job ended",
        "its text is kept in the record only, as `unattributed`; the object that is there now is checked separately",
        (
            (seen(WITH_JOB, None, SUCCESS), Leave(Reason.GONE, 1, SUCCESS)),
            (seen(WITH_JOB, OTHER, SUCCESS), Leave(Reason.REPLACED, 1, SUCCESS)),
            (seen(WITH_JOB, AGAIN, SUCCESS), Leave(Reason.REPLACED, 1, SUCCESS)),
        ),
    ),
    Row(
        "The object was deleted or replaced, and there is no job",
        "`gone` or `replaced` is recorded; the object that is there now is checked separately",
        (
            (seen(LOOKED_FOR, None), Leave(Reason.GONE, 0, None)),
            (seen(LOOKED_FOR, OTHER), Leave(Reason.REPLACED, 0, None)),
        ),
    ),
    Row(
        "The result could not be written: no room, archived meanwhile, locked by retention",
        "it stays in the claim and is tried again; after `WATERMARK_GIVE_UP_AFTER` it is recorded as `unwritable`",
        (
            (Seen((KEPT,), NOW, ALL, {"j1": None}, THERE), Write(FOUND)),
            (seen(KEPT, ARCHIVED, SUCCESS), Write(FOUND, SUCCESS)),
        ),
    ),
    Row(
        "There is no job, because of a throttle, an outage or a lost request",
        "another job is asked for at the next look, without a limit of tries",
        (
            (seen(FIRST), TryAgain(NEXT)),
            (seen(FIRST, now=NOW + 400 * DAY), TryAgain(NEXT)),
        ),
    ),
    Row(
        "CI refuses the job",
        "an `ERROR` line says what to do; it is tried again, with at most three videos a minute until one is accepted",
        ((seen(REFUSED), TryAgain(replace(NEXT, refused_since=REFUSED.refused_since))),),
    ),
    Row(
        "CI has refused it for longer than `WATERMARK_GIVE_UP_AFTER`",
        "`failed` is recorded in the ledger, and never written onto the object",
        ((seen(REFUSED, now=MODIFIED + 31 * DAY), GiveUp(Reason.REFUSED, GIVEN_UP)),),
    ),
    Row(
        "CI accepted a job and does not know it any more",
        "another job is asked for",
        ((forgotten(1), TryAgain(NEXT)),),
    ),
    Row(
        "CI accepted two jobs and knows neither",
        "`failed` is written and recorded, with code `Forgotten`",
        ((forgotten(2), Write(FORGOTTEN)),),
    ),
    Row(
        "There is no job, and the object cannot be checked any more (archived, for example)",
        "it is recorded as `skipped`, with that reason",
        ((seen(LOOKED_FOR, ARCHIVED), GiveUp(Reason.ARCHIVED)),),
    ),
    Row(
        "There is no job, and the settings now leave the object out",
        "it is recorded as `skipped`, with that reason; an existing job goes on",
        (
            (seen(LOOKED_FOR, LEFT_OUT), GiveUp(Reason.EXCLUDED)),
            (seen(WITH_JOB, LEFT_OUT, RUNNING), Wait(Reason.UNFINISHED)),
            (seen(WITH_JOB, LEFT_OUT, SUCCESS), Write(FOUND, SUCCESS)),
        ),
    ),
    Row(
        "There is no job, and somebody has paused the deployment",
        "it is held as `paused` until the pause ends, and then the oldest goes first; an existing job goes on",
        (
            (seen(LOOKED_FOR), Hold(Held.PAUSED)),
            (seen(REFUSED, now=MODIFIED + 31 * DAY), Hold(Held.PAUSED)),
            (seen(WITH_JOB, THERE, SUCCESS), Write(FOUND, SUCCESS)),
        ),
        replace(RULES, pause=Pause()),
    ),
    Row(
        "There is no job, and the upload is younger than `WATERMARK_MIN_AGE`",
        "it is held as `young` until it is old enough",
        (
            (seen(LOOKED_FOR, now=MODIFIED + 59), Hold(Held.YOUNG)),
            (seen(LOOKED_FOR, now=MODIFIED + 60), TryAgain(NEXT)),
        ),
        replace(RULES, min_age=60),
    ),
    Row(
        "There is no job, and the day has had `WATERMARK_MAX_JOBS_PER_DAY` jobs",
        "it is held as `limit`, and goes on from the next day (UTC), the oldest first",
        (
            (seen(LOOKED_FOR, slot_left=False), Hold(Held.LIMIT)),
            (seen(WITH_JOB, THERE, SUCCESS, slot_left=False), Write(FOUND, SUCCESS)),
        ),
    ),
    Row(
        "There is no job, and another upload of the object has one or is about to have one",
        "it is held as `another`: one job for an object at a time",
        (
            (seen(FIRST, others=(ELSEWHERE,)), Hold(Held.ANOTHER)),
            (seen(FIRST, others=(replace(ELSEWHERE, job="j5"),)), Hold(Held.ANOTHER)),
            (seen(FIRST, others=(replace(ELSEWHERE, held=Held.ANOTHER),)), TryAgain(NEXT)),
            # It has none, but will hand on how many came to nothing before it.
            (seen(FIRST, others=(replace(ELSEWHERE, held=Held.ANOTHER, chain=1),)), Hold(Held.ANOTHER)),
            # It is about to write what is known of the same bytes.
            (
                seen(replace(FIRST, upload=replace(UPLOAD, run=RUN)), others=(replace(FIRST, result=FOUND),)),
                Hold(Held.ANOTHER),
            ),
            # Also where nothing else puts it first: it was asked for later.
            (seen(FIRST, others=(replace(LATER, held=None, result=FOUND),)), Hold(Held.ANOTHER)),
            (seen(FIRST, others=(replace(ELSEWHERE, result=FOUND),)), TryAgain(NEXT)),
        ),
    ),
    Row(
        "There is no job, and another run asked for the same upload before",
        "it is held as `another`: the earlier claim goes first, even if it waits itself",
        (
            (seen(LATER, others=(RECHECK,)), Hold(Held.ANOTHER)),
            (seen(LATER, others=(LOOKED_FOR,)), Hold(Held.ANOTHER)),
            (seen(RECHECK, others=(LATER,)), TryAgain(replace(RECHECK, number=2, held=None))),
        ),
    ),
    Row(
        "Three jobs of the object in a row ended too late, because it was replaced each time",
        "it is held as `unsettled` at level `ERROR`, and tried once more on the next day (UTC)",
        (
            (chained(2), TryAgain(replace(NEXT, chain=2))),
            (chained(3), Hold(Held.UNSETTLED)),
            (chained(3, MODIFIED + DAY - 1), Hold(Held.UNSETTLED)),
            (chained(3, MODIFIED + DAY), TryAgain(NEXT)),
        ),
    ),
)
