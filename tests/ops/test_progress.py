"""What shows how far a command is: never among the data."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from ops.progress import follower

if TYPE_CHECKING:
    from collections.abc import Callable

#: Says the same on every Python.
pytestmark = pytest.mark.once


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("output", [io.StringIO, Terminal])
def test_data_that_goes_to_a_file_stays_on_its_way_under_a_bar(
    monkeypatch: pytest.MonkeyPatch, output: Callable[[], io.StringIO]
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    data, talk = output(), Terminal()
    monkeypatch.setattr(sys, "stdout", data)
    monkeypatch.setattr(sys, "stderr", talk)

    with follower(quiet=False)("looking") as tell:
        print("a.mp4\tours")  # noqa: T201 - what this is about
        tell()

    # On one terminal, rich puts it above the bar.
    shown = talk if data.isatty() else data
    assert "a.mp4" in shown.getvalue()
    assert "looking" not in data.getvalue()
