"""Questions about the jobs of Cloud Infinite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops import waiting
from ops.probe.media import MARK, NO_VIDEO, PLAIN
from ops.probe.patience import awaited
from ops.probe.questions import Paid, Question, judged
from ops.probe.seen import settled
from shared.cloud.ci import Jobs
from shared.documents import parse, text
from shared.domain.job import TAG, Job, JobState, read_jobs

if TYPE_CHECKING:
    from ops.probe.media import Made
    from ops.probe.questions import Answer
    from ops.probe.stage import Stage

_HERE = "shared/domain/job.py"
#: Seconds within which a list shows a job: the first look of the sweep.
_LISTED = 300


def _told(made: Made) -> str:
    job = made.job
    words = f"{job.state.value}, Code {job.code!r}, Message {job.message!r}, text {job.text!r}"
    return f"{words}, after {made.seconds:.0f} s"


def _found(stage: Stage) -> Answer:
    made = stage.job(Paid.FOUND)
    return judged(made.job.state is JobState.SUCCESS and made.job.text == MARK, _told(made))


def _none(stage: Stage) -> Answer:
    made = stage.job(Paid.NONE)
    return judged(made.job.state is JobState.SUCCESS and not made.job.text, _told(made))


def _fails(stage: Stage) -> Answer:
    made = stage.job(Paid.FAILS)
    return judged(made.job.state is JobState.FAILED and made.job.code, _told(made))


def _listed(stage: Stage) -> Answer:
    made, begun = stage.job(Paid.NONE), waiting.now()
    on = stage.calls.target(PLAIN)

    def look() -> list[Job] | None:
        listed = list(Jobs(stage.account.transport).on(on))
        return listed if made.job.job_id in [job.job_id for job in listed] else None

    listed = awaited(look, _LISTED)
    if listed is None:
        return judged(holds=False, evidence=f"the job was not listed within {_LISTED} s after its end")
    others = len(_raw_list(stage, NO_VIDEO, made.job.job_id))
    took = made.seconds + waiting.now() - begun
    told = (
        f"{len(listed)} jobs listed for the object, {took:.0f} s after it was asked for; {others} under another object"
    )
    return judged(others == 0 and took <= _LISTED, told)


def _raw_list(stage: Stage, key: str, job_id: str) -> list[Job]:
    """The job, if a list that is asked for another object has it."""
    params = {"tag": TAG, "inputObject": key, "size": "100"}
    reply = settled(stage.calls.ci("GET", "jobs", params=params), "listing jobs")
    return [job for job in read_jobs(parse(reply.body)) if job.job_id == job_id]


def _user_data(stage: Stage) -> Answer:
    made = stage.job(Paid.NONE)
    listed = [
        job for job in Jobs(stage.account.transport).on(stage.calls.target(PLAIN)) if job.job_id == made.job.job_id
    ]
    places = {"the reply to POST": made.first, "GET by id": made.job, "the list": listed[0] if listed else Job()}
    told = [
        f"{place}: {'the same' if job.ticket == made.user_data else repr(job.ticket)}" for place, job in places.items()
    ]
    shown = made.job.ticket == made.user_data and bool(listed) and listed[0].ticket == made.user_data
    return judged(shown, "; ".join(told))


def _cancel(stage: Stage) -> Answer:
    made = stage.job(Paid.CANCELLED)
    told = f"in a paused queue it was {made.first.state.value}, then {made.job.state.value}"
    return judged(made.job.state is JobState.CANCEL, f"{told}; began: {text(made.node, 'StartTime') or 'never'}")


QUESTIONS = (
    Question(
        "job-none",
        "How does CI say that a video has no watermark?",
        "Success, with an empty text",
        _HERE,
        _none,
        frozenset({Paid.NONE}),
    ),
    Question(
        "job-found",
        "How does CI give the text of a watermark?",
        "Success, and the text is in Operation.ExtractDigitalWatermark.Message",
        _HERE,
        _found,
        frozenset({Paid.MARK, Paid.FOUND}),
    ),
    Question(
        "job-fails",
        "How does a job end if the object is not a video?",
        "Failed, with a code",
        _HERE,
        _fails,
        frozenset({Paid.FAILS}),
    ),
    Question(
        "job-list",
        "Does a list by inputObject show the job within five minutes, and no other object's?",
        "it does",
        "shared/cloud/ci.py",
        _listed,
        frozenset({Paid.NONE}),
    ),
    Question(
        "job-user-data",
        "Is UserData in the lists too?",
        "GET by id and the list show the same UserData",
        "shared/domain/ticket.py",
        _user_data,
        frozenset({Paid.NONE}),
    ),
    Question(
        "job-cancel",
        "Can a job that waits in a paused queue be cancelled?",
        "yes; it ends as Cancel and has not begun",
        "shared/cloud/ci.py",
        _cancel,
        frozenset({Paid.CANCELLED}),
    ),
)
