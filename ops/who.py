"""Who runs a command, as this machine calls them: for people, and never believed."""

from __future__ import annotations

import getpass


def whoever() -> str:
    """The name, or that of the part that they play where there is none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "an operator"
