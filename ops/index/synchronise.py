"""One table of the index, brought to what a listing shows, page by page: what is there already is not read again.

What was read is saved some at a time, so a run that is stopped loses nothing, memory is flat, and no other command
waits for long to write into the same file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops.parallel import in_parallel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ops.index.index import Index
    from ops.progress import Tell
    from ops.tencent.videos import Listed, Page

#: How many rows are saved at once.
_AT_ONCE = 100
#: A row to be stored, or nothing where the object is gone or is not what its name says.
Fields = dict[str, object]


@dataclass(frozen=True)
class Table:
    """A table whose primary key ends with `column`, which is the name that is listed; `where` picks a part of it.

    Two listed objects are the same if all of `same` are, which are columns by the names that `Listed` has for them.
    """

    name: str
    column: str
    same: tuple[str, ...] = ("etag",)
    where: str = "1"
    values: tuple[object, ...] = ()


def synchronise(
    index: Index, table: Table, pages: Iterable[Page], read: Callable[[Listed], Fields | None], tell: Tell
) -> int:
    """Bring the table to what the pages show; COS's time of the last page. `read` is called in several threads.

    Raises:
        CloudError, IndexFileError: what came before stays.
    """
    now = 0
    for page in pages:
        known = _known(index, table, page)
        new = [one for one in page.objects if known.pop(one.key, None) != _identity(one, table)]
        _forget(index, table, list(known))
        index.save()
        tell(len(page.objects) - len(new))
        _read(index, table, new, read, tell)
        now = page.now
    return now


def _read(index: Index, table: Table, new: list[Listed], read: Callable[[Listed], Fields | None], tell: Tell) -> None:
    rows: list[Fields] = []
    gone: list[str] = []

    def save() -> None:
        index.put(table.name, rows)
        # Also what there was of it before it became what cannot be read.
        _forget(index, table, gone)
        index.save()
        rows.clear()
        gone.clear()

    try:
        for row, listed in zip(in_parallel(read, new), new, strict=True):
            if row is None:
                gone.append(listed.key)
            else:
                rows.append(row)
            tell()
            if len(rows) >= _AT_ONCE:
                save()
    finally:
        save()


def _identity(listed: Listed, table: Table) -> tuple[object, ...]:
    return tuple(getattr(listed, name) for name in table.same)


def _known(index: Index, table: Table, page: Page) -> dict[str, tuple[object, ...]]:
    """What the table has where the page lies, by name."""
    column, end = table.column, "" if page.last is None else f"AND {table.column} <= ?"
    sql = f"SELECT {column}, {', '.join(table.same)} FROM {table.name} WHERE {table.where} AND {column} > ? {end}"  # noqa: S608 - our own names
    values = (*table.values, page.after, *(() if page.last is None else (page.last,)))
    return {row[0]: tuple(row)[1:] for row in index.rows(sql, *values)}


def _forget(index: Index, table: Table, names: list[str]) -> None:
    sql = f"DELETE FROM {table.name} WHERE {table.where} AND {table.column} = ?"  # noqa: S608 - as above
    index.change_each(sql, [(*table.values, name) for name in names])
