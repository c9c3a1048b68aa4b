"""Questions about what CI keeps of a job, and says of its price."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

from ops import waiting
from ops.probe import media
from ops.probe.questions import Paid, Question, judged
from ops.probe.seen import Calls
from shared.documents import items, parse
from shared.domain.job import TAG, Job, read_jobs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.probe.questions import Answer
    from ops.probe.stage import Stage
    from shared.documents import Tree

#: The nodes of a job that the documentation has.
_KNOWN = frozenset((
    "Code", "Message", "JobId", "State", "CreationTime", "StartTime", "EndTime", "QueueId", "Tag", "Input", "Operation",
))  # fmt: skip
_MONEY = ("bill", "charge", "cost", "duration", "expire", "fee", "price", "usage")


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
        "job-money",
        "Does a reply say what is billed: failed or cancelled jobs, started minutes, a level?",
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
