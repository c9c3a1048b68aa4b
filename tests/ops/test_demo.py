"""The demo plays the main job over real HTTP, knows whether it came out right, and fits a small terminal."""

from __future__ import annotations

import io
import socket
import subprocess
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from rich.cells import cell_len
from rich.console import Console
from typer.testing import CliRunner

import functions.callback
from faketencent.clock import WallClock
from ops.cli import app
from ops.demo.channel import Channel
from ops.demo.narrator import WIDTH, Narrator
from ops.demo.play import run
from ops.readme import without_chance
from shared.events.http import answer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: Says the same on every Python.
pytestmark = pytest.mark.once

#: The whole story on one screen: the README shows it.
LAST = """\
Balance
  ✓ videos: 3, jobs: 3
  ✓ records in the ledger: 3
  ✓ claims left: 0
  the headers now on  holiday/beach 1.mp4
      x-cos-meta-watermark: found
      x-cos-meta-watermark-text: Studio-7_2026

Everything came out as promised.
Each video had one job; the result is on the object itself.
  make demo KEEP=1       keep the cloud running, use it
  make demo DEMO=tdmq    callbacks by a TDMQ queue only
  ./cos-watermark setup  start on an account of your own
  docs/deploy.md         what that does, step by step
"""


def play(
    channels: Sequence[Channel] = tuple(Channel), *, width: int = WIDTH, force_terminal: bool | None = None
) -> tuple[int, str]:
    printed = io.StringIO()
    with patch.object(WallClock, "sleep"):
        status = run(Console(file=printed, width=width, force_terminal=force_terminal), channels)
    return status, printed.getvalue()


@pytest.fixture(scope="module")
def transcripts() -> dict[int, str]:
    """All of it, as it is on terminals of these widths."""
    played = {width: play(width=width) for width in (60, 80)}
    assert [status for status, _ in played.values()] == [0, 0]
    return {width: text for width, (_, text) in played.items()}


@pytest.mark.parametrize("width", [60, 80])
def test_its_last_lines_tell_the_whole_story_and_what_to_do_next(transcripts: dict[int, str], width: int) -> None:
    assert transcripts[width].endswith(f"\n\n{LAST}")


@pytest.mark.parametrize("width", [60, 80])
def test_no_line_is_wider_than_the_terminal(transcripts: dict[int, str], width: int) -> None:
    assert [line for line in transcripts[width].splitlines() if cell_len(line) > width] == []


def test_no_word_is_broken(transcripts: dict[int, str]) -> None:
    narrow, wide = (without_chance(text).split() for text in transcripts.values())
    assert narrow == wide


def test_it_prints_plain_lines_where_there_is_no_terminal(transcripts: dict[int, str]) -> None:
    assert "\x1b" not in transcripts[80]


def test_it_is_coloured_on_a_terminal() -> None:
    _, text = play([Channel.TDMQ], force_terminal=True)

    assert "\x1b[" in text
    assert "DEMO=tdmq" not in text, "what was just seen is not what to do next"


def test_no_address_is_named_that_answers_no_more(transcripts: dict[int, str]) -> None:
    assert "127.0.0.1" not in transcripts[80]


def test_a_terminal_that_knows_only_ascii_is_spared_other_signs() -> None:
    printed = io.BytesIO()
    text = io.TextIOWrapper(printed, encoding="ascii", errors="strict", write_through=True)

    status = run(Console(file=text, width=200), [Channel.TDMQ])

    assert status == 0
    assert "ok the timer wrote the result onto the object" in printed.getvalue().decode()


def test_it_fails_when_something_does_not_come_out_right() -> None:
    def deaf(_event: object, _context: object) -> dict[str, object]:
        return answer(200)

    with patch.object(functions.callback, "main_handler", deaf):
        status, text = play([Channel.URL])

    assert status == 1
    assert "✗ the result is on the object" in text
    assert text.endswith("of these did not come out as promised.\n")


def told(tell: Callable[[Narrator], object], width: int = 60) -> str:
    printed = io.StringIO()
    tell(Narrator(Console(file=printed, width=width)))
    return printed.getvalue()


def test_a_word_without_end_is_shortened() -> None:
    assert told(lambda narrator: narrator.step("uploaded", "a" * 100)) == "  uploaded  aaaaaaaaaaaa…aaaaaaaa\n"


def test_what_would_steer_the_terminal_is_not_shown() -> None:
    assert told(lambda narrator: narrator.step("uploaded", "a\x1b[2Jb")) == "  uploaded  a [2Jb\n"


def test_a_shell_reads_a_command_as_it_was_meant() -> None:
    words = [f"http://host/{'path/' * 20}?a=1&b=%3B;2", 'a folder/中 $文`"\\/demo.env', f"b {'a' * 100}", "-I"]
    text = told(lambda narrator: narrator.command("printf", "%s\\n", *words))

    assert [line for line in text.splitlines() if cell_len(line) > 60] == []
    done = subprocess.run(["/bin/sh"], input=text, capture_output=True, check=True, encoding="utf-8")
    assert done.stdout.splitlines() == words


def test_a_port_that_is_taken_is_a_plain_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = CliRunner().invoke(app, ["demo", "--port", str(port)])

    assert done.exit_code == 2
    assert done.output == f"port {port} cannot be used here (Address already in use): take another, or none\n"


def test_an_unknown_channel_is_a_plain_error() -> None:
    done = CliRunner().invoke(app, ["demo"], env={"DEMO": "mail"})

    assert done.exit_code == 2
    assert "'mail' is not one of 'url', 'tdmq'" in done.output


def test_ctrl_c_in_the_middle_ends_in_a_line() -> None:
    with patch("ops.demo.play.run", side_effect=KeyboardInterrupt):
        done = CliRunner().invoke(app, ["demo"])

    assert done.exit_code == 130
    assert done.output == "stopped; the fake cloud has ended, and nothing in it is kept\n"
