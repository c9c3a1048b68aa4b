"""What waits, taken up: objects that an operator asked for become claims as if they were uploaded now."""

from __future__ import annotations

from dataclasses import dataclass
from traceback import format_exc
from typing import TYPE_CHECKING

from shared import log
from shared.domain.objects import Content, Upload
from shared.domain.outcome import Kind, Outcome, Reason
from shared.errors import CloudError, NotFoundError, RejectedError, WatermarkError
from shared.use_cases.attempt import skip
from shared.use_cases.submit_upload import submit_upload

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from shared.cloud.clients import Clients
    from shared.cloud.cos import Listed
    from shared.domain.waiting import WaitingEntry
    from shared.use_cases.pace import Pace

#: After so many failures the next tick goes on.
_MOST_FAILURES = 3
#: A claim that is held for one of these says that the next would be too.
_NO_MORE = (Reason.LIMIT, Reason.PAUSED, Reason.REFUSED)
#: What makes one more job, or may have.
_MAY_HAVE_A_JOB = (Kind.SUBMITTED, Kind.PENDING)


@dataclass
class TakeUp:
    """One tick's share of what waits. `room` is how many more jobs may be in flight; `tell` is told each outcome."""

    clients: Clients
    pace: Pace
    room: int
    time_left: Callable[[], float]
    tell: Callable[[Outcome], None]

    def run(self, page: Sequence[Listed]) -> None:
        """Take up entries in the order of the page, until there is no room, no time or no slot left.

        Those that failed before come last, so that none keeps those behind it waiting.
        """
        failures = 0
        self.pace.failed &= {listed.key for listed in page}
        for listed in sorted(page, key=lambda listed: listed.key in self.pace.failed):
            if self.room <= 0 or failures >= _MOST_FAILURES or self.time_left() <= 0:
                return
            outcome = self._take_or_trace(listed)
            failures += outcome.kind is Kind.FAILED or outcome.error is not None
            if outcome.kind is Kind.FAILED:
                self.pace.failed.add(listed.key)
            self.room -= outcome.kind in _MAY_HAVE_A_JOB
            self.pace.hear(outcome, listed.now)
            if outcome.kind is Kind.HELD and outcome.reason in _NO_MORE:
                return

    def _take_or_trace(self, listed: Listed) -> Outcome:
        try:
            outcome = self._take(listed)
        except Exception:  # noqa: BLE001 - a bug that one entry brings out must keep neither others nor the queue waiting
            log.write("sweep", log.Level.ERROR, outcome=Kind.FAILED.value, detail=listed.key, trace=format_exc())
            return Outcome(Kind.FAILED, detail=listed.key)
        self.tell(outcome)
        return outcome

    def _take(self, listed: Listed) -> Outcome:
        try:
            entry = self.clients.waiting.read(listed)
            if entry is None:
                return Outcome(Kind.SKIPPED, reason=Reason.GONE, detail=listed.key)
            outcome = self._submit(entry)
        except WatermarkError as error:
            return Outcome(Kind.FAILED, detail=listed.key, error=error)
        if outcome.reason is Reason.REPLACED:
            # While we looked; what is there now has no claim of ours. The next tick looks at that.
            return outcome
        try:
            self.clients.waiting.remove(listed)
        except CloudError as error:
            # The next tick removes it: it sees the claim.
            return outcome._replace(error=outcome.error or error)
        return outcome

    def _submit(self, entry: WaitingEntry) -> Outcome:
        target = entry.target
        try:
            head = self.clients.objects.head(target)
        except NotFoundError:
            return Outcome(Kind.SKIPPED, target=target, reason=Reason.GONE)
        except RejectedError:
            upload = Upload(target, Content("", 0), entry.time)
            return skip(upload, Reason.UNREADABLE, self.clients)
        return submit_upload(head, self.clients, entry=entry)
