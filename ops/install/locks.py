"""The lock files, and what was measured of them: how many packages, how much to fetch, how much on disk."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops.checkout import ROOT

if TYPE_CHECKING:
    from pathlib import Path

REQUIREMENTS = ROOT / "requirements"
#: Written by `make lock`; a test holds that it is about the locks as they are.
SIZES = REQUIREMENTS / "sizes.json"
#: What is installed before each set: it builds the one package that exists as source only.
BUILD = "build"


@dataclass(frozen=True)
class Size:
    """What a set comes to: packages, megabytes to fetch, megabytes of the environment that has it."""

    packages: int
    fetch: int
    disk: int

    def about(self) -> str:
        """In words. Other machines and Pythons have other files of the same packages, so it is rounded."""
        return f"about {_rounded(self.fetch, 10)} MB to download, {_rounded(self.disk, 50)} MB on disk"

    def beyond(self, other: Size) -> Size:
        """What is left to do where the other set is installed."""
        return Size(self.packages - other.packages, self.fetch - other.fetch, self.disk - other.disk)


def path_of(name: str) -> Path:
    """The lock file of a set."""
    return REQUIREMENTS / f"{name}.txt"


def digest(name: str) -> str:
    """What tells this lock from others."""
    return hashlib.sha256(path_of(BUILD).read_bytes() + path_of(name).read_bytes()).hexdigest()


def size(name: str) -> Size | None:
    """What was measured of a set; nothing if that was not done for this Python."""
    try:
        measured = json.loads(SIZES.read_text(encoding="utf-8"))[name]
        packages = measured["packages"][f"3.{sys.version_info[1]}"]
    except (OSError, KeyError):
        return None
    return Size(packages, measured["fetch_mb"], measured["disk_mb"])


def _rounded(megabytes: int, step: int) -> int:
    return max(step, round(megabytes / step) * step)
