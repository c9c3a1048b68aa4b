"""The ways that an invocation can go, each a row of the table."""

from __future__ import annotations

from enum import Enum


class Path(Enum):
    """What the platform invokes a function with."""

    VIDEO = "a new video"
    SKIP = "no video"
    CALLBACK = "a callback"
    FORGED = "a forged callback"
    IDLE = "timer, nothing in flight"
    EMPTY_QUEUE = "timer, an empty queue"

    @property
    def function(self) -> str:
        """The function that is invoked."""
        return "submit" if self in (Path.VIDEO, Path.SKIP) else "callback"

    @property
    def calls_the_cloud(self) -> bool:
        """Whether ours sends requests on this way."""
        return self not in (Path.SKIP, Path.FORGED)
