"""The time, for commands that wait for the cloud; tests put their own in the place of `time`."""

from __future__ import annotations

import time


def now() -> float:
    """Seconds since 1970."""
    return time.time()


def pause(seconds: float) -> None:
    """Wait."""
    time.sleep(seconds)
