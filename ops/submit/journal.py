"""What one request chose, and how far it got: a file that a run which was stopped goes on from.

One file a request. Only one process can have it open; when the process ends, however it ends, the next one has it.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections import Counter
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from ops.errors import IndexFileError
from ops.submit.decision import LeftOut
from shared.domain.objects import RUN, ObjectRef
from shared.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS objects (bucket TEXT, key TEXT, size INTEGER NOT NULL, is_written INTEGER NOT NULL, "
    "PRIMARY KEY (bucket, key)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS left_out (bucket TEXT, key TEXT, reason TEXT NOT NULL, "
    "PRIMARY KEY (bucket, key)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS counts (reason TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID",
)


class Phase(Enum):
    """How far a run is."""

    CHOOSING = "choosing"
    WRITING = "writing"
    WRITTEN = "written"


@dataclass(frozen=True)
class Run:
    """One run: its name, and when it began (UTC, ISO 8601, COS's clock)."""

    name: str
    at: str

    @classmethod
    def begun(cls, at: str) -> Run:
        """A new one."""
        return cls(f"{at.replace('-', '').replace(':', '')}-{secrets.token_hex(2)}", at)


@dataclass(frozen=True)
class Chosen:
    """An object that is to be submitted, or was left out."""

    bucket: str
    key: str
    size: int = 0

    def target(self, region: str) -> ObjectRef:
        """The object."""
        return ObjectRef(region, self.bucket, self.key)


class Journal:
    """An open journal. Every method raises IndexFileError if the disk does not do what is asked."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    @property
    def phase(self) -> Phase:
        """How far the run is."""
        return Phase(self._note("phase") or Phase.CHOOSING.value)

    @property
    def run(self) -> Run:
        """The run, once it has begun."""
        return Run(self._note("run"), self._note("at"))

    @property
    def again(self) -> bool:
        """Whether its objects are checked although they have results."""
        return self._note("again") == "yes"

    @property
    def total(self) -> tuple[int, int]:
        """How many objects were chosen, and their bytes."""
        count, size = self._one("SELECT count(*), coalesce(sum(size), 0) FROM objects")
        return int(count), int(size)

    @property
    def written(self) -> int:
        """How many of them are asked for already."""
        return int(self._one("SELECT count(*) FROM objects WHERE is_written")[0])

    @property
    def left_out(self) -> Counter[LeftOut]:
        """How many objects were left out, by reason."""
        rows = self._rows("SELECT reason, count FROM counts ORDER BY count DESC")
        return Counter({LeftOut(reason): count for reason, count in rows})

    @property
    def has_refused(self) -> bool:
        """Whether something that somebody named cannot be submitted."""
        return any(LeftOut(reason).is_refusal for (reason,) in self._rows("SELECT DISTINCT reason FROM left_out"))

    def restart(self) -> None:
        """Forget what was there, and choose again."""
        for table in ("about", "objects", "left_out", "counts"):
            self._do(f"DELETE FROM {table}")  # noqa: S608 - our own names
        self.save()

    def choose(self, chosen: Chosen) -> bool:
        """Take an object; whether it was not chosen before."""
        sql = "INSERT OR IGNORE INTO objects VALUES (?, ?, ?, 0)"
        return self._do(sql, chosen.bucket, chosen.key, chosen.size) == 1

    def leave(self, chosen: Chosen, reason: LeftOut, *, keep: bool) -> None:
        """Count an object that is left out; `keep` its key too: then it is counted once, however often it comes."""
        sql = "INSERT OR IGNORE INTO left_out VALUES (?, ?, ?)"
        if not keep or self._do(sql, chosen.bucket, chosen.key, reason.value):
            self.count(reason, 1)

    def count(self, reason: LeftOut, more: int) -> None:
        """Count objects that are left out, of which only this is known."""
        sql = "INSERT INTO counts VALUES (?, ?) ON CONFLICT (reason) DO UPDATE SET count = count + excluded.count"
        self._do(sql, reason.value, more)

    def begin(self, run: Run, *, again: bool) -> None:
        """From now on the run goes on from here, whatever happens."""
        for name, value in (("run", run.name), ("at", run.at), ("again", "yes" if again else "no")):
            self._set(name, value)
        self.enter(Phase.WRITING)

    def enter(self, phase: Phase) -> None:
        """Note how far the run is, and have that stay."""
        self._set("phase", phase.value)
        self.save()

    def objects(self) -> Iterator[Chosen]:
        """All that was chosen, by bucket and key."""
        return (Chosen(*row) for row in self._rows("SELECT bucket, key, size FROM objects ORDER BY bucket, key"))

    def refused(self) -> Iterator[tuple[Chosen, LeftOut]]:
        """What was left out, as far as its keys were kept."""
        rows = self._rows("SELECT bucket, key, reason FROM left_out ORDER BY bucket, key")
        return ((Chosen(bucket, key), LeftOut(reason)) for bucket, key, reason in rows)

    def has(self, chosen: Chosen) -> bool:
        """Whether the object was chosen."""
        sql = "SELECT 1 FROM objects WHERE bucket = ? AND key = ?"
        return next(self._rows(sql, chosen.bucket, chosen.key), None) is not None

    def unwritten(self, most: int) -> list[Chosen]:
        """The first objects that are not asked for yet."""
        sql = "SELECT bucket, key, size FROM objects WHERE NOT is_written ORDER BY bucket, key LIMIT ?"
        return [Chosen(*row) for row in self._rows(sql, most)]

    def mark(self, chosen: Sequence[Chosen]) -> None:
        """These are asked for; that stays."""
        for one in chosen:
            self._do("UPDATE objects SET is_written = 1 WHERE bucket = ? AND key = ?", one.bucket, one.key)
        self.save()

    def discard(self) -> None:
        """Remove the file: there is nothing to go on with."""
        with explained(self.path):
            self.path.unlink(missing_ok=True)

    def discard_unless_begun(self) -> None:
        """Remove the file if nothing was asked for yet: then the same command begins again."""
        with suppress(IndexFileError):
            if self.phase is Phase.CHOOSING:
                self.discard()

    def save(self) -> None:
        """Have all changes so far stay."""
        with explained(self.path):
            self._connection.commit()

    def _note(self, name: str) -> str:
        row = next(self._rows("SELECT value FROM about WHERE name = ?", name), ("",))
        return str(row[0])

    def _set(self, name: str, value: str) -> None:
        self._do("INSERT OR REPLACE INTO about VALUES (?, ?)", name, value)

    def _one(self, sql: str) -> Any:  # noqa: ANN401 - whatever is asked for
        return next(self._rows(sql))

    def _rows(self, sql: str, *values: object) -> Iterator[Any]:
        with explained(self.path):
            # Not `yield from`: a reader that stops would close a cursor of a file that may be closed by then.
            for row in self._connection.execute(sql, values):  # noqa: UP028 - as above
                yield row

    def _do(self, sql: str, *values: object) -> int:
        with explained(self.path):
            return self._connection.execute(sql, values).rowcount


@contextmanager
def open_journal(path: Path) -> Iterator[Journal]:
    """The journal in that file, for this process alone.

    Raises:
        ConfigurationError: another process has it open.
        IndexFileError: it cannot be used.
    """
    with explained(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=0)
    with closing(connection):
        _take(connection, path)
        journal = Journal(path, connection)
        try:
            yield journal
        finally:
            journal.discard_unless_begun()


def _take(connection: sqlite3.Connection, path: Path) -> None:
    try:
        with explained(path):
            # Held until the connection is closed, or the process gone.
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            for statement in _SCHEMA:
                connection.execute(statement)
            connection.commit()
    except IndexFileError as error:
        if "locked" in str(error.__cause__):
            raise ConfigurationError("the same command is running already; this one did nothing") from error
        raise


def journal_of(folder: Path, run: str) -> Path:
    """The journal of the run of that name.

    Raises:
        ConfigurationError: there is none, or another process has it open.
    """
    if not RUN.fullmatch(run):
        raise ConfigurationError(f"{run!r} is not the name of a run: `submit` prints it, like 20261125T080000Z-1a2b")
    for path in sorted(folder.glob("*.sqlite")):
        # Also one that is broken: it may be another's.
        with suppress(ConfigurationError, IndexFileError), open_journal(path) as journal:
            if journal.run.name == run:
                return path
    raise ConfigurationError(
        f"there is no run {run} to continue: it has ended, is running, or was begun in another folder"
    )


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Say of which file a complaint of SQLite is. Raises IndexFileError."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        what = str(error) if isinstance(error, sqlite3.Error) else error.strerror or type(error).__name__
        raise IndexFileError(
            f"{path} cannot be used ({what}). It holds the progress of a `submit`: free disk space, and run the "
            "command again; without this file the run cannot be continued"
        ) from error
