"""The timer's use case: every claim that is due, brought as far as it will go.

Works from the claims alone, so its cost follows what is in flight and never the size of a bucket. Ages come from COS's
own clock. Two sweeps at once do no harm: every step that costs money begins with an attempt that only one can take.

Claims that wait for the daily limit, or for the end of a pause, stand in line: as soon as jobs may be submitted they
have their turn, the oldest first, due or not. The line and what is due take turns, so neither waits for the other.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import Enum
from itertools import groupby, takewhile, zip_longest
from operator import attrgetter
from traceback import format_exc
from typing import TYPE_CHECKING

from shared import log
from shared.domain.claim import Attempt, Held
from shared.domain.outcome import Kind, Outcome, Reason
from shared.errors import CloudError, WatermarkError
from shared.use_cases.look_together import look_together
from shared.use_cases.pace import IN_LINE
from shared.use_cases.reconcile import reconcile
from shared.use_cases.shortlist import MOST, Shortlist

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from shared.cloud.clients import Clients
    from shared.use_cases.pace import Claim, Pace

#: How many claims are looked at together: the jobs of one bucket are asked for ten at a time, so a few more.
_TOGETHER = 20
#: How many refused claims one sweep tries again, as long as none is accepted.
_REFUSED_TRIES = 3


class Line(Enum):
    """Whether claims that stand in line have their turn.

    Where it is closed nobody could go on: there is a pause, or no slot is left. Where it is halted the next one would
    fare like the last one, so nobody tries any more in this sweep.
    """

    OPEN = "open"
    CLOSED = "closed"
    HALTED = "halted"


@dataclass
class Tally:
    """What a sweep saw: how many claims there are, were due, were taken up; the oldest one's age; if it was all.

    `alive` may have a job that CI is at; `held` says why how many are known to be held.
    """

    in_flight: int = 0
    due: int = 0
    handled: int = 0
    oldest: int = 0
    complete: bool = True
    alive: int = 0
    held: dict[str, int] = field(default_factory=dict)

    def as_fields(self) -> dict[str, object]:
        """The tally for a log line, of which every field is a plain value."""
        return asdict(self) | {"held": sum(self.held.values())}


@dataclass
class Sweep:
    """One sweep. `tell` is told each outcome as it comes."""

    clients: Clients
    time_left: Callable[[], float]
    tell: Callable[[Outcome], None]
    pace: Pace
    tally: Tally = field(default_factory=Tally)
    _refused_tries: int = _REFUSED_TRIES
    _line: Line = Line.CLOSED
    _together: list[Claim] = field(default_factory=list)

    def run(self) -> Tally:
        """Take up the line and what is due until time runs short.

        Raises:
            CloudError: the claims cannot be listed.
        """
        tally, done = self.tally, set[str]()
        line, due = self._see()
        if line:
            self._line = self._look_at_line(line[0][-1].now)
        for claim, is_turn in self._turns(line, due):
            if claim[0].upload_id in done:
                continue
            if self._is_over():
                tally.complete = False
                break
            # Not the first one: however short the time is, one claim is brought as far as it will go.
            if tally.handled and self._line is not Line.OPEN and self.pace.has_waited_long(claim):
                self._together.append(claim)
                if len(self._together) >= _TOGETHER:
                    self._look_together()
                continue
            # In their order: what is due for longest must not wait for all others.
            self._look_together()
            if self._is_over():
                tally.complete = False
                break
            self._take_up(claim, is_turn=is_turn)
            if is_turn or not self._stands_back(claim):
                done.add(claim[0].upload_id)
        while self._together and not self._is_over():
            self._look_together()
        tally.complete = tally.complete and not self._together
        return tally

    def _is_over(self) -> bool:
        """Whether there is no time for another claim; for one there always is."""
        return bool(self.tally.handled) and self.time_left() <= 0

    def _look_together(self) -> None:
        """Look at those that most likely go on waiting; what there is no time for stays."""
        looked = 0
        for claim, outcome in look_together(self._together, self.clients, self.time_left):
            if outcome:
                self._note(claim, [], outcome)
            elif self._is_over():
                break
            else:
                self._take_up(claim, is_turn=False)
            looked += 1
        self._together = self._together[looked:]

    def _see(self) -> tuple[list[Claim], list[Claim]]:
        """The line, by the age of the claims, and what is due."""
        line, due = Shortlist(lambda claim: (claim[0].modified, claim[0].upload_id)), Shortlist(self.pace.order)
        tally, pace = self.tally, self.pace
        pace.begin()
        # The listing is in order, so all attempts on one upload stand together, the newest last.
        for _, attempts in groupby(self.clients.ledger.claims(), key=attrgetter("upload_id")):
            claim = list(attempts)
            pace.see(claim)
            tally.in_flight += 1
            tally.oldest = max(tally.oldest, claim[0].age)
            tally.alive += pace.may_have_a_job(claim)
            if held := pace.held(claim):
                tally.held[held.value] = tally.held.get(held.value, 0) + 1
            if pace.stands_in_line(claim) or (self.clients.slots.limit and pace.is_unknown(claim)):
                line.add(claim)
            if pace.is_due(claim):
                tally.due += 1
                due.add(claim)
        pace.forget_others()
        tally.complete = tally.due <= MOST
        return line.first(), due.first()

    def _look_at_line(self, now: int) -> Line:
        try:
            goes_on = self.clients.pausing.state(now) is None and self.clients.slots.are_left(now)
        except CloudError as error:
            self.tell(Outcome(Kind.FAILED, detail="the pause and the slots in the ledger", error=error))
            return Line.HALTED
        return Line.OPEN if goes_on else Line.CLOSED

    def _turns(self, line: list[Claim], due: list[Claim]) -> Iterator[tuple[Claim, bool]]:
        turns = takewhile(lambda _: self._line is Line.OPEN, line)
        looks = (claim for claim in due if not self._stands_back(claim))
        for waiting, ready in zip_longest(turns, looks):
            if waiting:
                yield waiting, True
            if ready:
                yield ready, False

    def _stands_back(self, claim: Claim) -> bool:
        """Whether it is not taken up before its turn: of those that wait for the same, the oldest goes first."""
        return self._line is not Line.CLOSED and self.pace.stands_in_line(claim)

    def _take_up(self, claim: Claim, *, is_turn: bool) -> None:
        attempts: list[Attempt] = []
        outcome: Outcome | None = None
        try:
            outcome = self._reconcile(claim, attempts, is_turn=is_turn)
        except WatermarkError as error:
            upload = attempts[0].upload if attempts else None
            outcome = Outcome(Kind.PENDING, upload=upload, detail=claim[-1].key, error=error)
        except Exception:  # noqa: BLE001 - a bug that one claim brings out must not keep the others from their end
            log.write("sweep", log.Level.ERROR, outcome=Kind.PENDING.value, detail=claim[-1].key, trace=format_exc())
        self._note(claim, attempts, outcome)

    def _note(self, claim: Claim, attempts: list[Attempt], outcome: Outcome | None) -> None:
        self.tally.handled += 1
        was_alive = self.pace.may_have_a_job(claim)
        self.pace.note(claim, _why_held(outcome, attempts))
        is_new = outcome is not None and outcome.kind is Kind.SUBMITTED
        self.tally.alive += (is_new or self.pace.may_have_a_job(claim)) - was_alive
        if outcome:
            self.tell(outcome)

    def _reconcile(self, claim: Claim, attempts: list[Attempt], *, is_turn: bool) -> Outcome | None:
        """`attempts` is filled on the way, so that a failure can name its object; `None` if nothing is done."""
        for entry in reversed(claim):
            attempt = self.clients.ledger.read(entry)
            if attempt is None:
                return None
            attempts.insert(0, attempt)
            if len(attempts) == 1 and self._is_put_off(attempt, claim, is_turn=is_turn):
                return None
        outcome = reconcile(claim, attempts, self.clients)
        self.pace.hear(outcome, claim[-1].now)
        # While refusals stand, more of them would say no more; one that is accepted frees all, until the next refusal.
        if outcome.kind is Kind.SUBMITTED:
            self._refused_tries = MOST
        elif outcome.reason is Reason.REFUSED:
            self._refused_tries = min(self._refused_tries, _REFUSED_TRIES) - 1
        self._line = _after(outcome, attempts[-1]) or self._line
        return outcome

    def _is_put_off(self, newest: Attempt, claim: Claim, *, is_turn: bool) -> bool:
        if newest.held is Held.REFUSED and self._refused_tries <= 0:
            return True
        if _why_held(None, [newest]) in IN_LINE:
            return self._line is not Line.CLOSED and not is_turn
        # It was read only to see whether it waits.
        return is_turn and not self.pace.is_due(claim)


def _after(outcome: Outcome, newest: Attempt) -> Line | None:
    """How the line stands after what came of a claim, if that says anything; `newest` is its attempt from before."""
    if outcome.kind is Kind.HELD and outcome.reason in IN_LINE:
        return Line.CLOSED
    # What failed after it had made an attempt does not stand in line any more: it cannot halt the others again at once.
    failed = outcome.kind is Kind.PENDING and outcome.error is not None and _why_held(None, [newest]) in IN_LINE
    return Line.HALTED if failed or outcome.reason is Reason.REFUSED else None


def _why_held(outcome: Outcome | None, attempts: list[Attempt]) -> Reason | None:
    """Why the claim is held now: as the outcome says, or, where nothing was done, as it says itself.

    A result that cannot be written waits too: its job has ended.
    """
    if outcome and outcome.kind is Kind.PENDING and any(attempt.result for attempt in attempts):
        return Reason.UNWRITABLE
    if outcome:
        return outcome.reason if outcome.kind is Kind.HELD else None
    newest = attempts[-1] if attempts else None
    return Reason(newest.held.value) if newest and newest.held and newest.held is not Held.NEEDLESS else None
