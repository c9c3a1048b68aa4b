"""What would be lost if the functions went away now, by the claims in the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.domain.pause import NAME, Pause, decode, encode
from shared.domain.result import stamp
from shared.errors import ClaimError, ConflictError, NotFoundError

if TYPE_CHECKING:
    from shared.cloud.clients import Clients
    from shared.domain.claim import Attempt

_BY = "cos-watermark remove"


@dataclass(frozen=True)
class InFlight:
    """Claims: `paid` have, or may have, a job whose answer is not on the object yet; `waiting` have none."""

    paid: int
    waiting: int


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


def begin_pause(clients: Clients, now: float) -> None:
    """Have no new job submitted. Somebody else's pause stays as it is. Raises CloudError."""
    try:
        clients.store.create(NAME, encode(Pause(_BY, stamp(int(now)), "the functions are about to be removed")))
    except ConflictError:
        return


def end_pause(clients: Clients) -> None:
    """Take our own pause away, so that a later deployment works. Raises CloudError."""
    try:
        ours = decode(clients.store.read(NAME)).by == _BY
    except NotFoundError:
        return
    if ours:
        clients.store.delete(NAME)


def _is_paid(attempt: Attempt) -> bool:
    return bool(attempt.job) or attempt.result is not None or attempt.held is None
