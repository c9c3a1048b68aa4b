"""Screens as they are printed, kept as files: `UPDATE_SCREENS=1` writes them again, for a person to look at."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent


def shows(name: str, text: str) -> None:
    """See that the screen of that name looks as it did."""
    file = FOLDER / f"{name}.txt"
    if os.environ.get("UPDATE_SCREENS"):
        file.write_text(text, encoding="utf-8")
    assert file.exists(), f"{file} is not there: UPDATE_SCREENS=1 writes it"
    assert text == file.read_text(encoding="utf-8")
