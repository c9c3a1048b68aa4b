"""The index's file: made when needed, made again when it is of another version, and never a reason for a trace."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from ops.errors import IndexFileError
from ops.index import schema
from ops.index.fresh import fresh_index, index_file
from ops.index.index import open_index
from ops.listing.command import list_
from tests.ops.at_work import at_work
from tests.ops.ledgers import access_of, keep, record_of

if TYPE_CHECKING:
    from pathlib import Path

#: Says the same on every Python.
pytestmark = pytest.mark.once


def test_the_file_lies_beside_the_settings_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    with at_work(tmp_path, LEDGER_PREFIX="a/b/") as stand:
        stand.operator.run(list_)

        file = index_file(access_of(stand.operator))
        assert file == stand.operator.folder / ".cos-watermark" / "ledger-1250000000+a+b" / "index.sqlite"
        assert file.parent.stat().st_mode & 0o077 == 0


def test_two_ledgers_have_two_files(tmp_path: Path) -> None:
    with at_work(tmp_path, LEDGER_PREFIX="a/") as stand:
        keep(stand.world.cloud, record_of("a.mp4"), prefix="a/")
        assert "a.mp4" in stand.operator.run(list_)[1]
        stand.configure(WATERMARK_LEDGER_PREFIX="b/")
        assert "a.mp4" not in stand.operator.run(list_)[1]


@pytest.mark.parametrize("body", [b"rubbish" * 1000, b"SQLite format 3\x00" + b"\xff" * 5000], ids=["text", "broken"])
def test_a_file_that_is_no_index_is_named_with_what_to_do(tmp_path: Path, body: bytes) -> None:
    with at_work(tmp_path) as stand:
        file = index_file(access_of(stand.operator))
        file.parent.mkdir(parents=True)
        file.write_bytes(body)

        code, said = stand.operator.run(list_)

        assert code == 3
        assert f"{file} cannot be used" in said
        assert "delete it, and run the command again" in said
        file.unlink()
        assert stand.operator.run(list_)[0] == 0


def test_where_nothing_can_be_written_it_is_said(tmp_path: Path) -> None:
    with at_work(tmp_path) as stand:
        (stand.operator.folder / ".cos-watermark").write_text("in the way", encoding="utf-8")
        code, said = stand.operator.run(list_)
        assert (code, "cannot be used" in said) == (3, True)


def test_a_file_of_another_version_is_made_anew(tmp_path: Path) -> None:
    with at_work(tmp_path) as stand:
        keep(stand.world.cloud, record_of("a.mp4"))
        stand.operator.run(list_)
        file = index_file(access_of(stand.operator))
        with closing(sqlite3.connect(file)) as connection:
            connection.executescript(
                "DROP VIEW latest; DROP TABLE objects; CREATE TABLE objects (other TEXT); CREATE TABLE old (x);"
                f"PRAGMA user_version = {schema.VERSION + 1}"
            )

        assert "a.mp4" in stand.operator.run(list_)[1]
        with closing(sqlite3.connect(file)) as connection:
            names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type <> 'index'")}
        assert names == {
            "about", "records", "results", "latest", "claims", "in_flight", "waiting", "objects", "never",
        }  # fmt: skip


def test_commands_that_open_it_at_once_wait_for_each_other(tmp_path: Path) -> None:
    file, begin, failed = tmp_path / "index.sqlite", threading.Barrier(8), list[Exception]()

    def work(number: int) -> None:
        try:
            begin.wait()
            for turn in range(5):
                with open_index(file) as index:
                    index.set_note(f"{number} {turn}", "x")
                    index.save()
        except Exception as error:  # noqa: BLE001 - a test of what other threads raise
            failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    with open_index(file) as index:
        assert index.one("SELECT count(*) FROM about") == 40


def test_who_reads_the_ledger_keeps_nobody_from_writing(tmp_path: Path) -> None:
    with at_work(tmp_path) as stand:
        keep(stand.world.cloud, *(record_of(f"{n}.mp4", at=n) for n in range(3)))
        access = access_of(stand.operator)
        turns = list[bool]()

        def another(_: object) -> None:
            with closing(sqlite3.connect(index_file(access), timeout=0)) as connection:
                connection.execute("INSERT OR REPLACE INTO about VALUES ('other', 'x')")
                connection.commit()
            turns.append(True)

        stand.world.cloud.watchers.append(another)
        with fresh_index(access, quiet=True) as index:
            assert index.one("SELECT count(*) FROM records") == 3
    assert len(turns) >= 6


def test_what_was_not_saved_is_not_kept(tmp_path: Path) -> None:
    file = tmp_path / "index.sqlite"
    with open_index(file) as index:
        index.set_note("a", "x")
    with open_index(file) as index:
        assert index.note("a") == ""


def test_a_mistake_in_a_question_is_an_error_of_ours(tmp_path: Path) -> None:
    with open_index(tmp_path / "index.sqlite") as index, pytest.raises(IndexFileError):
        index.one("SELECT nothing")


def test_who_stops_reading_leaves_no_complaint(tmp_path: Path) -> None:
    with open_index(tmp_path / "index.sqlite") as index:
        index.set_note("a", "x")
        index.set_note("b", "x")
        rows = index.rows("SELECT * FROM about")
        next(rows)
    rows.close()  # type: ignore[attr-defined]
