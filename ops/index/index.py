"""The index of one ledger: an SQLite file. What is in it can be had again from the ledger at any time."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ops.errors import IndexFileError
from ops.index.schema import SCHEMA, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

#: Seconds that one command waits for another that writes.
_PATIENCE = 60
#: How many rows are in memory at a time.
_STEP = 1000
Row = sqlite3.Row


class Index:
    """An open index. Every method raises IndexFileError if the file or the disk does not do what is asked."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    def rows(self, sql: str, *values: object) -> Iterator[Row]:
        """What a question finds, row by row."""
        with _explained(self.path):
            # Not `yield from`: a reader that stops would close a cursor of a file that may be closed by then.
            for row in self._connection.execute(sql, values):  # noqa: UP028 - as above
                yield row

    def one(self, sql: str, *values: object) -> Any:  # noqa: ANN401 - whatever is asked for
        """The first column of the first row; `None` if there is none."""
        row = next(self.rows(sql, *values), None)
        return None if row is None else row[0]

    def walk(self, table: str, where: str = "1", *values: object) -> Iterator[Row]:
        """The rows of `objects`, or a view of them, by bucket and key; the table may be changed meanwhile."""
        place = ("", "")
        while True:
            sql = f"SELECT * FROM {table} WHERE {where} AND (bucket, key) > (?, ?) ORDER BY bucket, key LIMIT {_STEP}"  # noqa: S608 - our own words
            rows = list(self.rows(sql, *values, *place))
            yield from rows
            if len(rows) < _STEP:
                return
            place = (rows[-1]["bucket"], rows[-1]["key"])

    def put(self, table: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Put rows in, in the place of those with the same primary key."""
        if not rows:
            return
        names = list(rows[0])
        marks = ", ".join(f":{name}" for name in names)
        sql = f"INSERT OR REPLACE INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - names of our own
        with _explained(self.path):
            self._connection.executemany(sql, rows)

    def change(self, sql: str, *values: object) -> None:
        """Run a statement that gives nothing back."""
        with _explained(self.path):
            self._connection.execute(sql, values)

    def change_each(self, sql: str, values: Sequence[Sequence[object]]) -> None:
        """Run a statement for each of these."""
        with _explained(self.path):
            self._connection.executemany(sql, values)

    def save(self) -> None:
        """Have all changes so far stay, whatever comes."""
        with _explained(self.path):
            self._connection.commit()

    def note(self, name: str) -> str:
        """What `about` says; empty if nothing."""
        return str(self.one("SELECT value FROM about WHERE name = ?", name) or "")

    def set_note(self, name: str, value: str) -> None:
        """Have `about` say something."""
        self.change("INSERT OR REPLACE INTO about VALUES (?, ?)", name, value)


@contextmanager
def open_index(path: Path) -> Iterator[Index]:
    """The index in that file, which is made if it is not there, or is of another version of this code.

    Raises:
        IndexFileError: it cannot be opened, or is something else.
    """
    with _explained(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=_PATIENCE)
        connection.row_factory = Row
    try:
        with _explained(path):
            _prepare(connection)
        yield Index(path, connection)
    finally:
        # What was not saved is rolled back.
        connection.close()


def _prepare(connection: sqlite3.Connection) -> None:
    # Readers, such as Datasette, and one writer do not wait for each other.
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("BEGIN IMMEDIATE")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version != VERSION:
        _make_anew(connection)
    connection.commit()


def _make_anew(connection: sqlite3.Connection) -> None:
    named = "SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'"
    for kind, name in connection.execute(named).fetchall():
        connection.execute(f'DROP {kind} "{name}"')
    for statement in SCHEMA.split(";"):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {VERSION}")


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        what = str(error) if isinstance(error, sqlite3.Error) else error.strerror or type(error).__name__
        raise IndexFileError(
            f"{path} cannot be used ({what}). All that is in it is also in the cloud: free disk space, or delete "
            "it, and run the command again"
        ) from error
