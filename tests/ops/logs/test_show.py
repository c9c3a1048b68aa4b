"""How lines look: at 60 columns, in a pipe, to a program; and that no text steers a terminal."""

from __future__ import annotations

import io
import json
import time
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from ops.logs.line import LogLine
from ops.logs.show import printer, to_json, to_text
from shared.log import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Says the same on every Python.
pytestmark = pytest.mark.once

BUCKET = "videos-1250000000"
LINES = (
    LogLine(
        1767225605.25,
        Level.INFO,
        "submit",
        {"event": "submit", "outcome": "submitted", "bucket": BUCKET, "key": "uploads/a.mp4", "job": "j4f91a7090a25"},
    ),
    LogLine(
        1767225606,
        Level.ERROR,
        "callback",
        {
            "event": "sweep",
            "outcome": "held",
            "reason": "refused",
            "bucket": BUCKET,
            "key": "假期/海边/生日聚会的视频.mp4",
            "region": "ap-beijing",
            "correlation": "0f" * 32,
            "error": "Blocked",
            "message": "POST ci jobs: 403 AccessDenied. Give the role its policy",
            "status": 403,
            "retryable": 1,
        },
    ),
    LogLine(1767225660, Level.INFO, "callback", {"event": "sweep_done", "in_flight": 3, "oldest": 40, "complete": 1}),
    LogLine(1767225661, Level.WARNING, "submit", {"message": "some other text"}),
    LogLine(1767225662, Level.ERROR, "callback", {"event": "callback", "trace": "Traceback:\n  File\nValueError: x"}),
)
PIPED = """\
2026-01-01 00:00:05Z INFO    submit   submitted videos-1250000000/uploads/a.mp4 job j4f91a7090a25
2026-01-01 00:00:06Z ERROR   callback sweep held refused videos-1250000000/假期/海边/生日聚会的视频.mp4 \
Blocked: POST ci jobs: 403 AccessDenied. Give the role its policy
2026-01-01 00:01:00Z INFO    callback sweep_done in_flight=3 oldest=40 complete=1
2026-01-01 00:01:01Z WARNING submit   some other text
2026-01-01 00:01:02Z ERROR   callback Traceback:   File ValueError: x
"""
AT_60 = """\
2026-01-01 00:00:05Z INFO    submit   submitted
    videos-1250000000/uploads/a.mp4 job j4f91a7090a25
2026-01-01 00:00:06Z ERROR   callback sweep held refused
    videos-1250000000/假期/海边/生日聚会的视频.mp4 Blocked:
    POST ci jobs: 403 AccessDenied. Give the role its policy
2026-01-01 00:01:00Z INFO    callback sweep_done
    in_flight=3 oldest=40 complete=1
2026-01-01 00:01:01Z WARNING submit   some other text
2026-01-01 00:01:02Z ERROR   callback Traceback:   File
    ValueError: x
"""


def on_a_terminal(*lines: LogLine, width: int = 60, **options: object) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=True, **options)  # type: ignore[arg-type]
    show = printer(as_json=False, utc=True, console=console)
    for line in lines:
        show(line)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert isinstance(text, str)
    return text


def test_in_a_pipe_each_is_one_row(capsys: pytest.CaptureFixture[str]) -> None:
    show = printer(as_json=False, utc=True)
    for line in LINES:
        show(line)

    assert capsys.readouterr().out == PIPED


def test_on_a_narrow_terminal_further_rows_are_indented() -> None:
    assert on_a_terminal(*LINES, color_system=None) == AT_60


def test_how_bad_it_is_has_a_colour_unless_somebody_wants_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[1;31mERROR\x1b[0m" in on_a_terminal(LINES[1], color_system="standard")

    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[1;31m" not in on_a_terminal(LINES[1], color_system="standard")


def test_to_a_program_each_is_an_object_in_ascii() -> None:
    document = json.loads(to_json(LINES[0]))

    assert document == {
        "v": 1,
        "at": "2026-01-01T00:00:05.250Z",
        "level": "INFO",
        "function": "submit",
        "run": "",
        "fields": dict(LINES[0].fields),
    }
    assert to_json(LINES[1]).isascii()


@pytest.mark.parametrize(
    "text", ["\x1b[2J\x1b]0;owned\x07", "a\nERROR b\r", "\u202egpj", "\ud800", "[red]x[/red]", "x" * 4096, "🎬" * 50]
)
@pytest.mark.parametrize("field", ["key", "message", "job", "somebody\x1b[1ms"])
def test_no_text_steers_a_terminal(text: str, field: str) -> None:
    line = LogLine(0, Level.INFO, "submit", {"event": "submit", field: text})

    for shown in (to_text(line, utc=True), on_a_terminal(line, color_system=None).replace("\n", "")):
        assert shown.isprintable()
    assert ("[red]x[/red]" in to_text(line, utc=True)) == (text == "[red]x[/red]")
    assert json.loads(to_json(line))["fields"][field] == text


@pytest.fixture
def _beijing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_beijing")
def test_times_are_local_unless_somebody_wants_utc() -> None:
    assert to_text(LINES[0], utc=False).startswith("2026-01-01 08:00:05 INFO")
    assert to_text(LINES[0], utc=True).startswith("2026-01-01 00:00:05Z INFO")
