"""The daily limit: `WATERMARK_MAX_JOBS_PER_DAY` slots a day, each taken by creating an object that only one can create.

A slot is taken after the claim and before the job is asked for, so there are never more jobs than slots. Who dies in
between wastes one.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from shared.domain.result import stamp
from shared.domain.slot import Slot, day_of, folder, number_of
from shared.errors import CloudError, ConflictError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shared.cloud.cos import Listed
    from shared.cloud.store import Store


class Slots:
    """The slots of one deployment, as one run sees them. Every method raises only `CloudError`."""

    def __init__(self, store: Store, limit: int | None) -> None:
        self._store = store
        self.limit = limit
        self._full = ""

    def take(self, now: int, holder: str) -> Slot | None:
        """A slot of the day that it is at `now`, COS's time in seconds since 1970; `None` if there is none left.

        `holder` is written into it, for people. Where there is no limit, what is taken is nothing.
        """
        if self.limit is None:
            return Slot("", 0)
        day = day_of(now)
        if day is None or day == self._full:
            return None
        slot = self._next(day, holder) or self._given_back(day, holder)
        if slot is None:
            self._full = day
        return slot

    def give_back(self, slot: Slot) -> None:
        """Let somebody else have it: no job was made for it, and that is certain. If this fails, one is wasted."""
        if not slot.day:
            return
        try:
            self._store.delete(slot.name)
        except CloudError:
            return

    def are_left(self, now: int) -> bool:
        """Whether there is one to take."""
        if self.limit is None:
            return True
        day = day_of(now)
        if day is None or day == self._full:
            return False
        if self._highest(day) < self.limit or len(self._taken(day)) < self.limit:
            return True
        self._full = day
        return False

    def used(self, now: int) -> int | None:
        """How many are taken on the day of `now`; `None` where there is no limit."""
        return None if self.limit is None else self._highest(stamp(now)[:10])

    def _next(self, day: str, holder: str) -> Slot | None:
        assert self.limit is not None  # noqa: S101 - only asked where there is one
        following = (Slot(day, number) for number in range(self._highest(day) + 1, self.limit + 1))
        return next((slot for slot in following if self._create(slot, holder)), None)

    def _given_back(self, day: str, holder: str) -> Slot | None:
        assert self.limit is not None  # noqa: S101 - as above
        taken = self._taken(day)
        free = (Slot(day, number) for number in range(1, self.limit + 1) if number not in taken)
        # As many as are left and no more: where the limit was lowered, others are taken above it, and two that each
        # took another free number could be too many.
        left = islice(free, max(0, self.limit - len(taken)))
        return next((slot for slot in left if self._create(slot, holder)), None)

    def _create(self, slot: Slot, holder: str) -> bool:
        try:
            self._store.create(slot.name, holder.encode())
        except ConflictError:
            return False
        return True

    def _highest(self, day: str) -> int:
        first = list(self._store.first(folder(day), 1))
        # What lies there and is no slot, such as a console's folder, says nothing about what is behind it.
        return max(_numbers(first) or (self._taken(day) if first else ()), default=0)

    def _taken(self, day: str) -> set[int]:
        return _numbers(self._store.list(folder(day)))


def _numbers(listed: Iterable[Listed]) -> set[int]:
    return {number for one in listed if (number := number_of(one.key)) is not None}
