"""The bars of the plot: days, or longer periods where there are too many days for a page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ops.report.summary import Day
    from shared.domain.result import Verdict

#: Bars that can be told apart on a phone.
_MOST_BARS = 62


class Step(Enum):
    """How much a bar stands for, and how many days of the calendar that is at least."""

    DAY = 1
    WEEK = 7
    MONTH = 28
    YEAR = 365


#: Days after which the next period has begun, and not the one after it.
_LONGEST = {Step.DAY: 1, Step.WEEK: 7, Step.MONTH: 31, Step.YEAR: 366}


@dataclass(frozen=True)
class Period:
    """One bar, by its first day."""

    begin: date
    verdicts: Mapping[Verdict, int]
    jobs: int

    @property
    def total(self) -> int:
        """How high the bar is."""
        return sum(self.verdicts.values())


def periods(days: Sequence[Day], since: str, last: str) -> tuple[Step, tuple[Period, ...]]:
    """All bars from the day of `since`, if there is one, to that of `last`, empty ones too.

    Where that would make bars longer, only those from the first result to the last.
    """
    dated = {date.fromisoformat(day.day): day for day in days}
    if not dated:
        return Step.DAY, ()
    oldest, newest = min(dated), max(dated)
    step = _fitting(oldest, newest)
    wanted = min(oldest, _day(since) or oldest), max(newest, _day(last) or newest)
    begin, end = wanted if _fitting(*wanted) is step is not Step.YEAR else (oldest, newest)
    verdicts: dict[date, Counter[Verdict]] = {}
    jobs: Counter[date] = Counter()
    for when, day in dated.items():
        start = _start(when, step)
        verdicts.setdefault(start, Counter()).update(day.verdicts)
        jobs[start] += day.jobs
    return step, tuple(Period(start, verdicts.get(start, {}), jobs[start]) for start in _starts(begin, end, step))


def _day(moment: str) -> date | None:
    return date.fromisoformat(moment[:10]) if moment else None


def _fitting(begin: date, end: date) -> Step:
    """The shortest step with bars that can be told apart."""
    days = (end - begin).days + 1
    return next((step for step in Step if days <= _MOST_BARS * step.value), Step.YEAR)


def _start(day: date, step: Step) -> date:
    """The first day of the period that a day is in; a week begins on Monday."""
    match step:
        case Step.DAY:
            return day
        case Step.WEEK:
            return day - timedelta(days=day.weekday())
        case Step.MONTH:
            return day.replace(day=1)
        case Step.YEAR:
            return day.replace(month=1, day=1)


def _starts(begin: date, end: date, step: Step) -> Iterator[date]:
    """The first days of all periods."""
    start = _start(begin, step)
    while start <= end:
        yield start
        if (date.max - start).days < _LONGEST[step]:
            return
        start = _start(start + timedelta(days=_LONGEST[step]), step)
