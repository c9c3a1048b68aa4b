"""The timer's use case: every claim that is due, brought as far as it will go.

Works from the claims alone, so its cost follows what is in flight and never the size of a bucket. Ages come from COS's
own clock. Two sweeps at once do no harm: every step that costs money begins with an attempt that only one can take.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from traceback import format_exc
from typing import TYPE_CHECKING, TypeAlias

from shared import log
from shared.domain.claim import Attempt, Entry, Held
from shared.domain.outcome import Kind, Outcome, Reason
from shared.errors import WatermarkError
from shared.use_cases.reconcile import GRACE, reconcile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from shared.cloud.clients import Clients

#: Seconds after which a claim is looked at, by the age of its first attempt; then once an hour.
_LOOKS = (GRACE, 600, 1200, 2400)
_HOUR = 3600
#: How many claims one sweep may take up: more than it has time for.
_MOST = 2000
#: How many refused claims one sweep tries again, as long as none is accepted.
_REFUSED_TRIES = 3

Claim: TypeAlias = list[Entry]


@dataclass
class Pace:
    """When this container looked at each claim last: by upload id, in COS's time."""

    looked: dict[str, int] = field(default_factory=dict)


@dataclass
class Tally:
    """What a sweep saw: how many claims there are, were due, were taken up; the oldest one's age; if it was all."""

    in_flight: int = 0
    due: int = 0
    handled: int = 0
    oldest: int = 0
    complete: bool = True


@dataclass
class Sweep:
    """One sweep. `tell` is told each outcome as it comes."""

    clients: Clients
    time_left: Callable[[], float]
    tell: Callable[[Outcome], None]
    pace: Pace
    tally: Tally = field(default_factory=Tally)
    _refused_tries: int = _REFUSED_TRIES

    def run(self) -> Tally:
        """Take up the claims that are due, those first that were not looked at for longest, until time runs short.

        Raises:
            CloudError: the claims cannot be listed.
        """
        tally = self.tally
        for claim in heapq.nsmallest(_MOST, self._due(), key=self._order):
            if tally.handled and self.time_left() <= 0:
                break
            self._take_up(claim)
            tally.handled += 1
            self.pace.looked[claim[0].upload_id] = claim[0].now
        tally.complete = tally.handled == tally.due
        return tally

    def _due(self) -> Iterator[Claim]:
        # The listing is in order, so all attempts on one upload stand together, the newest last.
        looked, self.pace.looked = self.pace.looked, {}
        for upload_id, attempts in groupby(self.clients.ledger.claims(), key=attrgetter("upload_id")):
            claim = list(attempts)
            self.tally.in_flight += 1
            self.tally.oldest = max(self.tally.oldest, claim[0].age)
            if upload_id in looked:
                self.pace.looked[upload_id] = looked[upload_id]
            if is_due(claim, looked.get(upload_id, 0)):
                self.tally.due += 1
                yield claim

    def _order(self, claim: Claim) -> tuple[int, str]:
        # A container that has just begun does not know where the last one stopped: it begins anywhere.
        place = sha256(f"{claim[0].upload_id}{claim[0].now}".encode()).hexdigest()
        return self.pace.looked.get(claim[0].upload_id, 0), place

    def _take_up(self, claim: Claim) -> None:
        attempts: list[Attempt] = []
        try:
            outcome = self._reconcile(claim, attempts)
        except WatermarkError as error:
            upload = attempts[0].upload if attempts else None
            outcome = Outcome(Kind.PENDING, upload=upload, detail=claim[-1].key, error=error)
        except Exception:  # noqa: BLE001 - a bug that one claim brings out must not keep the others from their end
            log.write("sweep", log.Level.ERROR, outcome=Kind.PENDING.value, detail=claim[-1].key, trace=format_exc())
            return
        if outcome:
            self.tell(outcome)

    def _reconcile(self, claim: Claim, attempts: list[Attempt]) -> Outcome | None:
        """`attempts` is filled on the way, so that a failure can name its object; `None` if nothing is done."""
        for entry in reversed(claim):
            attempt = self.clients.ledger.read(entry)
            if attempt is None:
                return None
            attempts.insert(0, attempt)
            if attempt.held is Held.REFUSED and len(attempts) == 1 and self._refused_tries <= 0:
                return None
        outcome = reconcile(claim, attempts, self.clients)
        # While refusals stand, more of them would say no more; one that is accepted frees all, until the next refusal.
        if outcome.kind is Kind.SUBMITTED:
            self._refused_tries = _MOST
        elif outcome.reason is Reason.REFUSED:
            self._refused_tries = min(self._refused_tries, _REFUSED_TRIES) - 1
        return outcome


def is_due(claim: Claim, looked: int) -> bool:
    """Whether a look at the claim has come up since it was `looked` at, by the age of its first attempt.

    Nothing is read or written to know it. Hourly looks are spread over the hour by the upload's id.
    """
    first, newest = claim[0], claim[-1]
    if newest.age < GRACE or first.age < GRACE:
        return False
    spread = int(first.upload_id[:4], 16) * _HOUR >> 16
    hours = (first.age - spread) // _HOUR
    last = hours * _HOUR + spread if hours >= 1 else max(look for look in _LOOKS if look <= first.age)
    return first.modified + last > looked
