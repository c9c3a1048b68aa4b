"""How a list is printed: on a terminal, in a pipe, as JSON and CSV, and row by row."""

from __future__ import annotations

import csv
import errno
import io
import json
import re
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from rich.cells import cell_len

from ops.index.fresh import index_file
from ops.index.index import Index, Row, open_index
from ops.listing.command import list_
from shared.domain.claim import Attempt, Held
from shared.domain.outcome import Reason
from shared.domain.result import Verdict
from tests.ops.ledgers import BEGIN, access_of, claim, keep, record_of, upload_of
from tests.ops.listing.lists import CHINESE, keep_one_of_each, keys, listed, on_a_terminal, run
from tests.ops.screens import shows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.ops.at_work import AtWork

#: Says the same on every Python.
pytestmark = pytest.mark.once


def test_json_is_the_record_one_a_line(stand: AtWork) -> None:
    records = [
        record_of("a\nb\x1b[2J\u2028😀'\".mp4", Verdict.FOUND, 5, text="=x", jobs=("j1", "j2"), unattributed=""),
        record_of("c.mp4", Verdict.SKIPPED, 1, reason=Reason.ARCHIVED),
    ]
    keep(stand.world.cloud, *records)

    _, data, _ = run(stand, "--json")

    expected = [json.loads(record.model_dump_json(exclude_none=True)) for record in records]
    assert [{**json.loads(line)} for line in data.splitlines()] == expected
    assert data.isascii()


def test_csv_has_names_quotes_new_lines_and_has_no_formula(stand: AtWork) -> None:
    formulas = ["=1+1", "+1", "-1", "@a", "\t=1", "＝1"]
    keep(stand.world.cloud, *(record_of(key, Verdict.FOUND, text='a\n"b",水\x1b') for key in formulas))

    _, data, _ = run(stand, "--csv")

    rows = list(csv.DictReader(io.StringIO(data)))
    assert sorted(row["key"] for row in rows) == sorted(f"'{key}" for key in formulas)
    assert {row["text"] for row in rows} == {'a\n"b",水 '}
    assert {(row["applied"], row["size"], row["code"]) for row in rows} == {("true", "1", "")}
    assert data.startswith("upload,region,bucket,key,")


def test_a_negative_looking_number_of_ours_is_no_formula(stand: AtWork) -> None:
    keep(stand.world.cloud, record_of("a.mp4", jobs=("j1", "j2")))
    _, data, _ = run(stand, "--csv")
    assert next(csv.DictReader(io.StringIO(data)))["jobs"] == "j1 j2"


def test_in_a_pipe_each_row_is_one_line_whatever_a_key_holds(stand: AtWork) -> None:
    keep(stand.world.cloud, record_of("a\tb\nc\x1b[2Jd.mp4", Verdict.FOUND, text="[red]x[/]\r"))
    assert listed(stand) == [["2026-01-01 00:00:00Z", "found", "a b c [2Jd.mp4", "[red]x[/] "]]


def test_screen_of_results(stand: AtWork) -> None:
    keep_one_of_each(stand)
    keep(
        stand.world.cloud,
        record_of(CHINESE, Verdict.FOUND, 90, text="水印" * 16),
        record_of("e\u0301moji/😀👍🏽.mp4", Verdict.FOUND, 91, text="x" * 64),
        record_of("\x1b[31m[red]/a\nb.mp4", Verdict.FAILED, 92, code="[bold]Oops"),
    )
    screen = on_a_terminal(stand, "--limit", "7")
    shows("list", re.sub(r"--env-file \S+", "--env-file FILE", screen))
    assert max(map(cell_len, screen.splitlines()[:-1])) <= 60


def test_screen_of_what_is_in_flight(stand: AtWork) -> None:
    refusal = "POST ci videos-1250000000/jobs: 403 AccessDenied the account is in arrears. Pay what it owes"
    claim(
        stand.world.cloud,
        Attempt(upload_of("a.mp4"), 1, BEGIN, job="j" + "0" * 32),
        Attempt(upload_of(CHINESE), 1, BEGIN + 1, held=Held.REFUSED, refusal=refusal),
        Attempt(upload_of("b.mp4"), 1, BEGIN + 2, held=Held.LIMIT),
    )
    shows("list_in_flight", on_a_terminal(stand, "--in-flight"))


def test_on_a_terminal_fifty_rows_are_a_screen(stand: AtWork) -> None:
    keep(stand.world.cloud, *(record_of(f"{n}.mp4", at=n) for n in range(52)))

    assert len(on_a_terminal(stand).splitlines()) == 1 + 50 + 1
    assert len(on_a_terminal(stand, "--limit", "0").splitlines()) == 1 + 52


def test_a_long_text_does_not_fill_a_terminal_and_is_whole_elsewhere(stand: AtWork) -> None:
    keep(stand.world.cloud, record_of("a.mp4", Verdict.FOUND, text="z" * 4096))

    assert on_a_terminal(stand).count("z") == 100
    assert listed(stand)[0][3] == "z" * 4096


def test_without_colours_nothing_but_text_is_printed(stand: AtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_one_of_each(stand)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[3" not in on_a_terminal(stand)


def test_thousands_of_rows_go_through_one_by_one(stand: AtWork) -> None:
    keep(stand.world.cloud, record_of("0.mp4"))
    keys(stand)
    with open_index(index_file(access_of(stand.operator))) as index:
        (row,) = index.rows("SELECT * FROM records")
        index.put("records", [{**row, "name": f"results/{n}", "upload": f"{n:064}"} for n in range(5000)])
        index.save()
    taken, most = 0, 0
    rows = Index.rows

    def take(index: Index, sql: str, *values: object) -> Iterator[Row]:
        nonlocal taken, most
        for row in rows(index, sql, *values):
            taken += " AS cursor " in sql
            most = max(most, taken)
            yield row

    def write(_: str) -> None:
        nonlocal taken
        taken -= 1

    # Nobody lists the folder again: the rows that were put in stay.
    with (
        patch.object(Index, "rows", take),
        patch("ops.listing.exports.typer.echo", write),
        patch("ops.index.ledger.synchronise", return_value=BEGIN),
    ):
        assert stand.operator.run(list_, "--json", "-q")[0] == 0
    assert (taken, most) == (0, 1)


def test_a_reader_that_goes_away_is_no_fault(stand: AtWork) -> None:
    keep(stand.world.cloud, *(record_of(f"{n}.mp4", at=n) for n in range(3)))
    closed = BrokenPipeError(errno.EPIPE, "Broken pipe")
    with patch("ops.listing.exports.typer.echo", side_effect=closed):
        assert stand.operator.run(list_, "--json") == (1, "")
