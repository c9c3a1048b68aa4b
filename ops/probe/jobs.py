"""Questions about the jobs of Cloud Infinite."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

from ops import waiting
from ops.probe import media
from ops.probe.media import MARK, NO_VIDEO, PLAIN
from ops.probe.patience import awaited
from ops.probe.questions import Paid, Question, judged
from ops.probe.seen import Calls, settled
from shared.cloud.ci import Jobs
from shared.documents import items, parse, text
from shared.domain.job import TAG, Job, JobState, read_jobs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.probe.media import Made
    from ops.probe.questions import Answer
    from ops.probe.stage import Stage
    from shared.documents import Tree

_HERE = "shared/domain/job.py"
#: Seconds within which a list shows a job: the first look of the sweep.
_LISTED = 300
#: The nodes of a job that the documentation has.
_KNOWN = frozenset((
    "Code", "Message", "JobId", "State", "CreationTime", "StartTime", "EndTime", "QueueId", "Tag", "Input", "Operation",
))  # fmt: skip
_MONEY = ("bill", "charge", "cost", "duration", "expire", "fee", "price", "usage")


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


def _money(stage: Stage) -> Answer:
    """What a bill shows tomorrow, no reply of today does; so the evidence says what to look for."""
    jobs = {which: stage.job(which) for which in (Paid.FOUND, Paid.NONE, Paid.FAILS, Paid.CANCELLED)}
    names = {name for made in jobs.values() for name in _names(made.node)}
    money = sorted(name for name in names if any(word in name.lower() for word in _MONEY))
    new = sorted(names & set().union(*(made.node for made in jobs.values())) - _KNOWN)
    ended = ", ".join(f"{made.job.job_id} {made.job.state.value}" for made in jobs.values())
    undocumented = f"nodes that are not documented: {', '.join(new) or 'none'}"
    told = f"{', '.join(money) or 'nothing about it'} in the replies ({undocumented})"
    advice = (
        f"The bill of {_day()} tells (billing centre, media processing): {media.SECONDS} s each, {ended}; "
        "the job whose callback was refused has level 1"
    )
    return judged(not money, f"{told}. {advice}")


def _kept(stage: Stage) -> Answer:
    """The oldest job that CI still shows, of the probe's bucket and the deployment's own."""
    first = stage.job(Paid.NONE).job
    shown = Job.read(media.node_of(stage, first.job_id))
    oldest = [job.created for bucket in _buckets(stage) for job in _oldest(stage, bucket) if job.created]
    days = (datetime.fromtimestamp(waiting.now(), timezone.utc) - min(oldest)).days if oldest else 0
    told = f"the oldest job that a list shows, of these buckets, is {days} days old"
    return judged(shown.state is first.state, f"{told}; no reply says how long one is kept")


def _oldest(stage: Stage, bucket: str) -> Iterator[Job]:
    reply = Calls(stage.account.transport, stage.account.region, bucket).ci(
        "GET", "jobs", params={"tag": TAG, "orderByTime": "Asc", "size": "1"}
    )
    # A bucket that is not bound, or not there, has no jobs.
    yield from read_jobs(parse(reply.body)) if reply.ok else ()


def _buckets(stage: Stage) -> list[str]:
    return [stage.calls.bucket, *stage.account.configuration.laptop.buckets]


def _names(node: Tree) -> Iterator[str]:
    for name, value in node.items() if isinstance(node, dict) else ():
        yield name
        for inner in items(value):
            yield from _names(inner)


def _day() -> str:
    return datetime.fromtimestamp(waiting.now(), timezone.utc).strftime("%Y-%m-%d")


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
        "How does a job end on what is no video?",
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
        "GET by id and the list show it unchanged",
        "shared/domain/ticket.py",
        _user_data,
        frozenset({Paid.NONE}),
    ),
    Question(
        "job-cancel",
        "Can a job be cancelled that waits in a paused queue?",
        "it ends as Cancel without having begun",
        "shared/cloud/ci.py",
        _cancel,
        frozenset({Paid.CANCELLED}),
    ),
    Question(
        "job-money",
        "Does a reply say what is billed: a failed or cancelled job, begun minutes, a level?",
        "no reply does",
        "ops/bill.py",
        _money,
        frozenset({Paid.MARK, Paid.FOUND, Paid.NONE, Paid.FAILS, Paid.CANCELLED}),
    ),
    Question(
        "job-kept",
        "How long does CI keep jobs?",
        "for as long as we look; no reply says how long",
        "shared/domain/next_step.py",
        _kept,
        frozenset({Paid.NONE}),
    ),
)
