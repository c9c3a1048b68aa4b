"""`--estimate`: how long some of the objects are, and what that says of all."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ops.bill import usd
from ops.parallel import in_parallel
from ops.progress import follower
from ops.submit.estimate import MOST, Measured, Sampler, estimate
from ops.tencent.videoinfo import VideoInfo
from shared.cloud.refusals import About, meaning_of
from shared.errors import BlockedError, CloudError

if TYPE_CHECKING:
    from ops.access import Access
    from ops.submit.estimate import Estimate, Sample
    from ops.submit.journal import Journal
    from ops.submit.screen import Screen


def say_estimate(access: Access, journal: Journal, screen: Screen) -> None:
    """Ask for the lengths of a few objects, and say what all may cost.

    Raises:
        CloudError: these credentials may not ask.
    """
    sampler = Sampler()
    for chosen in journal.objects():
        sampler.add(chosen.target(access.region), chosen.size)
    screen.remark(f"asking Cloud Infinite how long {len(sampler.chosen)} of them are: a paid call each")
    found = estimate(sampler.count, sampler.size, _measured(access, sampler, quiet=screen.quiet))
    if found is None:
        screen.remark("too few of them say how long they are; so nobody knows what all cost")
        return
    for line in in_words(found, access.configuration.laptop.price):
        screen.remark(line)


def in_words(found: Estimate, price: Decimal) -> list[str]:
    """What is said of an estimate; `price` is that of a minute, in US dollars."""
    failed = f", and {found.failed} do not say" if found.failed else ""
    low, middle, high = (usd(Decimal(minutes) * price) for minutes in (found.low, found.minutes, found.high))
    cost = f"{middle} at {usd(price)} a minute"
    if found.is_exact:
        return [f"{found.minutes:,.0f} minutes by asking each: {cost}"]
    return [
        f"about {found.minutes:,.0f} minutes, by {found.measured} of {found.count:,}{failed}: {cost}",
        f"most likely {low} to {high}; a few very long videos would cost more",
    ]


def _measured(access: Access, sampler: Sampler, *, quiet: bool) -> list[Measured]:
    info, measured = VideoInfo(access.transport), []

    def ask(sample: Sample) -> Measured:
        try:
            return Measured(sample.size, info.seconds(sample.target))
        except CloudError as error:
            # What concerns all of them would only be met again.
            if isinstance(error, BlockedError) and meaning_of(error.cause).about is not About.OBJECT:
                raise
            return Measured(sample.size, None)

    with follower(quiet=quiet)("asking how long", min(MOST, sampler.count)) as tell:
        for one in in_parallel(ask, sampler.chosen):
            measured.append(one)
            tell()
    return measured
