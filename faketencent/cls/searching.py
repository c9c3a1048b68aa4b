"""What a query finds: https://cloud.tencent.com/document/product/614/47044.

Of the language the fake knows `*`, nothing, and `Field:"value"`, joined by AND.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from faketencent.cls.exceptions import invalid_context, syntax_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from faketencent.cls.topics import Line

_TERM = re.compile(r'([A-Za-z0-9_./@-]+)\s*:\s*"((?:[^"\\]|\\.)*)"')
_AND = re.compile(r"\s+AND\s+", re.IGNORECASE)
_LIFETIME = 3600
_MOST_LINES = 10_000


@dataclass(frozen=True)
class Query:
    """Which fields must hold which values."""

    terms: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, text: str) -> Query:
        """The query of that text.

        Raises:
            ApiError: FailedOperation.SyntaxError.
        """
        if text.strip() in ("", "*"):
            return cls(())
        found = [_TERM.fullmatch(term.strip()) for term in _AND.split(text)]
        terms = tuple((term[1], re.sub(r"\\(.)", r"\1", term[2])) for term in found if term)
        if len(terms) < len(found):
            raise syntax_error(text)
        return cls(terms)

    def finds(self, line: Line) -> bool:
        """Whether the line has all that is asked for, in fields that were indexed when it came."""
        return all(_holds(line, key, value) for key, value in self.terms)


@dataclass(frozen=True)
class Search:
    """The lines of a search that is read page by page, from `offset` on; it began at `began_at`."""

    topic_id: str
    lines: Sequence[Line]
    offset: int
    began_at: float


class Searches:
    """The searches that can be gone on with, by their contexts."""

    def __init__(self) -> None:
        self._open: dict[str, Search] = {}

    def next_page(self, context: str, topic_id: str, now: float) -> Search:
        """The search to go on with.

        Raises:
            ApiError: FailedOperation.InvalidContext.
        """
        search = self._open.get(context)
        if search is None or search.topic_id != topic_id or now - search.began_at >= _LIFETIME:
            raise invalid_context()
        return search

    def page(self, search: Search, limit: int) -> tuple[Sequence[Line], str]:
        """The next lines, and the context for those behind them: empty if there are none, or 10,000 were read."""
        end = search.offset + limit
        lines = search.lines[search.offset : end]
        if end >= min(len(search.lines), _MOST_LINES):
            return lines, ""
        context = f"context-{len(self._open)}"
        self._open[context] = Search(search.topic_id, search.lines, end, search.began_at)
        return lines, context


def _holds(line: Line, key: str, value: str) -> bool:
    separators = line.index.tokenizer(key) if line.index else None
    if separators is None or key not in line.fields:
        return False
    words, wanted = _words(line.fields[key], separators), _words(value, separators)
    return any(words[at : at + len(wanted)] == wanted for at in range(len(words) - len(wanted) + 1))


def _words(text: str, separators: str) -> list[str]:
    folded = text.lower()
    return [word for word in re.split(f"[{re.escape(separators)}]+", folded) if word] if separators else [folded]
