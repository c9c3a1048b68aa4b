"""What the report shows of a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.domain.result import Verdict


@dataclass(frozen=True)
class Choice:
    """Which results: those that ended from `since` on and before `until`, as in the records; empty means all."""

    since: str = ""
    until: str = ""
    prefix: str = ""

    @property
    def values(self) -> tuple[str, str, str, str]:
        """For the queries. Without an end it is the last of all characters, which everything comes before."""
        return self.since, self.until or "\U0010ffff", self.prefix, self.prefix


@dataclass(frozen=True)
class Count:
    """Uploads of one verdict: all, those whose result is on the object, those answered without a job of their own."""

    all: int = 0
    applied: int = 0
    known: int = 0


@dataclass(frozen=True)
class Day:
    """What ended, and which jobs, on a day (UTC, `YYYY-MM-DD`)."""

    day: str
    verdicts: Mapping[Verdict, int]
    jobs: int


@dataclass(frozen=True)
class Group:
    """Uploads with the same code or reason; `key` and `message` are of the newest."""

    name: str
    count: int
    key: str
    message: str


@dataclass(frozen=True)
class Groups:
    """The largest groups, and how many uploads are in those that are not named."""

    named: tuple[Group, ...] = ()
    others: int = 0


@dataclass(frozen=True)
class Slow:
    """One that took long."""

    bucket: str
    key: str
    begun: str
    seconds: int


@dataclass(frozen=True)
class Times:
    """How long it took: how many were measured, what half and 95 of 100 stayed below, and the slowest."""

    count: int = 0
    median: int = 0
    most: int = 0
    slowest: tuple[Slow, ...] = ()


@dataclass(frozen=True)
class Row:
    """One line of the table. `seconds` is from upload to result, `why` a code or reason, `detail` its message."""

    at: str
    bucket: str
    key: str
    verdict: Verdict
    applied: bool
    text: str
    why: str
    detail: str
    size: int
    seconds: int | None


@dataclass(frozen=True)
class Summary:
    """Everything that the page shows."""

    counts: Mapping[Verdict, Count]
    days: tuple[Day, ...]
    #: Different jobs of all uploads, lost ones too.
    jobs: int
    failures: Groups
    reasons: Groups
    since_upload: Times
    since_job: Times
    buckets: tuple[str, ...]
    rows: tuple[Row, ...] = field(repr=False)
    #: Now, whatever the time of the report.
    in_flight: int
    waiting: int
    #: When the index was brought up to date.
    updated: str

    @property
    def total(self) -> int:
        """All uploads."""
        return sum(count.all for count in self.counts.values())

    @property
    def known(self) -> int:
        """Uploads whose bytes the ledger had an answer for."""
        return sum(count.known for count in self.counts.values())
