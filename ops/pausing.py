"""The pause of our own commands: nothing new begins while `remove` waits for the last jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.domain.pause import NAME, Pause, decode, encode
from shared.domain.result import stamp
from shared.errors import ConflictError, NotFoundError

if TYPE_CHECKING:
    from shared.cloud.clients import Clients

_BY = "cos-watermark remove"


def begin_pause(clients: Clients, now: float) -> None:
    """Have no new job submitted. Somebody else's pause stays as it is. Raises CloudError."""
    try:
        clients.store.create(NAME, encode(Pause(_BY, stamp(int(now)), "the functions are about to be removed")))
    except ConflictError:
        return


def end_pause(clients: Clients) -> None:
    """Take our own pause away, if there is one. Raises CloudError."""
    try:
        ours = decode(clients.store.read(NAME)).by == _BY
    except NotFoundError:
        return
    if ours:
        clients.store.delete(NAME)
