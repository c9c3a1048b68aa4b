"""What the jobs may have cost: nobody knows how long the videos were, so it is an estimate, and says how it is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops.bill import cost, largest_bill, usd

if TYPE_CHECKING:
    from decimal import Decimal

    from ops.status.facts import Jobs
    from shared.settings import Settings


@dataclass(frozen=True)
class Estimate:
    """US dollars, if each video has so many minutes; `largest` is the largest bill of a day in words."""

    price: Decimal
    minutes: int
    today: Decimal
    month: Decimal
    largest: str

    @classmethod
    def of(cls, jobs: Jobs, settings: Settings, price: Decimal, minutes: int) -> Estimate:
        """The estimate for these jobs; the limit is theirs, which is the one that is deployed."""
        limited = settings.model_copy(update={"max_jobs_per_day": jobs.limit})
        today, month = (cost(number, price, minutes) for number in (jobs.today, jobs.month))
        return cls(price, minutes, today, month, largest_bill(limited, price, minutes))

    @property
    def basis(self) -> str:
        """How it is made, in words."""
        minute = "minute" if self.minutes == 1 else "minutes"
        return f"an estimate: jobs x {self.minutes} {minute} (--minutes) x {usd(self.price)} (OPS_PRICE_PER_MINUTE)"
