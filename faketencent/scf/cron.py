"""The seven fields of a timer: https://cloud.tencent.com/document/product/583/9708.

Second, minute, hour, day, month, weekday, year; in Beijing time. Where day and weekday are given, either is enough.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from itertools import product
from typing import TYPE_CHECKING

from faketencent.scf.exceptions import InvalidValueError

if TYPE_CHECKING:
    from collections.abc import Iterable

_CHINA = timezone(timedelta(hours=8))
_MONTHS = {name.upper(): n for n, name in enumerate(calendar.month_abbr) if name}
_WEEKDAYS = {name: n for n, name in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"))}
_RANGES = (range(60), range(60), range(24), range(1, 32), range(1, 13), range(7), range(1970, 2100))
_NAMES: tuple[dict[str, int], ...] = ({}, {}, {}, {}, _MONTHS, _WEEKDAYS, {})
_PART = re.compile(r"(?P<first>\*|\w+)(-(?P<last>\w+))?(/(?P<step>\d+))?")
#: Days that are looked at before a timer counts as one that never fires again: two leap years apart.
_HORIZON = 366 * 8


@dataclass(frozen=True)
class Cron:
    """When a timer fires."""

    text: str
    fields: tuple[frozenset[int], ...]

    @classmethod
    def parse(cls, text: str) -> Cron:
        """Understand the text.

        Raises:
            InvalidValueError: not seven fields, or not what they can hold.
        """
        parts = text.split(" ")
        if len(parts) != len(_RANGES):
            raise InvalidValueError("TriggerDesc", f"not the seven fields of a timer: {text!r}")
        read = [_field(*given) for given in zip(parts, _RANGES, _NAMES, strict=True)]
        return cls(text, tuple(read))

    def next_after(self, moment: float) -> float | None:
        """The next time it fires, in seconds since 1970; `None` if that is not within eight years."""
        begin = datetime.fromtimestamp(moment, _CHINA)
        for offset in range(_HORIZON):
            day = begin.date() + timedelta(days=offset)
            earliest = (begin.hour, begin.minute, begin.second + 1) if offset == 0 else (0, 0, 0)
            time = self._first_time(earliest) if self._on(day) else None
            if time:
                return datetime(day.year, day.month, day.day, *time, tzinfo=_CHINA).timestamp()
        return None

    def _on(self, day: date) -> bool:
        _, _, _, days, months, weekdays, years = self.fields
        of_month, of_week = day.day in days, day.isoweekday() % 7 in weekdays
        both_given = len(days) < 31 and len(weekdays) < 7
        fits = of_month or of_week if both_given else of_month and of_week
        return fits and day.month in months and day.year in years

    def _first_time(self, earliest: tuple[int, int, int]) -> tuple[int, int, int] | None:
        seconds, minutes, hours = (sorted(field) for field in self.fields[:3])
        hours = [hour for hour in hours if hour >= earliest[0]]
        minutes_of_hour = ((h, m) for h, m in product(hours, minutes) if (h, m) >= earliest[:2])
        times = ((h, m, s) for h, m in minutes_of_hour for s in seconds)
        return next((time for time in times if time >= earliest), None)


def every(period: float) -> str:
    """The text for a timer that fires every so many seconds, as far as the fields can say it."""
    if period >= 60:
        return f"0 */{round(period / 60)} * * * * *" if period > 60 else "0 * * * * * *"
    return f"*/{max(1, round(period))} * * * * * *"


def _field(text: str, allowed: range, names: dict[str, int]) -> frozenset[int]:
    return frozenset(n for part in text.split(",") for n in _part(part, allowed, names))


def _part(text: str, allowed: range, names: dict[str, int]) -> Iterable[int]:
    found = _PART.fullmatch(text)
    if not found or (found["first"] == "*" and found["last"]):
        raise InvalidValueError("TriggerDesc", f"not a field of a timer: {text!r}")
    step = int(found["step"] or 1)
    if found["first"] == "*":
        first, last = allowed[0], allowed[-1]
    else:
        first = _number(found["first"], names)
        last = _number(found["last"], names) if found["last"] else first if not found["step"] else allowed[-1]
    if step < 1 or first not in allowed or last not in allowed or last < first:
        raise InvalidValueError("TriggerDesc", f"not a field of a timer: {text!r}")
    return range(first, last + 1, step)


def _number(text: str, names: dict[str, int]) -> int:
    if text.isdecimal():
        return int(text)
    if text.upper() not in names:
        raise InvalidValueError("TriggerDesc", f"not a field of a timer: {text!r}")
    return names[text.upper()]
