"""How jobs move on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Progression(Enum):
    """What moves jobs."""

    IMMEDIATE = "the clock, one step at a time, without any wait"
    TIMED = "the clock, after the seconds of `Durations`"
    MANUAL = "only the backend's own methods"


@dataclass(frozen=True)
class Durations:
    """How long a job waits in its queue, and then runs, in seconds."""

    waiting: float = 2
    running: float = 10


class IllegalTransitionError(RuntimeError):
    """A test asked for a step that a job in this state does not take."""
