"""The third use case: whatever the other two left, brought to an end.

Works from the claims alone, so its cost follows what is in flight and never the size of the bucket. Ages come from
COS's own clock. Two sweeps at once do no harm: every step that costs money begins with a claim that only one can take.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from traceback import format_exc
from typing import TYPE_CHECKING

from shared import log
from shared.domain.outcome import Kind, Outcome
from shared.errors import CloudError, ForgedClaimError, WatermarkError
from shared.use_cases.reconcile import settle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from shared.cloud.claims import Entry
    from shared.cloud.clients import Clients
    from shared.domain.claim import Claim


@dataclass
class Tally:
    """What a sweep saw: contents in flight, how many were dealt with, the age of the oldest, and whether it saw all."""

    in_flight: int = 0
    handled: int = 0
    oldest: float = 0
    complete: bool = True


@dataclass(frozen=True)
class _Tick:
    """One sweep on its way."""

    clients: Clients
    time_left: Callable[[], float]
    tell: Callable[[Outcome], None]
    tally: Tally


def sweep(clients: Clients, time_left: Callable[[], float], start: str, tell: Callable[[Outcome], None]) -> Tally:
    """Go through the claims that have waited long enough, until all are seen or time runs short.

    `start` is the hexadecimal digits at which to begin; let it vary, so that no claim is always the last. `tell` is
    told each outcome as it comes.
    """
    tick = _Tick(clients, time_left, tell, Tally())
    buckets = clients.settings.claims_buckets
    first = int(start or "0", 16) % len(buckets)
    for bucket in (*buckets[first:], *buckets[:first]):
        try:
            _sweep_bucket(bucket, start, tick)
        except CloudError as error:
            # One bucket that cannot be listed does not keep the others from being looked after.
            tick.tally.complete = False
            tell(Outcome(Kind.FAILED, detail=f"the claims in {bucket}", error=error))
    return tick.tally


def _sweep_bucket(bucket: str, start: str, tick: _Tick) -> None:
    tally = tick.tally
    for attempts in _by_content(tick.clients.claims.all(bucket, start)):
        if tally.in_flight and tick.time_left() <= 0:
            tally.complete = False
            return
        tally.in_flight += 1
        newest = attempts[-1]
        tally.oldest = max(tally.oldest, newest.age)
        if newest.age >= tick.clients.settings.grace:
            _sweep_content(attempts, tick)


def _by_content(entries: Iterator[Entry]) -> Iterator[Sequence[Entry]]:
    # The listing is in order, so all attempts on one content stand together, the newest last.
    return (list(attempts) for _, attempts in groupby(entries, key=attrgetter("digest")))


def _sweep_content(attempts: Sequence[Entry], tick: _Tick) -> None:
    claim = None
    outcome: Outcome | None
    try:
        claim = _newest_of_ours(attempts, tick)
        if claim is None:
            return
        now = attempts[-1].now
        tick.tally.oldest = max(tick.tally.oldest, now - (claim.since or now))
        outcome = settle(claim, attempts, tick.clients)
    except WatermarkError as error:
        content = claim.content if claim else None
        outcome = Outcome(Kind.PENDING, content=content, detail=attempts[-1].key, error=error)
    except Exception:  # noqa: BLE001 - a bug that one claim brings out must not keep the others from their end
        log.write("sweep", log.Level.ERROR, outcome=Kind.PENDING.value, detail=attempts[-1].key, trace=format_exc())
        tick.tally.handled += 1
        return
    if outcome:
        tick.tally.handled += 1
        tick.tell(outcome)


def _newest_of_ours(attempts: Sequence[Entry], tick: _Tick) -> Claim | None:
    for entry in reversed(attempts):
        try:
            return tick.clients.claims.read(entry)
        except ForgedClaimError as error:
            # It is left where it lies: with a secret that was changed twice, a claim of ours looks the same.
            tick.tell(Outcome(Kind.FAILED, detail=f"{entry.bucket}/{entry.key}", error=error))
    return None
