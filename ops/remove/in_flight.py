"""What would be lost if the functions went away now, by the claims in the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.errors import ClaimError

if TYPE_CHECKING:
    from shared.cloud.clients import Clients
    from shared.domain.claim import Attempt


@dataclass(frozen=True)
class InFlight:
    """Claims: `paid` have, or may have, a job whose answer is not on the object yet; `waiting` have none."""

    paid: int
    waiting: int

    @property
    def running(self) -> str:
        """The first of them in words."""
        return "1 job has not ended" if self.paid == 1 else f"{self.paid} jobs have not ended"

    @property
    def lost(self) -> str:
        """What happens to both without waiting."""
        results = "1 result that is" if self.paid == 1 else f"{self.paid} results that are"
        return f"{results} paid for, or may be, will be lost, and {self._unchecked}"

    @property
    def to_come(self) -> str:
        """What happens to both with waiting."""
        return f"{self.running} and will be waited for; {self._unchecked}, and the claim stays"

    @property
    def _unchecked(self) -> str:
        one = self.waiting == 1
        return f"{'1 upload that waits' if one else f'{self.waiting} uploads that wait'} for a job will not be checked"


def in_flight(clients: Clients) -> InFlight:
    """Read all claims. Raises CloudError; what cannot be read counts as paid."""
    paid: set[str] = set()
    every: set[str] = set()
    for entry in clients.ledger.claims():
        every.add(entry.upload_id)
        try:
            attempt = clients.ledger.read(entry)
        except ClaimError:
            paid.add(entry.upload_id)
            continue
        if attempt and _is_paid(attempt):
            paid.add(entry.upload_id)
    return InFlight(len(paid), len(every - paid))


def _is_paid(attempt: Attempt) -> bool:
    return bool(attempt.job) or attempt.result is not None or attempt.held is None
