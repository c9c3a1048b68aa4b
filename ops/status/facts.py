"""All that the screen is made of."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - part of the dataclasses below
from dataclasses import dataclass, field

from ops.status.tick import Tick  # noqa: TC001 - as above
from shared.domain.pause import Pause  # noqa: TC001 - as above


@dataclass(frozen=True)
class Answered:
    """Uploads by what came of them; each is counted once."""

    found: int = 0
    none: int = 0
    failed: int = 0
    #: Found or none, and in the ledger alone.
    not_applied: int = 0
    skipped: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.found + self.none + self.failed + self.not_applied + self.skipped


@dataclass(frozen=True)
class Oldest:
    """The upload in flight that was taken up before all others, and how many seconds ago."""

    bucket: str
    key: str
    age: int


@dataclass(frozen=True)
class Jobs:
    """Jobs of this day and of this month, both in UTC."""

    today: int = 0
    month: int = 0
    #: Whether those of today are slots, which are exact; else they are those that records and claims name.
    by_slots: bool = False
    limit: int | None = None


@dataclass(frozen=True)
class Facts:
    """How things stand at `now`, COS's time in seconds since 1970. `held` is how many are held, by reason."""

    now: int
    ever: Answered
    week: Answered
    in_flight: int
    oldest: Oldest | None
    waiting: int
    jobs: Jobs
    tick: Tick
    pause: Pause | None = None
    #: The oldest of those that do not wait by an operator's own will.
    stuck: Oldest | None = None
    held: Mapping[str, int] = field(default_factory=dict)
    #: What Cloud Infinite said, while it refuses jobs.
    refusal: str = ""
