"""The body of a reply that comes slowly in process: reading it lets the cloud's own time pass."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faketencent.clock import Clock
    from faketencent.pacing import Step


class Patience:
    """How long a client waits for the next bytes, in seconds; None is for ever."""

    def __init__(self, clock: Clock, seconds: float | None) -> None:
        self._clock = clock
        self._seconds = seconds

    def wait(self, pause: float) -> None:
        """Let the pause pass.

        Raises:
            TimeoutError: it is longer than the client waits.
        """
        if self._seconds is not None and pause > self._seconds:
            self._clock.sleep(self._seconds)
            raise TimeoutError("timed out")
        self._clock.sleep(pause)


class SlowBody(io.RawIOBase):
    """A file that gives one piece a read, after its wait."""

    def __init__(self, steps: Iterator[Step], patience: Patience) -> None:
        self._steps = steps
        self._patience = patience
        self._piece = b""

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - whatever can be written into
        """Give the next piece, or what is left of it."""
        while not self._piece:
            try:
                pause, self._piece = next(self._steps)
            except StopIteration:
                return 0
            self._patience.wait(pause)
        taken = self._piece[: len(buffer)]
        self._piece = self._piece[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)


def buffered(steps: Iterator[Step], patience: Patience) -> io.BufferedReader:
    """The file as `responses` takes it; `read1` gives what is there, as a socket does."""
    return io.BufferedReader(SlowBody(steps, patience))
