"""What the report counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ops.report.counting import summarize
from ops.report.summary import Choice, Count, Day, Group, Row, Slow, Summary
from shared.domain.result import Verdict
from tests.ops.report.records import BUCKET, a_record, an_index, fill

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

#: Says the same on every Python.
pytestmark = pytest.mark.once


EVERYTHING = Choice()


def counted(folder: Path, *rows: dict[str, Any], choice: Choice = EVERYTHING, most_rows: int = 10) -> Summary:
    """What a report on these records counts."""
    with an_index(folder) as index:
        return summarize(fill(index, *rows), choice, most_rows)


def test_uploads_are_counted_by_what_came_of_them(tmp_path: Path) -> None:
    found = counted(
        tmp_path,
        a_record("a", verdict="found"),
        a_record("b", verdict="found", applied=0, reason="gone"),
        a_record("c", verdict="found", jobs=()),
        a_record("d", verdict="failed", jobs=()),
        a_record("e", verdict="skipped", applied=0, reason="archived"),
    )

    assert found.counts == {
        Verdict.FOUND: Count(all=3, applied=2, known=1),
        Verdict.FAILED: Count(all=1, applied=1, known=0),
        Verdict.SKIPPED: Count(all=1, applied=0, known=0),
    }
    assert (found.total, found.known) == (5, 1)


def test_of_several_records_of_an_upload_one_counts_but_the_jobs_of_all_once(tmp_path: Path) -> None:
    replaced = a_record(
        "a", verdict="skipped", applied=0, reason="replaced", jobs=("j1", "j2"), at="2026-11-19T00:00:00Z"
    )
    applied = a_record("a", verdict="found", jobs=("j2", "j3"))

    found = counted(tmp_path, replaced, applied, a_record("b", jobs=("j4",)))

    assert {verdict: count.all for verdict, count in found.counts.items()} == {Verdict.FOUND: 1, Verdict.NONE: 1}
    assert found.jobs == 4
    assert found.days == (
        Day("2026-11-19", {}, 2),
        Day("2026-11-20", {Verdict.FOUND: 1, Verdict.NONE: 1}, 2),
    )


def test_a_time_begins_with_its_first_second_and_ends_before_its_last(tmp_path: Path) -> None:
    times = ("2026-11-19T23:59:59Z", "2026-11-20T00:00:00Z", "2026-11-20T23:59:59Z", "2026-11-21T00:00:00Z")
    rows = [a_record(at, at=at, modified="2026-11-01T00:00:00Z") for at in times]

    found = counted(tmp_path, *rows, choice=Choice("2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z"))

    assert [row.at for row in found.rows] == [times[2], times[1]]
    assert (found.total, found.jobs) == (2, 2)


@pytest.mark.parametrize("prefix", ["100%_", "发布/", "'; --", "🎬"])
def test_a_prefix_is_meant_as_it_is_written(tmp_path: Path, prefix: str) -> None:
    rows = [a_record("a", key=f"{prefix}x.mp4"), a_record("b", key=f"/{prefix}"), a_record("c", key="100 uploads.mp4")]

    found = counted(tmp_path, *rows, choice=Choice(prefix=prefix))

    assert ([row.key for row in found.rows], found.jobs) == ([f"{prefix}x.mp4"], 1)


def test_failures_are_grouped_by_code_with_the_newest_example(tmp_path: Path) -> None:
    found = counted(
        tmp_path,
        a_record("a", verdict="failed", code="Broken", message="old", key="old.mp4", at="2026-11-20T08:03:00Z"),
        a_record("b", verdict="failed", code="Broken", message="new", key="new.mp4", at="2026-11-20T08:04:00Z"),
        a_record("c", verdict="failed", key="nobody-knows.mp4"),
        a_record("d", verdict="found"),
    )

    assert found.failures.named == (Group("Broken", 2, "new.mp4", "new"), Group("", 1, "nobody-knows.mp4", ""))


def test_reasons_are_grouped_with_what_stood_in_the_way(tmp_path: Path) -> None:
    found = counted(
        tmp_path,
        a_record("a", applied=0, reason="unwritable", problem="no room"),
        a_record("b", verdict="failed", applied=0, reason="refused", message="bad callback"),
        a_record("c", verdict="skipped", applied=0, reason="gone"),
        a_record("d"),
    )

    assert [(group.name, group.count, group.message) for group in found.reasons.named] == [
        ("gone", 1, ""),
        ("refused", 1, "bad callback"),
        ("unwritable", 1, "no room"),
    ]


def test_of_many_codes_the_most_frequent_are_named_and_the_others_counted(tmp_path: Path) -> None:
    rows = [a_record(f"{n}", verdict="failed", code=f"C{n:02}") for n in range(23)]

    found = counted(tmp_path, *rows, a_record("again", verdict="failed", code="C22"))

    assert [group.name for group in found.failures.named] == ["C22", *(f"C{n:02}" for n in range(19))]
    assert found.failures.others == 3


def test_how_long_it_took_is_measured_where_somebody_waited(tmp_path: Path) -> None:
    def ended(upload: str, minute: int, **fields: object) -> dict[str, Any]:
        return a_record(upload, at=f"2026-11-20T08:{minute:02}:00Z", key=upload, **fields)

    found = counted(
        tmp_path,
        *(ended(f"u{minute}", minute) for minute in range(1, 21)),
        ended("known before", 0, jobs=()),
        ended("checked again", 59, run="20261120T085000Z"),
        ended("not checked", 59, verdict="skipped", applied=0, reason="gone"),
        a_record("clocks differ", modified="2026-11-20T09:00:00Z", submitted="2026-11-20T09:00:00Z"),
    )

    assert (found.since_upload.count, found.since_upload.median, found.since_upload.most) == (20, 600, 1140)
    assert found.since_upload.slowest[0] == Slow(BUCKET, "u20", "2026-11-20T08:00:00Z", 1200)
    assert len(found.since_upload.slowest) == 5
    assert found.since_job.slowest[0] == Slow(BUCKET, "checked again", "2026-11-20T08:00:02Z", 3538)


def test_the_table_has_the_newest_rows_and_no_more(tmp_path: Path) -> None:
    rows = [a_record(f"{n}", at=f"2026-11-20T08:{n:02}:00Z") for n in range(30)]

    found = counted(
        tmp_path, *rows, a_record("x", verdict="failed", code="C", message="m", at="2026-11-21T00:00:00Z"), most_rows=3
    )

    applied = True
    assert found.rows[0] == Row(
        "2026-11-21T00:00:00Z", BUCKET, "uploads/holiday.mp4", Verdict.FAILED, applied, "", "C", "m", 1_048_576, 57_600
    )  # fmt: skip
    assert [row.at[11:16] for row in found.rows[1:]] == ["08:29", "08:28"]
    assert found.total == 31


def test_what_is_no_time_is_counted_and_belongs_to_no_day(tmp_path: Path) -> None:
    odd = ("", "yesterday", "0000-01-01T00:00:00Z", "-100-01-01", "2026-13-45T00:00:00Z", "🕗")

    found = counted(tmp_path, *(a_record(f"{n}", at=at, submitted=None) for n, at in enumerate(odd)), a_record("a"))

    assert (found.total, found.jobs) == (len(odd) + 1, len(odd) + 1)
    assert [day.day for day in found.days] == ["2026-11-20"]


def test_what_is_on_its_way_is_counted_by_upload(tmp_path: Path) -> None:
    claim = {"etag": "e", "written": "2026-11-20T08:00:00Z", "key": "a/x.mp4"}
    entry = {"etag": "e", "run": "r"}
    with an_index(tmp_path) as index:
        index.put("claims", [{**claim, "name": f"c{n}", "upload": "u", "number": n} for n in (1, 2)])
        index.put("claims", [{**claim, "name": "c3", "upload": "v", "number": 1, "key": "b/x.mp4"}])
        index.put("waiting", [{**entry, "name": f"w{key}", "key": key} for key in ("a/1", "a/2", "b/1")])
        index.save()

        everything, some = summarize(index, Choice()), summarize(index, Choice(prefix="a/"))

    assert (everything.in_flight, everything.waiting) == (2, 3)
    assert (some.in_flight, some.waiting) == (1, 2)


def test_a_report_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    with an_index(tmp_path) as index:
        fill(index, a_record("a"))

        first, second = summarize(index, Choice()), summarize(index, Choice())

        assert first == second
        index.put("records", [a_record("b")])
        index.save()
        assert summarize(index, Choice()).total == 2
