"""The pause, as commands set and end it: `pause`, `resume`, and `remove`, which waits for the last jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.errors import StillPausedError
from shared.domain.pause import NAME, Pause, decode, encode
from shared.domain.result import stamp
from shared.errors import BlockedError, CloudError, ConflictError, NotFoundError, RejectedError

if TYPE_CHECKING:
    from shared.cloud.clients import Clients

#: Whose pauses no person made: the functions', and those of other commands, whose names begin with this.
FUNCTIONS = "cos-watermark"
_REMOVE = f"{FUNCTIONS} remove"
#: Errors after which a call certainly had no effect.
_REFUSED = (BlockedError, RejectedError)


def find_pause(clients: Clients) -> Pause | None:
    """The pause that is on. Raises CloudError."""
    try:
        return decode(clients.store.read(NAME))
    except NotFoundError:
        return None


def set_pause(clients: Clients, pause: Pause) -> Pause:
    """Pause, unless somebody has already; whichever pause is on then.

    Raises:
        CloudError: nobody can tell whether one is.
    """
    try:
        clients.store.create(NAME, encode(pause))
    except _REFUSED:
        raise
    except CloudError:
        # What was sent may have arrived all the same, and then the second try met the first.
        found = find_pause(clients)
        if found is None:
            raise
        return found
    return pause


def lift_pause(clients: Clients, known: Pause) -> None:
    """Take the pause away that was seen before.

    Raises:
        StillPausedError: it is still there.
        CloudError: it was refused, or nobody can tell.
    """
    try:
        clients.store.delete(NAME)
    except _REFUSED:
        raise
    except CloudError as error:
        # A DELETE that is late could take away somebody's next pause, so it is not sent again by itself.
        if found := find_pause(clients):
            whose = "somebody has paused again" if found != known else "Run the command again"
            raise StillPausedError(f"still paused: the pause could not be removed ({error.cause}). {whose}") from error


def begin_pause(clients: Clients, now: float) -> None:
    """Have no new job submitted while functions go away. Somebody else's pause stays as it is. Raises CloudError."""
    try:
        clients.store.create(NAME, encode(Pause(_REMOVE, stamp(int(now)), "the functions are about to be removed")))
    except ConflictError:
        return


def end_pause(clients: Clients) -> None:
    """Take the pause of `remove` away, if there is one. Raises CloudError."""
    found = find_pause(clients)
    if found and found.by == _REMOVE:
        clients.store.delete(NAME)
