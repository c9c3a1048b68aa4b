"""How the demo tells its story: coloured on a terminal, plain lines elsewhere, and never wider than a small one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rich.console import Console

WIDTH = 80
_OF_AN_OUTCOME = ("outcome", "reason", "detail", "key", "job", "correlation")
#: Between the values on one line.
_GAP = "  "
#: For terminals that know no other signs.
_ASCII = {"✓": "ok", "✗": "FAILED", "…": "..."}


class Narrator:
    """Prints the story, and keeps count of what did not come out as promised."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.failures: list[str] = []

    def scene(self, title: str) -> None:
        """Open a scene."""
        self._line(f"\n[bold cyan]{escape(title)}[/]")

    def step(self, what: str, detail: str = "") -> None:
        """Something happened."""
        shown = f"{_GAP}[dim]{escape(detail)}[/]" if detail else ""
        self._line(f"  [bold]{escape(what)}[/]{shown}")

    def log_line(self, line: Mapping[str, object]) -> None:
        """Show a function's log line: what matters of an outcome, all of anything else."""
        names = _OF_AN_OUTCOME if "outcome" in line else [name for name in line if name != "level"]
        first, *others = _rows([(name, shortened(str(line[name]))) for name in names if name in line], WIDTH - 11)
        self._line(f"      log{_GAP}{_assignments(first)}")
        for row in others:
            self._line(f"         {_GAP}{_assignments(row)}")

    def fields(self, fields: Mapping[str, str]) -> None:
        """Show some fields of a document."""
        for name, value in fields.items():
            self._line(f"      {escape(name)}: [yellow]{escape(shortened(value))}[/]")

    def headers(self, before: Mapping[str, str], after: Mapping[str, str]) -> None:
        """Show an object's headers as they are now, what is new in green, what changed in yellow."""
        for name in sorted({*before, *after}):
            old, new = before.get(name), after.get(name)
            if old is None:
                self._line(f"    [green]+ {escape(name)}: {escape(shortened(new or ''))}[/]")
            elif new is None:
                self._line(f"    [red]- {escape(name)}: {escape(old)}[/]")
            elif old != new:
                self._line(f"    [yellow]~ {escape(name)}: {escape(new)}[/]")
            else:
                self._line(f"      [dim]{escape(name)}: {escape(old)}[/]")

    def check(self, promise: str, *, kept: bool) -> None:
        """Say whether something came out as promised."""
        self._line(f"  [green]✓[/] {escape(promise)}" if kept else f"  [bold red]✗ {escape(promise)}[/]")
        if not kept:
            self.failures.append(promise)

    def end(self) -> None:
        """Close the story."""
        if self.failures:
            self._line(f"\n[bold red]{len(self.failures)} of these did not come out as promised.[/]")
        else:
            self._line("\n[bold green]All of it came out as promised.[/]")

    def _line(self, markup: str) -> None:
        if self._console.options.ascii_only:
            for sign, plain in _ASCII.items():
                markup = markup.replace(sign, plain)
        self._console.print(markup, highlight=False, soft_wrap=True)


def shortened(text: str) -> str:
    """The text, or so much of both its ends that one can tell it from others."""
    return text if len(text) <= 36 else f"{text[:12]}…{text[-8:]}"


def _rows(pairs: Iterable[tuple[str, str]], width: int) -> Iterator[list[tuple[str, str]]]:
    """The pairs on as many lines as they need."""
    row: list[tuple[str, str]] = []
    used = 0
    for name, value in pairs:
        length = len(name) + 1 + len(value) + len(_GAP)
        if row and used + length > width:
            yield row
            row, used = [], 0
        row.append((name, value))
        used += length
    yield row


def _assignments(row: Iterable[tuple[str, str]]) -> str:
    return _GAP.join(f"{escape(name)}=[yellow]{escape(value)}[/]" for name, value in row)
