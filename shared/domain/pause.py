"""The pause: while the ledger has an object `paused`, no job is submitted, and what is in flight is finished."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pydantic import TypeAdapter, ValidationError

from shared.domain.stored import stored

NAME = "paused"


@dataclass(frozen=True)
class Pause:
    """Who paused, when (UTC, ISO 8601), and why; all for people."""

    by: str = ""
    at: str = ""
    why: str = ""


@cache
def _readable() -> TypeAdapter[Pause]:
    """What reads pauses; made when it is needed first, for there hardly ever is one."""
    return TypeAdapter(Pause)


def encode(pause: Pause) -> bytes:
    """The pause as it is stored: JSON."""
    return stored(pause)


def decode(body: bytes) -> Pause:
    """The pause in a stored body. An object that says something else, or nothing, pauses too: it was put there."""
    try:
        return _readable().validate_json(body)
    except ValidationError:
        return Pause()
