"""Looks at all there is about one object. What may not be seen is said in its place; the rest is seen all the same."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice
from typing import TYPE_CHECKING, Any

from ops import waiting
from ops.index.fresh import fresh_index
from ops.index.videos import fields_of
from ops.logs.place import find_place
from ops.logs.search import AHEAD, newest
from ops.logs.wanted import About, Wanted
from ops.pausing import find_pause
from ops.show.situation import Seal, There
from ops.status.tick import State, read_tick
from ops.times import seconds_of
from ops.verify.seal import Seals
from ops.verify.seal import State as Checked
from shared.errors import CloudError, RejectedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.access import Access
    from ops.index.index import Index
    from ops.logs.line import LogLine
    from shared.domain.head import Head
    from shared.domain.job import Job
    from shared.domain.objects import ObjectRef
    from shared.domain.pause import Pause

Row = dict[str, Any]
#: The most jobs that CI is asked for at once.
_JOBS = 10
#: How many lines of the log are shown, and of how many seconds.
_LINES, _LATELY = 10, 30 * 86_400
_ABOUT = "bucket = ? AND key = ?"
_SEALS = {Checked.OURS: Seal.OURS, Checked.NOT_OURS: Seal.NOT_OURS, Checked.NO_SEAL: Seal.NONE}


class Part(Enum):
    """What is looked at."""

    OBJECT = "object"
    LEDGER = "ledger"
    JOBS = "jobs"
    LOG = "log"


@dataclass
class Found:
    """What was found: rows as the index has them, `object` as one of `objects`; and why a part was not seen.

    `now` is COS's time, in seconds since 1970, if it is known. `jobs` are by id, `None` for one that CI does not know.
    `claim_jobs` are those that the claims name, by upload. `lines` of the log are known where `.env` names a topic.
    """

    target: ObjectRef
    now: int
    there: There = There.UNSEEN
    object: Row = field(default_factory=dict)
    seal: Seal = Seal.NONE
    records: list[Row] = field(default_factory=list)
    claims: list[Row] = field(default_factory=list)
    claim_jobs: dict[str, list[str]] = field(default_factory=dict)
    entries: list[Row] = field(default_factory=list)
    jobs: dict[str, Job | None] = field(default_factory=dict)
    lines: list[LogLine] = field(default_factory=list)
    pause: Pause | None = None
    timer_runs: bool | None = None
    unseen: dict[Part, str] = field(default_factory=dict)


def gather(access: Access, target: ObjectRef, *, quiet: bool) -> Found:
    """Everything. Raises IndexFileError."""
    found = Found(target, int(waiting.now()))
    with _place_of(Part.OBJECT, found):
        _look(access, found)
    with _place_of(Part.LEDGER, found):
        with fresh_index(access, quiet=quiet) as index:
            found.now = seconds_of(index.note("updated"))
            _read(index, found)
        found.pause = find_pause(access.clients)
        found.timer_runs = read_tick(access.clients.store, found.now).state in (State.WELL, State.UNREADABLE)
    with _place_of(Part.JOBS, found):
        found.jobs = _jobs(access, found)
    with _place_of(Part.LOG, found):
        found.lines = _lines(access, found)
    return found


@contextmanager
def _place_of(part: Part, found: Found) -> Iterator[None]:
    try:
        yield
    except CloudError as error:
        found.unseen[part] = str(error)


def _look(access: Access, found: Found) -> None:
    try:
        head = access.videos.head(found.target)
    except RejectedError:
        found.there = There.UNREADABLE
        return
    found.there = There.YES if head else There.GONE
    if head:
        found.now = head.seen
        found.object = fields_of(head, access)
        found.seal = _seal(access, head, found.object)


def _seal(access: Access, head: Head, row: Row) -> Seal:
    if access.secrets is None:
        return Seal.UNCHECKED if row["seal"] else Seal.NONE
    return _SEALS[Seals(access, access.secrets).judge(head).state]


def _read(index: Index, found: Found) -> None:
    about = (found.target.bucket, found.target.key)

    def rows(sql: str) -> list[Row]:
        return [dict(row) for row in index.rows(sql, *about)]

    found.records = rows(f"SELECT * FROM results WHERE {_ABOUT} ORDER BY modified DESC, at DESC, upload")  # noqa: S608 - our own text
    found.claims = rows(f"SELECT * FROM in_flight WHERE {_ABOUT} ORDER BY since, upload")  # noqa: S608 - as above
    found.entries = rows(f"SELECT * FROM waiting WHERE {_ABOUT} ORDER BY at, run")  # noqa: S608 - as above
    for row in rows(f"SELECT upload, job FROM claims WHERE {_ABOUT} AND job IS NOT NULL ORDER BY number"):  # noqa: S608 - as above
        found.claim_jobs.setdefault(row["upload"], []).append(row["job"])


def _jobs(access: Access, found: Found) -> dict[str, Job | None]:
    """Those that are in flight; else that of the newest result. Of a claim that knows none, whatever CI has."""
    named = [job for jobs in found.claim_jobs.values() for job in jobs]
    if not named and any(row["held"] is None and row["verdict"] is None for row in found.claims):
        return {job.job_id: job for job in islice(access.clients.jobs.on(found.target), _JOBS)}
    if not named and not found.claims:
        named = [row["job"] for row in found.records[:1] if row["job"]]
    return access.clients.jobs.get(found.target, list(dict.fromkeys(named))[-_JOBS:]) if named else {}


def _lines(access: Access, found: Found) -> list[LogLine]:
    """What the functions said of it, the newest last."""
    if access.configuration.laptop.topic is None:
        return []
    about = Wanted(about=About.object(found.target.bucket, found.target.key))
    now = int(waiting.now())
    return newest(find_place(access.configuration), about, now - _LATELY, now + AHEAD, _LINES)
