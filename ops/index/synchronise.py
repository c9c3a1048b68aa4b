"""One table of the index, brought to what a listing shows, page by page: what is there already is not read again.

Each page is saved by itself, so a run that is stopped has lost nothing, and memory is flat.
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
        tell(len(page.objects) - len(new))
        for row in in_parallel(read, new):
            if row is not None:
                index.put(table.name, [row])
            tell()
        index.save()
        now = page.now
    return now


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
