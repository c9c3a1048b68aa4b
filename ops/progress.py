"""How far a long command is: a bar on a terminal, a line of JSON every few seconds elsewhere; on standard error."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ops import waiting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from rich.progress import TaskID

#: Seconds between two lines of JSON.
_PERIOD = 5


class Tell(Protocol):
    """Says that so much more is done; `total` is how much there is, as soon as it is known; `remark` is short."""

    def __call__(self, more: int = 1, *, total: int | None = None, remark: str = "") -> None: ...  # noqa: D102 - above


class Follow(Protocol):
    """Opens a progress for one part of a command, named in a few words such as `reading records`."""

    def __call__(self, what: str, total: int | None = None) -> AbstractContextManager[Tell]: ...  # noqa: D102 - above


def follower(*, quiet: bool) -> Follow:
    """What shows progress as this process's standard error can."""
    if quiet:
        return _silent
    return _bar if sys.stderr.isatty() else _lines


@contextmanager
def _silent(what: str, total: int | None = None) -> Iterator[Tell]:  # noqa: ARG001 - as the others
    def tell(more: int = 1, *, total: int | None = None, remark: str = "") -> None:
        """Nothing."""

    yield tell


@contextmanager
def _bar(what: str, total: int | None = None) -> Iterator[Tell]:
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}", markup=False),
        TimeRemainingColumn(),
        TextColumn("{task.fields[remark]}", markup=False),
    )
    console = Console(stderr=True)
    # Above the bar goes what is printed meanwhile, but only to the terminal: data on its way to a file stays on it.
    data_here = sys.stdout.isatty()
    with Progress(*columns, console=console, transient=True, expand=True, redirect_stdout=data_here) as shown:
        task = shown.add_task(what, total=total, rate="", remark="")
        yield _on(shown, task)


def _on(shown: Progress, task: TaskID) -> Tell:
    def tell(more: int = 1, *, total: int | None = None, remark: str = "") -> None:
        shown.update(task, advance=more)
        if total is not None:
            shown.update(task, total=total)
        speed = shown.tasks[0].finished_speed or shown.tasks[0].speed
        shown.update(task, rate=f"{speed:.0f}/s" if speed else "", remark=remark)

    return tell


@contextmanager
def _lines(what: str, total: int | None = None) -> Iterator[Tell]:
    begun = last = waiting.now()
    done, whole = 0, total

    def tell(more: int = 1, *, total: int | None = None, remark: str = "") -> None:
        nonlocal done, last, whole
        done, whole = done + more, whole if total is None else total
        now = waiting.now()
        if now - last >= _PERIOD:
            last = now
            _print({"doing": what, "done": done, "total": whole, "per_second": done / (now - begun), "remark": remark})

    yield tell


def _print(fields: dict[str, object]) -> None:
    known = {name: round(value, 1) if isinstance(value, float) else value for name, value in fields.items() if value}
    print(json.dumps({"v": 1, **known}), file=sys.stderr, flush=True)  # noqa: T201 - talk, not data
