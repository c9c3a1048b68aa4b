"""What a person sees of an installation: on a terminal a line that changes, elsewhere a line every few seconds."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass, field

from ops.install import pip
from ops.install.words import width

#: Seconds between two lines where lines stay.
_INTERVAL = 5.0


@dataclass
class Progress:
    """How far an installation is: `name` is the environment's, `total` the number of its packages, if it is known."""

    name: str
    total: int | None
    done: int = 0
    began: float = field(default_factory=time.monotonic)
    #: Several installations at once share a terminal only line by line.
    live: bool = field(
        default_factory=lambda: (
            sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb" and not os.environ.get("INSTALL_LINES")
        )
    )
    _told: float = field(default=float("-inf"), init=False)
    _package: str = field(default="", init=False)
    _doing: str = field(default="", init=False)

    @property
    def seconds(self) -> int:
        """How long it has been going on."""
        return round(time.monotonic() - self.began)

    def say(self, line: str) -> None:
        """Print a line that stays."""
        self._stay(f"  {self.name}: {line}")

    def hear(self, line: str) -> None:
        """Take a line of pip."""
        if found := pip.COLLECTING.match(line) or pip.PROCESSING.match(line):
            self.done += 1
            self._package = found[1]
            self.show(f"fetching {self._count()}: {self._package}")
        elif found := pip.FETCHING.match(line):
            self.show(f"fetching {self._count()}: {self._package}, {found[1]}")
        elif found := pip.BUILDING.match(line):
            self.show(f"building {found[1]}")
        else:
            self.worry(line)

    def worry(self, line: str) -> None:
        """Say it if a line of pip is one of trouble that may pass. What stays trouble, pip says in the end."""
        if pip.RETRYING.match(line):
            self.say("a connection failed; pip tries again")

    def unpacked(self, packages: int) -> None:
        """So many packages are in place."""
        self.done = packages
        self.show(f"unpacking {self._count()}")

    def wait(self) -> None:
        """Show that it goes on, though nothing new is known."""
        self.show(self._doing)

    def show(self, doing: str) -> None:
        """Print what it is at: in the place of what it was at, or if the last line is some seconds old."""
        self._doing = doing
        # The last column stays free: some terminals go to the next line there.
        room = width() - 1
        line = f"  {self.name}: {doing} ({self.seconds} s)"[:room]
        if self.live:
            self._write(line)
        elif time.monotonic() - self._told >= _INTERVAL:
            self._stay(line)

    def close(self) -> None:
        """Leave the terminal to others."""
        if self.live:
            self._write("")

    def _count(self) -> str:
        return f"{self.done} of {self.total}" if self.total else str(self.done)

    def _stay(self, line: str) -> None:
        self._write(f"{line}\n")
        self._told = time.monotonic()

    def _write(self, text: str) -> None:
        # To the beginning of the line, and what it had is gone.
        sys.stdout.write(f"\r\x1b[K{text}" if self.live else text)
        sys.stdout.flush()
