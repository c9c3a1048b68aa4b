"""How the demo tells its story: coloured on a terminal, plain lines elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console


_OF_AN_OUTCOME = ("outcome", "reason", "detail", "key", "job", "correlation")


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
        self._line(f"  [bold]{escape(what)}[/]  [dim]{escape(detail)}[/]" if detail else f"  [bold]{escape(what)}[/]")

    def log_line(self, line: Mapping[str, object]) -> None:
        """Show a function's log line: what matters of an outcome, all of anything else."""
        names = _OF_AN_OUTCOME if "outcome" in line else [name for name in line if name != "level"]
        texts = (f"{name}=[yellow]{escape(_short(str(line[name])))}[/]" for name in names if name in line)
        self._line(f"      log  {'  '.join(texts)}")

    def headers(self, before: Mapping[str, str], after: Mapping[str, str]) -> None:
        """Show an object's headers before and after, what is new in green, what changed in yellow."""
        for name in sorted({*before, *after}):
            old, new = before.get(name), after.get(name)
            if old is None:
                self._line(f"    [green]+ {escape(name)}: {escape(_short(new or ''))}[/]")
            elif new is None:
                self._line(f"    [red]- {escape(name)}: {escape(old)}[/]")
            elif old != new:
                self._line(f"    [yellow]~ {escape(name)}: {escape(old)} -> {escape(new)}[/]")
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


def _short(text: str) -> str:
    return text if len(text) <= 48 else text[:20] + "…" + text[-8:]
