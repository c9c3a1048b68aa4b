"""What `make test` says of itself: at the start what it will do and how long that takes, at the end how long it took.

`python -m tests.outlook plan|begin|end VERSION...`, with any Python: nothing need be installed. A run that went well is
kept in build/, for the next one to say how long it took here.
"""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ops.checkout import BUILD, ROOT
from ops.install.words import listed, say

if TYPE_CHECKING:
    from pathlib import Path

#: Seconds that a run took on two cores, by its own last line: with one Python, and more for each further one.
ONE_PYTHON = 255.0
FURTHER_PYTHON = 8.0
_CORES = 2
#: A day: what is longer was not measured.
_LONGEST = 86400.0


@dataclass(frozen=True)
class Outlook:
    """The Pythons to test on, the cores of this machine, and where runs are kept."""

    versions: tuple[str, ...]
    cores: int
    kept: Path = BUILD / "test-run.json"

    def plan(self) -> None:
        """Say what will be done, and how long it takes."""
        first, *others = self.versions
        say(f"Lint, types, and the tests on Python {listed(self.versions)}, all at once.")
        if others:
            say(f"{first} runs all tests, {listed(others)} those in which a version may matter.")
        if missing := [place for place in self._environments if not (ROOT / place).exists()]:
            say(f"First it installs into {listed([place.rpartition('/')[0] for place in missing])}.")
        say(f"{self.duration()}.")

    def begin(self) -> None:
        """Note the time: all is installed."""
        self._keep(self._known() | {"began": time.time()})

    def end(self) -> None:
        """Say how long it took, and keep it."""
        tested = f"Tested on Python {listed(self.versions)}"
        took = time.time() - self._time("began")
        # Not known, when another run ended meanwhile, or the clock was set.
        if not 0 < took < _LONGEST:
            say(f"{tested}.")
            return
        say(f"{tested}, in {minutes(took)}.")
        self._keep({"versions": self.versions, "cores": self.cores, "seconds": took})

    def duration(self) -> str:
        """How long it will take: as long as the last time, or about as long as it must with so many cores."""
        known = self._known()
        same = (known.get("versions"), known.get("cores")) == (list(self.versions), self.cores)
        if same and (took := self._time("seconds")) > 0:
            return f"The tests took {minutes(took)} here the last time"
        cores = f"{self.cores} cores" if self.cores > 1 else "one core"
        return f"The tests take about {minutes(self.estimate(), rough=True)} on {cores}"

    def estimate(self) -> float:
        """Seconds. More cores share the work, but the first Python's tests run in two processes all the same."""
        work = ONE_PYTHON + FURTHER_PYTHON * (len(self.versions) - 1)
        return max(work * _CORES / self.cores, ONE_PYTHON)

    @property
    def _environments(self) -> list[str]:
        return [".venv/main/tools", *(f".venv/{version}/ready" for version in self.versions[1:])]

    def _known(self) -> dict[str, Any]:
        try:
            known = json.loads(self.kept.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}

    def _time(self, name: str) -> float:
        """A number of the file, 0 if it has none."""
        known = self._known().get(name)
        return known if isinstance(known, float) else 0.0

    def _keep(self, run: dict[str, Any]) -> None:
        self.kept.parent.mkdir(exist_ok=True)
        self.kept.write_text(json.dumps(run), encoding="utf-8")


def minutes(seconds: float, *, rough: bool = False) -> str:
    """Like `5 min 41 s`; rough, like `6 minutes`."""
    if rough:
        whole = max(1, round(seconds / 60))
        return f"{whole} minutes" if whole > 1 else "1 minute"
    whole, rest = divmod(round(seconds), 60)
    return f"{whole} min {rest} s" if whole else f"{rest} s"


def main(step: str, *versions: str) -> None:
    """Take one of the three steps."""
    outlook = Outlook(versions, os.cpu_count() or 1)
    {"plan": outlook.plan, "begin": outlook.begin, "end": outlook.end}[step]()


if __name__ == "__main__":
    main(*sys.argv[1:])
