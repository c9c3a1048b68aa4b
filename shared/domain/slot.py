"""The slot: the right to submit one of the jobs that a day may have.

`slots/<day>/<99999999 - n>` is the n-th of that day (UTC), so that the first name in a listing is the highest number.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from shared.domain.claim import GRACE
from shared.domain.result import stamp

_HIGHEST = 99_999_999
#: There are fewer than ten million a day (`JobsPerDay`), so each begins with a nine.
_NAME = re.compile(r"slots/[0-9]{4}-[0-9]{2}-[0-9]{2}/(?P<rest>9[0-9]{7})", re.ASCII)
DAY = 86_400


class Slot(NamedTuple):
    """The n-th job of a day; `day` is a date in UTC, such as `2026-01-01`."""

    day: str
    number: int

    @property
    def name(self) -> str:
        """Where it lies in the ledger."""
        return f"{folder(self.day)}{_HIGHEST - self.number:08d}"


def folder(day: str) -> str:
    """Where the slots of a day lie."""
    return f"slots/{day}/"


def number_of(name: str) -> int | None:
    """The number that a slot's name says; `None` for something else."""
    found = _NAME.fullmatch(name)
    return (_HIGHEST - int(found["rest"]) or None) if found else None


def day_of(now: int) -> str | None:
    """The day that a job belongs to if it is submitted by the run that asks, which began at most `GRACE` seconds ago.

    `None` in the last minutes of a day: nobody could tell to which of two days it would belong. `now` is COS's time.
    """
    return stamp(now)[:10] if now % DAY < DAY - GRACE else None
