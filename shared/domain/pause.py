"""The pause: while the ledger has an object `paused`, no job is submitted, and what is in flight is finished."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pydantic import TypeAdapter, ValidationError

NAME = "paused"


@dataclass(frozen=True)
class Pause:
    """Who paused, when (UTC, ISO 8601), and why; all for people."""

    by: str = ""
    at: str = ""
    why: str = ""


@cache
def _stored() -> TypeAdapter[Pause]:
    """What reads and writes pauses; made when it is needed first, for there hardly ever is one."""
    return TypeAdapter(Pause)


def encode(pause: Pause) -> bytes:
    """The pause as it is stored: JSON."""
    return _stored().dump_json(pause)


def decode(body: bytes) -> Pause:
    """The pause in a stored body. An object that says something else, or nothing, pauses too: it was put there."""
    try:
        return _stored().validate_json(body)
    except ValidationError:
        return Pause()
