"""What holds for every command."""

from __future__ import annotations

import io
import runpy
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


def test_ctrl_c_before_a_command_has_begun_ends_without_a_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "main", stopped)
    with pytest.raises(SystemExit) as end:
        runpy.run_module("ops", run_name="__main__")
    assert end.value.code == 130
