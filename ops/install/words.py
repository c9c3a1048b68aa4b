"""Sentences for a person, in the width that he has."""

from __future__ import annotations

import shutil
import sys
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDEST = 100


def say(text: str) -> None:
    """Print a sentence; words, and what stands between hyphens, stay whole."""
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    lines = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def listed(things: Sequence[str]) -> str:
    """Like `3.10, 3.11 and 3.12`."""
    *most, last = things
    return f"{', '.join(most)} and {last}" if most else last
