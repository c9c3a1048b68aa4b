"""What a container remembers of the claims that it looked at, so that each has its turn and none is read in vain."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TypeAlias

from shared.domain.claim import GRACE, Entry
from shared.domain.outcome import Kind, Outcome, Reason

#: The attempts on one upload, as they are listed: the oldest first.
Claim: TypeAlias = list[Entry]

#: Seconds after which a claim is looked at, by the age of its first attempt; then once an hour.
_LOOKS = (GRACE, 600, 1200, 2400)
_HOUR, _DAY = 3600, 86_400
#: Seconds for which a refusal speaks for all.
_REFUSED_FOR = 600
#: What a claim waits for together with others: the oldest goes first.
IN_LINE = (Reason.LIMIT, Reason.PAUSED)


@dataclass(slots=True)
class Looked:
    """A look at a claim: when, in COS's time; the hash of the newest attempt's ETag then; why it was held, if it was.

    `sweep` is the last sweep that saw the claim. There are ten thousands of these, so each is small.
    """

    at: int
    etag: int
    held: Reason | None
    sweep: int


@dataclass
class Pace:
    """The last looks of this container, by claim; the waiting entries that could not be taken up; when it logged.

    Looks and refusals are in COS's time, `logged` is by this machine's clock: all in seconds since 1970.
    """

    looked: dict[bytes, Looked] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    logged: float = 0
    _sweep: int = 0
    _refusal: tuple[int, str] = (0, "")

    def hear(self, outcome: Outcome, now: int) -> None:
        """Remember whether CI accepts jobs."""
        if outcome.kind is Kind.SUBMITTED:
            self._refusal = (0, "")
        elif outcome.reason is Reason.REFUSED and outcome.error:
            self._refusal = (now, str(outcome.error))

    def refusal(self, now: int) -> str:
        """What CI said when it refused a job a while ago; empty if it has accepted one since.

        Not for longer: one video that is always refused is tried each hour, and must not keep all others waiting.
        """
        said_at, text = self._refusal
        return text if now - said_at < _REFUSED_FOR else ""

    def note(self, claim: Claim, held: Reason | None) -> None:
        """Remember a look, and why the claim is held, if it is."""
        newest = claim[-1]
        self.looked[_name(claim)] = Looked(newest.now, hash(newest.etag), held, self._sweep)

    def is_worth_a_line(self, in_flight: int, now: float) -> bool:
        """Whether a tick is logged: each that saw claims, and one an hour, which shows that the timer runs."""
        if not in_flight and now - self.logged < _HOUR:
            return False
        self.logged = now
        return True

    def begin(self) -> None:
        """A sweep begins."""
        self._sweep += 1

    def see(self, claim: Claim) -> None:
        """Note that the claim is still there."""
        if looked := self.looked.get(_name(claim)):
            looked.sweep = self._sweep

    def forget_others(self) -> None:
        """Forget the claims that this sweep has not seen."""
        # Those that stay also stay where they are: thousands that move leave gaps in memory.
        for gone in [name for name, looked in self.looked.items() if looked.sweep != self._sweep]:
            del self.looked[gone]

    def held(self, claim: Claim) -> Reason | None:
        """Why the claim is held, as far as is known."""
        looked = self._last(claim)
        return looked.held if looked else None

    def is_unknown(self, claim: Claim) -> bool:
        """Whether it can be looked at, and was not since it was written."""
        return claim[-1].age >= GRACE and self._last(claim) is None

    def stands_in_line(self, claim: Claim) -> bool:
        """Whether the claim waits for what others wait for too."""
        return claim[-1].age >= GRACE and self.held(claim) in IN_LINE

    def _last(self, claim: Claim) -> Looked | None:
        looked = self.looked.get(_name(claim))
        return looked if looked and looked.etag == hash(claim[-1].etag) else None

    def may_have_a_job(self, claim: Claim) -> bool:
        """Whether the claim may have a job that CI is at; a day after its newest attempt nobody believes it."""
        return claim[-1].age < _DAY and self.held(claim) is None

    def has_waited_long(self, claim: Claim) -> bool:
        """Whether it most likely goes on waiting for its job: at the last look it did."""
        looked = self._last(claim)
        return claim[0].age >= _HOUR and looked is not None and looked.held is None

    def is_due(self, claim: Claim) -> bool:
        """Whether a look has come up since the last one, by the age of the claim's first attempt.

        Nothing is read or written to know it. Hourly looks are spread over the hour by the upload's id.
        """
        first, newest = claim[0], claim[-1]
        if newest.age < GRACE or first.age < GRACE:
            return False
        looked = self.looked.get(_name(claim))
        spread = int(first.upload_id[:4], 16) * _HOUR >> 16
        hours = (first.age - spread) // _HOUR
        last = hours * _HOUR + spread if hours >= 1 else max(look for look in _LOOKS if look <= first.age)
        return first.modified + last > (looked.at if looked else 0)

    def order(self, claim: Claim) -> tuple[int, str]:
        """Those first that were not looked at for longest.

        A container that has just begun does not know where the last one stopped: it begins anywhere.
        """
        looked = self.looked.get(_name(claim))
        place = sha256(f"{claim[0].upload_id}{claim[0].now}".encode()).hexdigest()
        return looked.at if looked else 0, place


def _name(claim: Claim) -> bytes:
    """Half of the upload's id as bytes: enough to tell claims apart, and small."""
    return bytes.fromhex(claim[0].upload_id[:32])
