"""Checks of how things stand, by what the functions wrote into the ledger."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from pydantic import ValidationError

from ops.doctor.finding import check, failed, passed, warned
from ops.pausing import find_pause
from ops.status.tick import LATE, read_status
from ops.times import span
from shared.domain import status
from shared.domain.claim import GRACE, Held

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.doctor.case import Case
    from ops.doctor.finding import Answer
    from shared.domain.status import Status

#: Seconds for which a new deployment needs to have had no tick.
_NEW = GRACE
_DAY = 86_400
_CHINA = timezone(timedelta(hours=8))
_REASONS = {
    Held.LIMIT.value: "wait for the daily limit",
    Held.PAUSED.value: "wait for the end of the pause",
    Held.YOUNG.value: "are younger than WATERMARK_MIN_AGE",
    Held.ANOTHER.value: "wait for another upload of the same object",
    Held.REFUSED.value: "are refused by Cloud Infinite",
    Held.UNSETTLED.value: "are of objects that are rewritten again and again",
}
#: What does not end by itself within the day, or is not meant to be.
_STANDING = (Held.LIMIT.value, Held.REFUSED.value, Held.UNSETTLED.value)
_LOG = "Look at the callback function's log (SCF console)"
_RUNBOOK = "docs/operations.md has a row for each reason"


@check("tick")
def tick(case: Case) -> Iterator[Answer]:
    """Whether the timer runs, by the age of what it writes."""
    try:
        seen = _status(case)
    except ValidationError:
        yield failed(f"`{status.NAME}` in the ledger is not what the timer writes", _LOG)
        return
    age = None if seen is None else round(case.now() - _time(seen.at))
    if seen is None or age is None or age > LATE:
        yield from _no_tick(case, age)
    elif not seen.complete:
        yield warned("the timer's last run had no time for all that was due", "Nothing, unless this stays so for hours")
    else:
        yield passed(f"the timer ended its last run {age} s ago")


def _no_tick(case: Case, age: int | None) -> Iterator[Answer]:
    if case.found.functions["callback"] is None:
        return  # which is `deployed`'s to say
    text = "the timer has never run to its end" if age is None else f"the timer ended its last run {span(age)} ago"
    if case.now() - _deployed_at(case) < _NEW:
        yield warned(f"{text}, but the deployment is new", "Run the doctor again in five minutes")
    else:
        yield failed(text, _LOG)


@check("in flight")
def in_flight(case: Case) -> Iterator[Answer]:
    """What is being worked on, how old the oldest of it is, and what waits for what."""
    try:
        seen = _status(case)
    except ValidationError:
        seen = None
    if seen is None:
        return  # which is `tick`'s to say
    for reason, count in seen.held.items():
        text = f"{count} of {seen.in_flight} claims {_REASONS.get(reason, f'are held: {reason}')}"
        yield warned(text, _RUNBOOK) if reason in _STANDING else passed(text)
    if seen.refusal:
        yield failed(f"Cloud Infinite refuses jobs: {seen.refusal}", "The function's log has the remedy in `message`")
    if seen.oldest > _DAY:
        yield warned(f"the oldest of {seen.in_flight} claims is {span(seen.oldest)} old", _RUNBOOK)
    else:
        oldest = f", the oldest {span(seen.oldest)} old" if seen.in_flight else ""
        waiting = f", {seen.waiting} waiting entries" if seen.waiting else ""
        yield passed(f"{seen.in_flight} claims in flight{oldest}{waiting}")


@check("pause")
def paused(case: Case) -> Iterator[Answer]:
    """Whether jobs are submitted at all."""
    found = find_pause(case.ledger)
    if found is None:
        yield passed("not paused")
        return
    who = f" by {found.by}" if found.by else ""
    why = f": {found.why}" if found.why else ""
    yield warned(
        f"paused{who}{f' at {found.at}' if found.at else ''}{why}",
        "When the reason is gone: `./cos-watermark resume`",
    )


def _status(case: Case) -> Status | None:
    """What the last tick wrote, if there was one. Raises CloudError, pydantic.ValidationError."""
    return read_status(case.ledger.store)


def _deployed_at(case: Case) -> float:
    """Seconds since 1970 of the last change of the callback function; SCF's times are taken to be Beijing's."""
    found = case.found.functions["callback"]
    if not found or not found.modified:
        return 0
    try:
        return datetime.strptime(found.modified, "%Y-%m-%d %H:%M:%S").replace(tzinfo=_CHINA).timestamp()
    except ValueError:
        return 0


def _time(stamp: str) -> float:
    try:
        return datetime.fromisoformat(stamp.replace("Z", "+00:00")).timestamp()
    except ValueError:
        return 0
