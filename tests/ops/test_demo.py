"""The demo plays the main job over real HTTP, and knows whether it came out right."""

from __future__ import annotations

import io
from unittest.mock import patch

import pytest
from rich.console import Console

import functions.callback
from ops.demo.channel import Channel
from ops.demo.narrator import WIDTH
from ops.demo.play import run
from shared.events.http import answer

#: Says the same on every Python.
pytestmark = pytest.mark.once


def play(*, force_terminal: bool | None = None) -> tuple[int, str]:
    printed = io.StringIO()
    status = run(Console(file=printed, width=200, force_terminal=force_terminal))
    return status, printed.getvalue()


def test_it_ends_well_and_prints_plain_lines_where_there_is_no_terminal() -> None:
    status, text = play()

    assert status == 0
    assert text.endswith("All of it came out as promised.\n")
    assert "\x1b" not in text


def test_no_line_is_wider_than_a_small_terminal() -> None:
    _, text = play()
    assert [line for line in text.splitlines() if len(line) > WIDTH] == []


def test_it_is_coloured_on_a_terminal() -> None:
    _, text = play(force_terminal=True)
    assert "\x1b[" in text


def test_a_terminal_that_knows_only_ascii_is_spared_other_signs() -> None:
    printed = io.BytesIO()
    text = io.TextIOWrapper(printed, encoding="ascii", errors="strict", write_through=True)

    status = run(Console(file=text, width=200), [Channel.TDMQ])

    assert status == 0
    assert "ok the timer took it to the object" in printed.getvalue().decode()


def test_it_fails_when_something_does_not_come_out_right() -> None:
    def deaf(_event: object, _context: object) -> dict[str, object]:
        return answer(200)

    with patch.object(functions.callback, "main_handler", deaf):
        status, text = play()

    assert status == 1
    assert "✗ the verdict is on the object" in text
