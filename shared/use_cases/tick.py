"""One tick of the timer: see that the ledger is sound, sweep, take up what waits, write down how things stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from shared.digest import code_digest, settings_digest
from shared.domain.outcome import Kind, Outcome
from shared.domain.result import MAX_TEXT, stamp
from shared.domain.status import NAME, Status
from shared.errors import ConfigurationError, WatermarkError
from shared.use_cases.sweep import Sweep
from shared.use_cases.take_up import TakeUp

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from shared.cloud.clients import Clients
    from shared.cloud.cos import Listed
    from shared.use_cases.pace import Pace

T = TypeVar("T")
#: The share of its time that the sweep leaves to what waits, if anything does.
_FOR_WAITING = 0.25


@dataclass
class Tick:
    """One tick. `tell` is told each outcome as it comes. What one part cannot do keeps no other from its work."""

    clients: Clients
    pace: Pace
    time_left: Callable[[], float]
    tell: Callable[[Outcome], None]
    sweep: Sweep = field(init=False)
    _reserve: float = 0

    def __post_init__(self) -> None:
        self.sweep = Sweep(self.clients, lambda: self.time_left() - self._reserve, self.tell, self.pace)

    def run(self) -> None:
        """Do all of it."""
        now = self._try("the ledger bucket", self._look_at_ledger)
        page = self._try("the waiting entries in the ledger", self.clients.waiting.first_page) or []
        self._reserve = self.time_left() * _FOR_WAITING if page else 0
        if self._try("the claims in the ledger", self.sweep.run) is None:
            self.sweep.tally.complete = False
        elif page and now:
            self._try("the waiting entries in the ledger", lambda: self._take_up(page, now))
        if now:
            self._try("the status in the ledger", lambda: self._write_status(now, len(page)))

    def _try(self, what: str, part: Callable[[], T]) -> T | None:
        try:
            return part()
        except WatermarkError as error:
            self.tell(Outcome(Kind.FAILED, detail=what, error=error))
            return None

    def _look_at_ledger(self) -> int:
        """COS's time. A ledger that keeps versions lets two take one claim, so it pauses everything."""
        versioning = self.clients.store.versioning()
        pause = self.clients.pausing.look(versioning.now)
        if versioning.status and pause is None:
            self.clients.pausing.begin("the ledger bucket keeps versions, or once did", versioning.now)
            problem = ConfigurationError(
                f"the ledger bucket {self.clients.store.bucket} keeps versions, or once did: claims are not safe "
                "there, so nothing is submitted any more. Set WATERMARK_LEDGER_BUCKET to a bucket that never had "
                "versioning, and copy all objects of this one into it, except `paused`"
            )
            self.tell(Outcome(Kind.FAILED, detail="the ledger bucket", error=problem))
        return versioning.now

    def _take_up(self, page: Sequence[Listed], now: int) -> None:
        room = self.clients.settings.waiting_in_flight - self.sweep.tally.alive
        refused, paused = self.pace.refusal(now), self.clients.pausing.state(now)
        if room <= 0 or refused or paused or not self.clients.slots.are_left(now):
            return
        TakeUp(self.clients, self.pace, room, self.time_left, self.tell).run(page)

    def _write_status(self, now: int, waiting: int) -> None:
        clients, tally = self.clients, self.sweep.tally
        status = Status(
            at=stamp(now),
            code=code_digest(),
            settings=settings_digest(clients.settings),
            in_flight=tally.in_flight,
            oldest=tally.oldest,
            held=dict(tally.held),
            looked_at=tally.handled,
            complete=tally.complete,
            refusal=self.pace.refusal(now)[:MAX_TEXT] or None,
            waiting=waiting,
            jobs_today=clients.slots.used(now),
            limit=clients.slots.limit,
            paused=clients.pausing.state(now),
        )
        clients.store.write(NAME, status.model_dump_json(exclude_none=True).encode())
