"""The pause: while the ledger has an object `paused`, no job is submitted, and what is in flight is finished."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

NAME = "paused"


@dataclass(frozen=True)
class Pause:
    """Who paused, when (UTC, ISO 8601), and why; all for people."""

    by: str = ""
    at: str = ""
    why: str = ""


_PAUSE = TypeAdapter(Pause)


def encode(pause: Pause) -> bytes:
    """The pause as it is stored: JSON."""
    return _PAUSE.dump_json(pause)


def decode(body: bytes) -> Pause:
    """The pause in a stored body. An object that says something else, or nothing, pauses too: it was put there."""
    try:
        return _PAUSE.validate_json(body)
    except ValidationError:
        return Pause()
