"""Claims that have waited for long, looked at together: CI tells of ten jobs in one reply.

Nearly always they go on waiting. Nothing is written here: a claim for which there is anything to do, or about which
anything is strange, is left to be taken up by itself, and read again for that.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from shared.domain.next_step import next_step
from shared.domain.seen import Look
from shared.domain.steps import LookAt, Step, Wait
from shared.use_cases.look import Case
from shared.use_cases.reconcile import waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from shared.cloud.clients import Clients
    from shared.domain.job import Job
    from shared.domain.objects import ObjectRef
    from shared.domain.outcome import Outcome
    from shared.use_cases.pace import Claim

#: Jobs that CI tells of in one reply.
_TEN = 10
#: What CI said of the jobs of a bucket, by job id.
_Told: TypeAlias = "dict[ObjectRef, dict[str, Job | None]]"


def look_together(
    claims: Sequence[Claim], clients: Clients, time_left: Callable[[], float]
) -> Iterator[tuple[Claim, Outcome | None]]:
    """The claims for which there is time; `None` stands for one that must be taken up by itself."""
    cases: list[tuple[Claim, Case | None]] = []
    # What is read takes about as long again until it has been looked at.
    half = time_left() / 2
    for claim in claims:
        if cases and time_left() <= half:
            break
        cases.append((claim, _read(claim, clients)))
    told = _ask([case for _, case in cases if case], clients, time_left)
    for claim, case in cases:
        if case and _see_jobs(case, told):
            if _next(case) == LookAt(Look.OBJECT) and time_left() <= 0:
                return
            yield claim, _wait(case)
        else:
            yield claim, None


def _read(claim: Claim, clients: Clients) -> Case | None:
    try:
        attempts = [attempt for entry in claim if (attempt := clients.ledger.read(entry))]
        case = Case(claim, attempts, clients) if len(attempts) == len(claim) else None
        return case if case and _next(case) == LookAt(Look.JOBS) else None
    except Exception:  # noqa: BLE001 - taken up by itself, it says what is wrong, and keeps no other from its look
        return None


def _ask(cases: Sequence[Case], clients: Clients, time_left: Callable[[], float]) -> _Told:
    ids: dict[ObjectRef, list[str]] = defaultdict(list)
    for case in cases:
        ids[_bucket(case)] += [attempt.job for attempt in case.seen.attempts if attempt.job]
    told: _Told = defaultdict(dict)
    for bucket, all_ids in ids.items():
        for first in range(0, len(all_ids), _TEN):
            if told and time_left() <= 0:
                return told
            # If one of them makes CI refuse all, or brings out a bug, each is asked for by itself.
            with suppress(Exception):
                told[bucket] |= clients.jobs.get(bucket, all_ids[first : first + _TEN])
    return told


def _see_jobs(case: Case, told: _Told) -> bool:
    jobs = told[_bucket(case)]
    mine = [attempt.job for attempt in case.seen.attempts if attempt.job]
    try:
        case.see_jobs({job_id: jobs[job_id] for job_id in mine})
        _next(case)
    except Exception:  # noqa: BLE001 - as above; most often CI was not asked, or did not answer
        return False
    return True


def _wait(case: Case) -> Outcome | None:
    try:
        if _next(case) == LookAt(Look.OBJECT):
            case.look(Look.OBJECT)
    except Exception:  # noqa: BLE001 - as above
        return None
    step = _next(case)
    return waiting(step.reason, case) if isinstance(step, Wait) else None


def _next(case: Case) -> Step:
    return next_step(case.seen, case.rules)


def _bucket(case: Case) -> ObjectRef:
    return replace(case.seen.upload.target, key="")
