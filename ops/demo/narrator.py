"""How the demo tells its story: coloured on a terminal, plain lines elsewhere, and never wider than a small one."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from ops.plain import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

#: Where no terminal says how wide it is; on a wider one lines are not longer.
WIDTH = 80
_NARROWEST = 60
_OF_AN_OUTCOME = ("outcome", "reason", "detail", "error", "key")
#: Between the values on one line.
_GAP = "  "
#: How much further in a line goes on that was too long, unless it is a paragraph.
_HANG = 2
#: Characters of an id or a hash; what is longer is shortened.
_LONG = 32
#: What of a URL or a path stays together: a host, a part with the sign before it, a backslash and what is behind it.
_PIECE = re.compile(r"""^"\w+://[^/]+|[/?&]*(?:\\.|[^/?&\\]){1,40}|[/?&]+""")
#: For terminals that know no other signs.
_ASCII = {"✓": "ok", "✗": "FAILED", "…": "..."}
#: What a shell takes for something else between double quotes.
_SPECIAL = re.compile(r'["\\$`]')
#: A text and its style, both of which `rich` knows.
_Part = tuple[str, str]


class Narrator:
    """Prints the story, and keeps count of what did not come out as promised."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.width = min(max(console.width, _NARROWEST), WIDTH)
        self.failures: list[str] = []

    def scene(self, title: str) -> None:
        """Open a scene."""
        self._console.print()
        self._line(0, (title, "bold cyan"))

    def say(self, text: str) -> None:
        """Tell something that is no step of the story."""
        self._line(0, (text, ""))

    def step(self, what: str, detail: str = "") -> None:
        """Something happened."""
        self._line(2, (what, "bold"), (_GAP if detail else "", ""), (detail, "dim"))

    def log_line(self, line: Mapping[str, object]) -> None:
        """Show what matters of a function's log line, if something does."""
        if "outcome" not in line and line.get("level") == "INFO":
            return
        names = [name for name in _OF_AN_OUTCOME if name in line] if "outcome" in line else [*line]
        parts: list[_Part] = [("log", "")]
        for name in names:
            value = str(line[name])
            parts += [(f"{_GAP}{name}=", ""), (value if name == "key" else shortened(value), "yellow")]
        self._line(6, *parts)

    def fields(self, fields: Mapping[str, str]) -> None:
        """Show some fields of a document, or what else has names."""
        for name, value in fields.items():
            self._line(6, (f"{name}: ", ""), (shortened(value), "yellow"))

    def headers(self, before: Mapping[str, str], after: Mapping[str, str]) -> None:
        """Show an object's headers as they are now, what is new in green, what changed in yellow."""
        for name in sorted({*before, *after}):
            sign, style = "  ", "dim"
            if name not in before:
                sign, style = "+ ", "green"
            elif name not in after:
                sign, style = "- ", "red"
            elif before[name] != after[name]:
                sign, style = "~ ", "yellow"
            self._line(4, (f"{sign}{name}: {shortened({**before, **after}[name])}", style))

    def check(self, promise: str, *, kept: bool) -> None:
        """Say whether something came out as promised."""
        parts = [("✓", "green"), (f" {promise}", "")] if kept else [(f"✗ {promise}", "bold red")]
        self._line(2, *parts)
        if not kept:
            self.failures.append(promise)

    def command(self, *words: str) -> None:
        """Show a command to be copied. Nothing is shortened: a line that ends in a backslash goes on in the next."""
        lines = [""]
        for piece in (piece for word in words for piece in self._pieces(word)):
            if cell_len(lines[-1] + piece) >= self.width:
                lines.append("")
            lines[-1] += piece
        self._console.print()
        self._print("\\\n".join(lines).rstrip())
        self._console.print()

    def _pieces(self, word: str) -> list[str]:
        special = _SPECIAL.sub(r"\\\g<0>", word)
        typed = f"{word} " if shlex.quote(word) == word else f'"{special}" '
        return [typed] if cell_len(typed) < self.width else _PIECE.findall(typed)

    def end(self) -> None:
        """Close the story."""
        self._console.print()
        if self.failures:
            self._line(0, (f"{len(self.failures)} of these did not come out as promised.", "bold red"))
        else:
            self._line(0, ("Everything came out as promised.", "bold green"))
            self._line(0, ("Each video had one job; the result is on the object itself.", ""))

    def _line(self, indent: int, *parts: _Part) -> None:
        """One line, or more of them where the terminal has not enough room: broken between words."""
        further = indent + _HANG if indent else 0
        room = self.width - further
        text = Text.assemble(*((self._shown(part, room), style) for part, style in parts))
        for number, line in enumerate(text.wrap(self._console, room)):
            line.rstrip()
            self._print(Text(" " * (further if number else indent)) + line)

    def _shown(self, text: str, room: int) -> str:
        """The text in signs that the terminal knows, without words that are longer than the room."""
        text = " ".join(shortened(word) if cell_len(word) > room else word for word in plain(text).split(" "))
        if self._console.options.ascii_only:
            for sign, replacement in _ASCII.items():
                text = text.replace(sign, replacement)
        return text

    def _print(self, text: str | Text) -> None:
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)


def shortened(text: str) -> str:
    """The text, or so much of both its ends that one can tell it from others."""
    return text if len(text) <= _LONG else f"{text[:12]}…{text[-8:]}"
