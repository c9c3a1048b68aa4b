"""The largest possible bill of a day, in words: the daily limit, and the price of a job in Tencent's list."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from shared.settings import variable

if TYPE_CHECKING:
    from shared.settings import Settings

#: US dollars for a minute of video, "watermark extracting", in an edition of about 2022-23 of the international list:
#: https://www.tencentcloud.com/document/product/1045/49489.
PRICE = Decimal("0.85")
#: The minutes of a video for the example: how long the longest is, nobody knows.
MINUTES = 10


def usd(amount: Decimal) -> str:
    """An amount of US dollars, such as `1,234.50 USD`."""
    return f"{amount:,.2f} USD"


def cost(jobs: int, price: Decimal = PRICE, minutes: int = MINUTES) -> Decimal:
    """What so many jobs cost, in US dollars, if each video has so many minutes; `price` is that of one."""
    return jobs * minutes * price


def largest_bill(settings: Settings, price: Decimal = PRICE, minutes: int = MINUTES) -> str:
    """What bounds the bill of a day, and how high it can be; or that nothing does, and what to set."""
    limit = settings.max_jobs_per_day
    whose = "By Tencent's list" if price == PRICE else "By your price"
    one = f"{whose}, {usd(price)} a minute, a video of {minutes} minutes costs {usd(cost(1, price, minutes))}"
    if limit is None:
        return f"there is no limit on the cost: set {variable('max_jobs_per_day')}. {one}"
    jobs = f"{limit:,} jobs" if limit > 1 else "1 job"
    longer = f"longer videos cost more, and {_what_bounds_minutes(settings)}"
    return f"at most {jobs} a day (UTC). {one}, and {limit:,} of them {usd(cost(limit, price, minutes))}; {longer}"


def _what_bounds_minutes(settings: Settings) -> str:
    if settings.max_size is None:
        return "no setting limits their length"
    return f"{variable('max_size')} limits bytes, not minutes"
