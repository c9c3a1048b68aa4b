"""The command, on a deployment that has results."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from ops.report.command import report
from shared.domain.record import Record
from tests.ops.account import Operator, an_operator, prepare
from tests.ops.report.document import read_page
from tests.ops.report.pages import data_of
from tests.ops.report.records import a_record
from tests.world import LEDGER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Says the same on every Python.
pytestmark = pytest.mark.once


@pytest.fixture
def operator(tmp_path: Path) -> Iterator[Operator]:
    with an_operator(tmp_path) as operator:
        prepare(operator.cloud)
        yield operator


def keep(operator: Operator, upload: str, **fields: object) -> None:
    """Put a record into the ledger, as the functions do."""
    row = a_record(upload, **fields)
    record = Record.model_validate({**row, "jobs": json.loads(row["jobs"])})
    operator.cloud.cos.backend.put(LEDGER, row["name"], record.model_dump_json(exclude_none=True).encode())


def run(operator: Operator, *arguments: str, answers: str | None = None) -> tuple[int, str]:
    return operator.run(report, "--out", str(operator.folder / "report.html"), *arguments, answers=answers)


def rows(path: Path) -> list[list[object]]:
    found: list[list[object]] = data_of(read_page(path.read_text(encoding="utf-8")))["rows"]
    return found


def test_a_page_is_made_of_what_the_ledger_has(operator: Operator) -> None:
    keep(operator, "a", key="发布会 🎬.mp4", verdict="found", text="ACME")
    keep(operator, "b", verdict="failed", code="Broken")
    operator.configure(OPS_PRICE_PER_MINUTE="2", WATERMARK_SECRET=None)

    code, said = run(operator, "--minutes", "3", "--lang", "zh")

    made = operator.folder / "report.html"
    assert (code, said.splitlines()[-1]) == (0, f"{made}: 2 results")
    document = read_page(made.read_text(encoding="utf-8"))
    assert "12.00 USD" in document.text
    assert document.one("h1").text == "数字水印检测报告"
    assert {row[1] for row in rows(made)} == {"发布会 🎬.mp4", "uploads/holiday.mp4"}


def test_a_time_and_a_prefix_choose(operator: Operator) -> None:
    for day in (18, 19, 20):
        for folder in ("a", "b"):
            keep(operator, f"{day}{folder}", key=f"{folder}/{day}.mp4", at=f"2026-11-{day}T08:03:20Z")

    code, _ = run(operator, "--since", "2026-11-19", "--until", "2026-11-20", "--utc", "--prefix", "a/")

    assert (code, [row[1] for row in rows(operator.folder / "report.html")]) == (0, ["a/19.mp4"])


def test_a_dash_is_standard_output_and_nothing_else_is_said_there(operator: Operator) -> None:
    keep(operator, "a", key="发布会.mp4")

    code, said = operator.run(report, "--out", "-", "--quiet")

    assert code == 0
    assert (said.startswith("<!DOCTYPE html>\n"), said.endswith("</html>\n")) == (True, True)
    assert [row[1] for row in data_of(read_page(said))["rows"]] == ["发布会.mp4"]
    assert not (operator.folder / "report.html").exists()


def test_a_report_takes_the_place_of_a_report(operator: Operator) -> None:
    assert run(operator)[0] == 0
    keep(operator, "a")

    assert run(operator)[0] == 0
    assert len(rows(operator.folder / "report.html")) == 1


@pytest.mark.parametrize("there", [b"", b"<html>mine</html>", b"\xff\xfe\x00", b"x" * 3000])
def test_another_file_stays_unless_that_is_agreed(operator: Operator, there: bytes) -> None:
    file = operator.folder / "report.html"
    file.write_bytes(there)

    refused, unanswered = run(operator, answers="n\n"), run(operator)
    kept = file.read_bytes()
    agreed = run(operator, "--yes")

    assert (refused[0], unanswered[0], kept) == (2, 2, there)
    assert "is not a report. Overwrite it?" in refused[1]
    assert (agreed[0], file.read_bytes()[:15]) == (0, b"<!DOCTYPE html>")


def test_a_link_stays_one_and_what_it_leads_to_is_written(operator: Operator) -> None:
    link, target = operator.folder / "report.html", operator.folder / "there.html"
    link.symlink_to(target)

    assert run(operator)[0] == 0

    assert (link.is_symlink(), target.read_bytes()[:15]) == (True, b"<!DOCTYPE html>")


def test_who_may_read_other_files_may_read_the_page(operator: Operator) -> None:
    before = os.umask(0o027)
    try:
        assert run(operator)[0] == 0
    finally:
        os.umask(before)

    assert (operator.folder / "report.html").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--since", "yesterday"], "'yesterday' is not a time"),
        (["--since", "1d", "--until", "2d"], "--since 1d is not before --until 2d"),
        (["--since", "1d", "--until", "1d"], "is not before"),
        (["--prefix", "\udcff"], "--prefix is not UTF-8"),
        (["--minutes", "0"], "--minutes"),
        (["--lang", "fr"], "--lang"),
        (["--out", "nowhere/report.html"], "there is no folder"),
        (["--out", "/dev/null"], "/dev/null is not a file"),
        (["--out", "."], ". is not a file"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_before_anything_is_read(operator: Operator, arguments: list[str], says: str) -> None:
    code, said = operator.run(report, *arguments)

    assert code == 2
    assert says in said
    assert list(operator.cloud.journal) == []


@pytest.mark.parametrize("since", ["99999w", "0001-01-01T00:00:00Z", "1969-12-31T00:00:00Z"])
def test_a_time_before_all_times_is_the_beginning(operator: Operator, since: str) -> None:
    keep(operator, "a")

    assert run(operator, "--since", since)[0] == 0

    assert len(rows(operator.folder / "report.html")) == 1


def test_a_disk_that_is_full_leaves_the_last_report_and_nothing_beside_it(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(operator, "a")
    assert run(operator)[0] == 0
    keep(operator, "b")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "report.html")

    monkeypatch.setattr("pathlib.Path.replace", full)
    code, said = run(operator)

    assert (code, said.splitlines()[-1]) == (3, "report.html cannot be read or written (No space left on device)")
    assert len(rows(operator.folder / "report.html")) == 1
    assert [path.name for path in operator.folder.glob("*report*")] == ["report.html"]
