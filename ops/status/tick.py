"""The last tick of the timer, by the status that it left in the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from pydantic import ValidationError

from ops.times import seconds_of
from shared.domain.status import NAME, Status
from shared.errors import NotFoundError

if TYPE_CHECKING:
    from shared.cloud.store import Store

#: Seconds: a tick each minute, and some may be late.
LATE = 300


class State(Enum):
    """What can be said of it."""

    NEVER = "never"
    UNREADABLE = "unreadable"
    LATE = "late"
    WELL = "well"


@dataclass(frozen=True)
class Tick:
    """`status` and `age`, in seconds, are known of one that can be read."""

    state: State
    status: Status | None = None
    age: int = 0


def read_status(store: Store) -> Status | None:
    """What the last tick wrote, if there was one. Raises CloudError, pydantic.ValidationError."""
    try:
        return Status.model_validate_json(store.read(NAME))
    except NotFoundError:
        return None


def read_tick(store: Store, now: int) -> Tick:
    """The last tick, as it looks at `now`, COS's time in seconds since 1970. Raises CloudError."""
    try:
        status = read_status(store)
        if status is None:
            return Tick(State.NEVER)
        age = max(0, now - seconds_of(status.at))
    except (ValidationError, ValueError):
        return Tick(State.UNREADABLE)
    return Tick(State.LATE if age > LATE else State.WELL, status, age)
