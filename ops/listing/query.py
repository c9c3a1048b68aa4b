"""What is asked of the index, and where a listing that was cut goes on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops.listing.kinds import Kind
from shared.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ops.index.index import Index

_CURSOR = re.compile(r"(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z)/(?P<id>[0-9A-Za-z/-]{1,128})", re.ASCII)
#: There is a result, or there may be one, that was paid for.
_NOT_APPLIED = "(NOT applied AND (job IS NOT NULL OR jobs <> '[]'))"


@dataclass(frozen=True)
class Cursor:
    """The last row that was listed."""

    time: str
    id: str

    def __str__(self) -> str:
        return f"{self.time}/{self.id}"

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """What a listing that was cut said. Raises ConfigurationError."""
        found = _CURSOR.fullmatch(text)
        if not found:
            raise ConfigurationError(f"{text!r} is no place to continue from: copy --after from the end of a list")
        return cls(found["time"], found["id"])


@dataclass(frozen=True)
class Question:
    """Which rows are wanted: of results those that are any of `verdicts`, or not applied; without either, all.

    Without `buckets` all count. `since` is the first time that counts, and `until` the first that does not: UTC, ISO
    8601.
    """

    kind: Kind = Kind.RESULTS
    verdicts: tuple[str, ...] = ()
    not_applied: bool = False
    since: str | None = None
    until: str | None = None
    prefix: str = ""
    buckets: tuple[str, ...] = ()
    after: Cursor | None = None

    def rows(self, index: Index, most: int | None) -> Iterator[dict[str, object]]:
        """The rows, the newest first, one by one. Raises IndexFileError."""
        source = self.kind.value
        where, values = self._conditions()
        sql = (
            f"SELECT *, {source.id} AS cursor FROM {source.view} WHERE {where} "  # noqa: S608 - names of our own
            f"ORDER BY {source.time} DESC, {source.id} DESC LIMIT ?"
        )
        return map(dict, index.rows(sql, *values, -1 if most is None else most))

    def cursor(self, row: Mapping[str, object]) -> Cursor:
        """Where to go on after that row."""
        return Cursor(str(row[self.kind.value.time]), str(row["cursor"]))

    def _conditions(self) -> tuple[str, list[object]]:
        source, values = self.kind.value, list[object]()
        parts = ["1"]

        def add(part: str, *given: object) -> None:
            parts.append(part)
            values.extend(given)

        if self.verdicts or self.not_applied:
            marks = ", ".join("?" for _ in self.verdicts)
            wanted = [f"verdict IN ({marks})", *([_NOT_APPLIED] if self.not_applied else [])]
            add(f"({' OR '.join(wanted)})", *self.verdicts)
        if self.since is not None:
            add(f"{source.time} >= ?", self.since)
        if self.until is not None:
            add(f"{source.time} < ?", self.until)
        if self.buckets:
            add(f"bucket IN ({', '.join('?' for _ in self.buckets)})", *self.buckets)
        if self.prefix:
            add("substr(key, 1, ?) = ?", len(self.prefix), self.prefix)
        if self.after is not None:
            add(f"({source.time}, {source.id}) < (?, ?)", self.after.time, self.after.id)
        return " AND ".join(parts), values
