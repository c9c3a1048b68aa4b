"""What a query finds: https://cloud.tencent.com/document/product/614/47044.

Of the language the fake knows `*`, nothing, and `Field:"value"`, joined by AND, OR, NOT and parentheses. A value that
has a wildcard is refused, and so is what stands beside something without a word between them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from faketencent.cls.exceptions import invalid_context, syntax_error
from faketencent.cls.topics import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

_TOKEN = re.compile(r'\s*(?:((?:AND|OR|NOT)\b|[()])|([A-Za-z0-9_./@-]+):"((?:[^"\\*?]|\\.)+)")\s*')
_LIFETIME = 3600
_MOST_LINES = 10_000
#: Whether a line is found.
Condition = Callable[[Line], bool]


@dataclass(frozen=True)
class Query:
    """What must hold of a line, in fields that were indexed when it came."""

    finds: Condition

    @classmethod
    def read(cls, text: str) -> Query:
        """The query of that text.

        Raises:
            ApiError: FailedOperation.SyntaxError.
        """
        if text.strip() in ("", "*"):
            return cls(lambda _: True)
        reader = _Reader(text)
        found = reader.any_of()
        if reader.word:
            raise syntax_error(text)
        return cls(found)


class _Reader:
    """Reads a query from its beginning: `word` is the operator that is next, or `:` for a field, or nothing."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self.word = ""
        self._field = self._value = ""
        self._next()

    def any_of(self) -> Condition:
        """Conditions with OR between them."""
        found = [self._all_of()]
        while self.word == "OR":
            self._next()
            found.append(self._all_of())
        return lambda line: any(holds(line) for holds in found)

    def _all_of(self) -> Condition:
        found = [self._one()]
        while self.word in ("AND", "NOT"):
            if self.word == "AND":
                self._next()
            found.append(self._one())
        return lambda line: all(holds(line) for holds in found)

    def _one(self) -> Condition:
        if self.word == "NOT":
            self._next()
            inner = self._one()
            return lambda line: not inner(line)
        if self.word == "(":
            self._next()
            group = self.any_of()
            self._expect(")")
            return group
        key, value = self._field, self._value
        self._expect(":")
        return lambda line: _holds(line, key, re.sub(r"\\(.)", r"\1", value))

    def _expect(self, word: str) -> None:
        if self.word != word:
            raise syntax_error(self._text)
        self._next()

    def _next(self) -> None:
        if self._at == len(self._text):
            self.word = ""
            return
        found = _TOKEN.match(self._text, self._at)
        if found is None:
            raise syntax_error(self._text)
        self._at = found.end()
        self.word, self._field, self._value = found[1] or ":", found[2], found[3]


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
