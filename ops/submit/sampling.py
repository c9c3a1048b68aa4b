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


def say_estimate(access: Access, journal: Journal, screen: Screen) -> Estimate | None:
    """Ask for the lengths of a few objects, and say what all may cost.

    Raises:
        CloudError: these credentials may not ask.
    """
    sampler = Sampler()
    for chosen in journal.objects():
        sampler.add(chosen.target(access.region), chosen.size)
    asked = "1 of them is" if len(sampler.chosen) == 1 else f"{len(sampler.chosen)} of them are"
    screen.remark(f"asking Cloud Infinite how long {asked}: one paid call each")
    found = estimate(sampler.count, sampler.size, _measured(access, sampler, quiet=screen.quiet))
    if found is None:
        screen.say("Price:", "not known: too few of them have a known length")
        return None
    screen.say("Price:", *in_words(found, access.configuration.laptop.price))
    return found


def in_words(found: Estimate, price: Decimal) -> list[str]:
    """What is said of an estimate; `price` is that of a minute, in US dollars."""
    low, middle, high = (usd(Decimal(minutes) * price) for minutes in (found.low, found.minutes, found.high))
    minutes = "1 minute" if round(found.minutes) == 1 else f"{found.minutes:,.0f} minutes"
    if found.is_exact:
        return [f"{middle}: {minutes} at {usd(price)} a minute, measured for each"]
    failed = f"; {found.failed} without a length" if found.failed else ""
    return [
        f"about {middle}: {minutes} at {usd(price)} a minute, measured for {found.measured} of {found.count:,}{failed}",
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
