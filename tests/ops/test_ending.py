"""Whatever goes wrong on this machine is a line, too."""

from __future__ import annotations

import errno

import pytest
import typer

from ops.ending import Code, in_words

#: Says the same on every Python.
pytestmark = pytest.mark.once


def test_a_full_disk_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as caught, in_words():
        raise OSError(errno.ENOSPC, "No space left on device")

    assert caught.value.exit_code == Code.UNSEEN
    assert capsys.readouterr().err == "what is printed cannot be read or written (No space left on device)\n"


def test_a_closed_pipe_is_for_the_command_line_to_end_quietly() -> None:
    with pytest.raises(BrokenPipeError), in_words():
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")
