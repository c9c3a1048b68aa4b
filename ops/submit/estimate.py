"""How many minutes all the videos have, from their sizes and the lengths of a few of them.

The few are a simple random sample: those whose ids, which are hashes, come first. So the same objects give the same
sample, and a stream of any length is sampled in a fixed space. Longer videos are larger, so what is estimated is the
seconds a byte (https://en.wikipedia.org/wiki/Ratio_estimator); the sizes of all are known.
"""

from __future__ import annotations

import heapq
import math
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.domain.objects import ObjectRef

#: How many videos are asked for their length at most: each time is paid for.
MOST = 50
#: Student's t for 95 of 100, by degrees of freedom; between two rows the wider one counts. Where few videos are large,
#: it holds less often than that.
_T = {
    1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262, 10: 2.228,
    12: 2.179, 15: 2.131, 20: 2.086, 25: 2.060, 30: 2.042, 40: 2.021, 49: 2.010,
}  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """A video that was chosen to be asked for its length."""

    target: ObjectRef
    size: int


@dataclass(frozen=True)
class Measured:
    """What was asked: the size in bytes, and the length in seconds, or `None` where there was no answer."""

    size: int
    seconds: float | None


@dataclass(frozen=True)
class Estimate:
    """The minutes of `count` videos, `measured` of which were asked with success and `failed` without.

    In about nine of ten cases the truth is from `low` to `high`, and in three of a hundred above: so it was in
    simulated buckets whose lengths and bit rates differ much. That those without an answer are like the others is
    assumed. These are minutes as the videos have them; how a bill rounds them is not known.
    """

    minutes: float
    low: float
    high: float
    count: int
    measured: int
    failed: int = 0

    @property
    def is_exact(self) -> bool:
        """Whether all were measured, so that nothing is estimated."""
        return self.measured == self.count


class Sampler:
    """Takes all videos, each once and in any order, and keeps a few; `count` and `size` are those of all so far."""

    def __init__(self, most: int = MOST) -> None:
        self.count = 0
        self.size = 0
        self._most = most
        # The smallest ids, as a heap whose first is the largest of them; the count keeps two of one id apart.
        self._kept: list[tuple[int, int, Sample]] = []

    def add(self, target: ObjectRef, size: int) -> None:
        """Take one more."""
        self.count += 1
        self.size += size
        entry = (-int(target.id, 16), self.count, Sample(target, size))
        if len(self._kept) < self._most:
            heapq.heappush(self._kept, entry)
        elif self._kept:
            heapq.heappushpop(self._kept, entry)

    @property
    def chosen(self) -> tuple[Sample, ...]:
        """Those to ask, in the same order for the same videos; all, if there are no more than that."""
        return tuple(sample for _, _, sample in sorted(self._kept, reverse=True, key=lambda entry: entry[0]))


def estimate(count: int, size: int, measured: Sequence[Measured]) -> Estimate | None:
    """The minutes of `count` videos of `size` bytes together, some of which were measured.

    `None` where that says too little: fewer than two lengths of what is not empty, unless all were measured.

    Raises:
        ValueError: more was measured than there is.
    """
    lengths = [(one.size, one.seconds) for one in measured if one.seconds is not None]
    known, bytes_known = len(lengths), sum(one for one, _ in lengths)
    if known > count or bytes_known > size:
        raise ValueError(f"{known} of {count} videos were measured, {bytes_known} of {size} bytes")
    seconds = math.fsum(one for _, one in lengths)
    failed = len(measured) - known
    if known == count:
        return Estimate(seconds / 60, seconds / 60, seconds / 60, count, known, failed)
    if sum(one > 0 for one, _ in lengths) <= 1:
        return None
    total = seconds * (size / bytes_known)
    spread = _students_t(known - 1) * size * math.sqrt(1 - known / count) * _error_of_ratio(lengths)
    # What was measured is sure.
    low = max(seconds, total - spread)
    return Estimate(total / 60, low / 60, (total + spread) / 60, count, known, failed)


def _error_of_ratio(lengths: Sequence[tuple[int, float]]) -> float:
    """The standard error of the seconds a byte, by the jackknife: how they change when one after another is left out.

    The usual formula says too little where few videos are large.
    """
    known, size = len(lengths), sum(one for one, _ in lengths)
    seconds = math.fsum(one for _, one in lengths)
    ratios = [(seconds - length) / (size - one) for one, length in lengths]
    mean = math.fsum(ratios) / known
    return math.sqrt((known - 1) / known * math.fsum((ratio - mean) ** 2 for ratio in ratios))


def _students_t(degrees: int) -> float:
    rows = list(_T)
    return _T[rows[bisect_right(rows, degrees) - 1]]
