"""What was found, as far as it matters for what happens next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.show.gather import Found, Part, Row
from ops.show.situation import Claim, Recorded, Situation, There
from ops.times import seconds_of
from shared.domain.choice import why_unchecked
from shared.domain.claim import Held
from shared.domain.outcome import Reason
from shared.domain.result import Verdict

if TYPE_CHECKING:
    from shared.settings import Settings


def situation(found: Found, settings: Settings) -> Situation:
    """The same without what does not matter."""
    row, seen = found.object, found.there is There.YES
    ledger = Part.LEDGER not in found.unseen
    return Situation(
        now=found.now,
        there=found.there,
        age=found.now - seconds_of(row["modified"]) if seen else 0,
        unchecked=why_unchecked(found.target.key, row["size"] if seen else None, settings),
        obstacle=Reason(row["obstacle"]) if seen and row["obstacle"] else None,
        seal=found.seal,
        verdict=str(row.get("verdict") or ""),
        claims=[_claim(claim, found) for claim in found.claims],
        entries=len(found.entries),
        record=_recorded(found) if seen else None,
        jobs={job_id: job.state if job else None for job_id, job in found.jobs.items()},
        paused=found.pause is not None if ledger else None,
        timer_runs=found.timer_runs,
        min_age=settings.min_age,
        ledger_seen=ledger,
    )


def _claim(row: Row, found: Found) -> Claim:
    return Claim(
        current=_is_there(row, found),
        modified=seconds_of(row["modified"]),
        held=Held(row["held"]) if row["held"] else None,
        jobs=tuple(found.claim_jobs.get(row["upload"], ())),
        has_result=row["verdict"] is not None,
        has_problem=row["problem"] is not None,
    )


def _is_there(row: Row, found: Found) -> bool | None:
    """Whether the object still is that upload, no matter who asked for it."""
    if found.there is There.YES:
        return all(row[name] == found.object[name] for name in ("crc64", "size", "modified"))
    return False if found.there is There.GONE else None


def _recorded(found: Found) -> Recorded | None:
    """The newest record of what is there now."""
    row = next((row for row in found.records if _is_there({**row, "crc64": row["crc64"] or ""}, found)), None)
    if row is None:
        return None
    return Recorded(Verdict(row["verdict"]), bool(row["applied"]), Reason(row["reason"]) if row["reason"] else None)
