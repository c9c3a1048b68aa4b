"""What happens next with an object, and what an operator can do: the table of docs/operations.md, and more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ops.show.next import Do, what_next
from ops.show.situation import Claim, Recorded, Seal, Situation, There
from shared.domain.claim import Held
from shared.domain.job import JobState
from shared.domain.outcome import Reason
from shared.domain.result import Verdict

#: Says the same on every Python.
pytestmark = pytest.mark.once

#: 2026-01-01T08:00:00Z, and the midnight that follows.
NOW, TOMORROW = 1_767_254_400, 1_767_312_000
SEEN = Situation(now=NOW)
JOB = Claim(jobs=("j1",))


def held(why: Held, **more: object) -> Situation:
    return replace(SEEN, claims=[Claim(held=why, modified=NOW - 60)], **more)  # type: ignore[arg-type]


def of_job(state: JobState | None) -> Situation:
    return replace(SEEN, claims=[JOB], jobs={"j1": state})


def recorded(verdict: Verdict, reason: Reason | None = None, *, applied: bool = False) -> Situation:
    return replace(SEEN, record=Recorded(verdict, applied, reason))


CLAIMS = [
    (held(Held.LIMIT), "Held by the daily limit: it continues at {at}", (), TOMORROW),
    (held(Held.PAUSED, paused=True), "Held by the pause: it continues when the pause ends", (Do.RESUME,), 0),
    (held(Held.PAUSED, paused=None), "Held by the pause", (Do.RESUME,), 0),
    (held(Held.PAUSED), "The pause has ended: the timer takes it up within minutes", (), 0),
    (held(Held.YOUNG, min_age=600), "Held until it is as old as WATERMARK_MIN_AGE", (), NOW + 540),
    (held(Held.ANOTHER), "five minutes after the object's other claim has ended", (), 0),
    (held(Held.UNSETTLED), "find out what writes it again and again", (Do.LOGS,), TOMORROW),
    (held(Held.REFUSED), "Refused by Cloud Infinite: the next try is within the hour", (), 0),
    (held(Held.NEEDLESS), "the timer ends the claim", (), 0),
    (of_job(JobState.SUBMITTED), "waits in the queue of Cloud Infinite", (Do.CANCEL_JOB,), 0),
    (of_job(JobState.RUNNING), "The job runs", (), 0),
    (of_job(JobState.UNKNOWN), "The job runs", (), 0),
    (of_job(JobState.PAUSE), "its queue is", (), 0),
    (of_job(JobState.SUCCESS), "The job has ended", (), 0),
    (of_job(JobState.FAILED), "The job has ended", (), 0),
    (of_job(JobState.CANCEL), "The job has ended", (), 0),
    (of_job(None), "does not know the job any more", (), 0),
    (replace(SEEN, claims=[JOB]), "Its result is written when the job has ended", (), 0),
    (replace(SEEN, claims=[Claim()]), "It is not known yet whether it has a job", (), 0),
    (replace(SEEN, claims=[Claim(has_result=True)]), "is written within minutes", (), 0),
    (
        replace(SEEN, claims=[Claim(has_result=True, has_problem=True, held=Held.LIMIT)]),
        "Its result could not be written. The timer tries again within the hour",
        (Do.LOGS,),
        0,
    ),
    (replace(SEEN, claims=[replace(JOB, current=False)]), "goes only into the ledger", (), 0),
    (replace(SEEN, claims=[Claim(current=False, held=Held.LIMIT)]), "ends the claim within the hour, without", (), 0),
    # Of several the one that has a job; else the one for what is there now.
    (
        replace(SEEN, claims=[Claim(held=Held.ANOTHER), replace(JOB, current=False)]),
        "goes only into the ledger",
        (),
        0,
    ),
    (replace(SEEN, claims=[Claim(current=False, held=Held.LIMIT), Claim(held=Held.YOUNG)]), "MIN_AGE", (), 0),
    (replace(held(Held.LIMIT), timer_runs=False), "But the timer does not run", (Do.DOCTOR,), TOMORROW),
    (replace(held(Held.LIMIT), timer_runs=None), "Held by the daily limit", (), TOMORROW),
]
OTHERS = [
    (replace(SEEN, entries=1), "Waiting: the timer takes it up within minutes", (Do.CANCEL,)),
    (replace(SEEN, entries=1, paused=True), "when the pause has ended", (Do.RESUME, Do.CANCEL)),
    (replace(SEEN, entries=1, timer_runs=False), "But the timer does not run", (Do.DOCTOR, Do.CANCEL)),
    (replace(SEEN, ledger_seen=False, seal=Seal.OURS), "Not known without the ledger", ()),
    (replace(SEEN, there=There.GONE), "Nothing: the object is gone", ()),
    (replace(SEEN, there=There.UNSEEN), "Not known, because the object cannot be read", ()),
    (replace(SEEN, there=There.UNREADABLE), "As it is, it is never checked", ()),
    (replace(SEEN, seal=Seal.OURS, verdict="found"), "Nothing: it has its result", (Do.AGAIN,)),
    (replace(SEEN, seal=Seal.UNCHECKED, verdict="none"), "Nothing: it has its result", (Do.AGAIN,)),
    (replace(SEEN, seal=Seal.OURS, verdict="failed"), "and the job failed", (Do.AGAIN,)),
    # An answer counts, whatever settings and storage say by now.
    (replace(SEEN, seal=Seal.OURS, obstacle=Reason.ARCHIVED), "Nothing: it has its result", (Do.AGAIN,)),
    (replace(SEEN, seal=Seal.OURS, unchecked=Reason.EXCLUDED), "Nothing: it has its result", (Do.AGAIN,)),
    (replace(SEEN, unchecked=Reason.FOLDER), "that of a folder", ()),
    (replace(SEEN, unchecked=Reason.NOT_A_VIDEO), "WATERMARK_SUFFIXES", ()),
    (replace(SEEN, unchecked=Reason.EXCLUDED), "WATERMARK_INCLUDE", ()),
    (replace(SEEN, unchecked=Reason.EMPTY), "it is empty", ()),
    (replace(SEEN, unchecked=Reason.TOO_LARGE), "WATERMARK_MAX_SIZE", ()),
    (replace(SEEN, obstacle=Reason.ARCHIVED), "Restore it (COS console): it is checked then", ()),
    (replace(SEEN, obstacle=Reason.UNREADABLE), "SSE-C", ()),
    (replace(SEEN, obstacle=Reason.NO_CHECKSUM), "CRC-64", ()),
    (replace(SEEN, obstacle=Reason.UNNAMABLE), "under another key", ()),
    (replace(SEEN, obstacle=Reason.APPENDABLE), "appendable", ()),
    (replace(SEEN, obstacle=Reason.SYMLINK), "a link", ()),
    (recorded(Verdict.FAILED, Reason.REFUSED), "Remove the cause, then submit it", (Do.CHECK,)),
    (recorded(Verdict.FOUND, Reason.UNWRITABLE), "Remove the cause, then submit it", (Do.CHECK,)),
    (recorded(Verdict.SKIPPED, Reason.ARCHIVED), "ended without a result", (Do.CHECK,)),
    (recorded(Verdict.FOUND, applied=True), "somebody removed it", (Do.CHECK,)),
    (replace(SEEN, seal=Seal.NOT_OURS), "its metadata fields have no seal of ours", (Do.CHECK,)),
    (replace(SEEN, age=10), "its event may still come", (Do.CHECK,)),
    (SEEN, "this upload was never checked", (Do.CHECK,)),
]


@pytest.mark.parametrize(("seen", "text", "do", "at"), CLAIMS)
def test_of_a_claim(seen: Situation, text: str, do: tuple[Do, ...], at: int) -> None:
    step = what_next(seen)
    assert text in step.text
    assert step.do == do
    assert step.at == at or "{at}" not in step.text


@pytest.mark.parametrize(("seen", "text", "do"), OTHERS)
def test_of_an_object_without_one(seen: Situation, text: str, do: tuple[Do, ...]) -> None:
    step = what_next(seen)
    assert (text in step.text, step.do, step.at) == (True, do, 0), step


def test_every_reason_to_be_held_is_in_the_table() -> None:
    assert {seen.claims[0].held for seen, *_ in CLAIMS if seen.claims} >= {*Held}


def test_every_state_of_a_job_is_in_the_table() -> None:
    assert {state for seen, *_ in CLAIMS for state in seen.jobs.values()} >= {*JobState}
