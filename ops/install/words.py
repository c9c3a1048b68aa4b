"""Sentences for a person, in the width that he has."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDEST = 100
_USUAL = (80, 24)


def width() -> int:
    """The columns of the terminal: where output goes, or errors, if output goes into a pipe."""
    try:
        beside = os.get_terminal_size(sys.stderr.fileno())
    except (OSError, ValueError):
        beside = os.terminal_size(_USUAL)
    return shutil.get_terminal_size(beside).columns


def say(text: str) -> None:
    """Print a sentence; words, and what stands between hyphens, stay whole."""
    lines = textwrap.wrap(text, min(width(), _WIDEST), break_long_words=False, break_on_hyphens=False)
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def listed(things: Sequence[str]) -> str:
    """Like `3.10, 3.11 and 3.12`."""
    *most, last = things
    return f"{', '.join(most)} and {last}" if most else last
