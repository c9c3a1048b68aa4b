"""Gathers the facts: from the index, which is brought up to date first, and from three objects of the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.index.fresh import fresh_index
from ops.pausing import find_pause
from ops.status.facts import Answered, Facts, Jobs, Oldest
from ops.status.tick import State, read_tick
from ops.times import seconds_of
from shared.cloud.slots import Slots
from shared.domain.claim import Held
from shared.domain.result import stamp

if TYPE_CHECKING:
    from ops.access import Access
    from ops.index.index import Index
    from ops.status.tick import Tick

_WEEK = 7 * 86_400
_ANSWERED = """
SELECT sum(applied AND verdict = 'found'), sum(applied AND verdict = 'none'), sum(verdict = 'failed'),
    sum(NOT applied AND verdict IN ('found', 'none')), sum(verdict = 'skipped')
FROM results WHERE at >= ?
"""
_OLDEST = "SELECT bucket, key, since FROM in_flight WHERE {} ORDER BY since, name LIMIT 1"
#: What an operator wants to wait, by settings or by a pause, is not stuck.
_STUCK = f"held IS NULL OR held NOT IN ('{Held.LIMIT.value}', '{Held.PAUSED.value}', '{Held.YOUNG.value}')"
_HELD = "SELECT held, count(*) AS number FROM in_flight WHERE held <> ? GROUP BY held ORDER BY number DESC, held"
_REFUSAL = "SELECT refusal FROM in_flight WHERE held = ? ORDER BY written DESC LIMIT 1"
# A record says when its own job was taken; of one before that which was lost, the end is the best guess. What a claim's
# job cost is known before there is a record: it was written when the job was taken.
_JOBS = """
SELECT coalesce(sum(begun >= ?), 0) AS today, coalesce(sum(begun >= ?), 0) AS month FROM (
    SELECT min(begun) AS begun FROM (
        SELECT one.value AS job, CASE one.value WHEN job THEN coalesce(submitted, at) ELSE at END AS begun
        FROM records, json_each(records.jobs) AS one
        UNION ALL SELECT job, written FROM claims WHERE job IS NOT NULL)
    GROUP BY job)
"""


def gather(access: Access, *, quiet: bool) -> Facts:
    """How things stand. Raises CloudError, IndexFileError."""
    with fresh_index(access, quiet=quiet) as index:
        now = seconds_of(index.note("updated"))
        tick = read_tick(access.clients.store, now)
        return Facts(
            now=now,
            ever=_answered(index, ""),
            week=_answered(index, stamp(now - _WEEK)),
            in_flight=index.one("SELECT count(*) FROM in_flight"),
            oldest=_oldest(index, now),
            stuck=_oldest(index, now, _STUCK),
            held={row["held"]: row["number"] for row in index.rows(_HELD, Held.NEEDLESS.value)},
            waiting=index.one("SELECT count(*) FROM waiting"),
            jobs=_jobs(access, index, tick, now),
            tick=tick,
            pause=find_pause(access.clients),
            refusal=_refusal(index, tick),
        )


def _answered(index: Index, since: str) -> Answered:
    counts = next(index.rows(_ANSWERED, since))
    return Answered(*(count or 0 for count in counts))


def _oldest(index: Index, now: int, which: str = "1") -> Oldest | None:
    row = next(index.rows(_OLDEST.format(which)), None)
    return None if row is None else Oldest(row["bucket"], row["key"], max(0, now - seconds_of(row["since"])))


def _jobs(access: Access, index: Index, tick: Tick, now: int) -> Jobs:
    day, month = stamp(now)[:10], stamp(now)[:7]
    known = next(index.rows(_JOBS, day, month))
    # What is deployed counts; a file may say what is not deployed yet.
    limit = tick.status.limit if tick.status else access.settings.max_jobs_per_day
    slots = Slots(access.clients.store, limit).used(now)
    if slots is None:
        return Jobs(known["today"], known["month"])
    return Jobs(slots, max(slots, known["month"]), by_slots=True, limit=limit)


def _refusal(index: Index, tick: Tick) -> str:
    if tick.status and tick.state is State.WELL:
        # It knows of jobs that were accepted since a claim was refused.
        return tick.status.refusal or ""
    return index.one(_REFUSAL, Held.REFUSED.value) or ""
