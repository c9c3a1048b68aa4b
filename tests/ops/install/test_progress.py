"""What a person sees of pip: a line that changes on a terminal, elsewhere a line every few seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ops.install import progress as module
from ops.install.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable

#: Lines of pip 23.0.1 and, with what a package is from, 26.1. The first package lies on this machine.
PIP = """\
Looking in indexes: https://pypi.org/simple
Ignoring colorama: markers 'sys_platform == "win32"' don't match your environment
Processing /some where/files/annotated_types-0.8.0-py3-none-any.whl (from -r requirements/run.txt (line 11))
Collecting av==17.1.0 (from -r requirements/run.txt (line 24))
  Downloading av-17.1.0-cp310-cp310-manylinux_2_28_x86_64.whl (36.6 MB)
Collecting crcmod==1.7
  Using cached crcmod-1.7.tar.gz (89 kB)
  Preparing metadata (pyproject.toml): finished with status 'done'
Requirement already satisfied: six==1.17.0 in ./lib/python3.10/site-packages
  WARNING: Retrying (Retry(total=4, ...)) after connection broken by 'ReadTimeoutError()'
  Building wheel for crcmod (pyproject.toml): started
Installing collected packages: crcmod, av, annotated-types
"""


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


@pytest.fixture
def play(clock: Clock, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Let pip say a line every so many seconds; gives what is printed."""

    def play(seconds: float, *, live: bool = False, text: str = PIP, total: int | None = 3) -> str:
        progress = Progress("main", total, live=live, began=clock.now)
        for line in text.splitlines(keepends=True):
            clock.now += seconds
            progress.hear(line)
        progress.unpacked(2)
        progress.close()
        return capsys.readouterr().out

    return play


def test_where_lines_stay_each_says_how_far_it_is(play: Callable[..., str]) -> None:
    assert play(5).splitlines() == [
        "  main: fetching 1 of 3: annotated_types (15 s)",
        "  main: fetching 2 of 3: av (20 s)",
        "  main: fetching 2 of 3: av, 36.6 MB (25 s)",
        "  main: fetching 3 of 3: crcmod (30 s)",
        "  main: a connection failed; pip tries again",
        "  main: building crcmod (55 s)",
        "  main: unpacking 2 of 3 (60 s)",
    ]


def test_where_lines_stay_they_are_not_many(play: Callable[..., str]) -> None:
    lines = play(0.5).splitlines()

    assert [line for line in lines if "connection" not in line] == ["  main: fetching 1 of 3: annotated_types (2 s)"]


def test_without_a_total_it_counts(play: Callable[..., str]) -> None:
    assert "fetching 2: av (20 s)" in play(5, total=None)


def test_a_terminal_has_one_line_that_never_wraps(play: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")

    said = play(0.1, live=True, text="Collecting tencentcloud-sdk-python-common==3.1.195\n")

    assert said.count("\n") == 0
    shown = said.split("\r\x1b[K")
    assert shown[1] == "  main: fetching 1 of 3: tencentcloud-s"
    assert shown[-1] == ""


def test_silence_of_pip_is_not_silence(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress("main", 3, live=False, began=clock.now)
    progress.hear("Collecting av==17.1.0\n")
    for _ in range(11):
        clock.now += 1
        progress.wait()

    assert capsys.readouterr().out.splitlines() == [
        f"  main: fetching 1 of 3: av ({seconds} s)" for seconds in (0, 5, 10)
    ]
