"""What holds for every command."""

from __future__ import annotations

import io
import sys

import pytest

from ops import cli

#: Says the same on every Python.
pytestmark = pytest.mark.once


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_that_cannot_show_a_name_gets_it_in_other_signs(
    monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    shown = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(shown, encoding=encoding, write_through=True))
    monkeypatch.setattr(cli, "app", lambda **_: sys.stdout.write("\u751f.env"))

    cli.main()

    assert shown.getvalue() == b"\\u751f.env"
