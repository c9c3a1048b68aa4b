"""Which bars the plot has."""

from __future__ import annotations

from datetime import date

import pytest

from ops.report.periods import Step, periods
from ops.report.summary import Day
from shared.domain.result import Verdict

#: Says the same on every Python.
pytestmark = pytest.mark.once


def day(name: str, found: int = 1, jobs: int = 1) -> Day:
    return Day(name, {Verdict.FOUND: found}, jobs)


def test_each_day_has_a_bar_from_the_beginning_to_the_end_of_the_time() -> None:
    step, bars = periods([day("2026-02-27"), day("2026-03-01", 3, 2)], "2026-02-26T12:00:00Z", "2026-03-02T23:59:59Z")

    assert step is Step.DAY
    assert [(bar.begin.isoformat(), bar.total, bar.jobs) for bar in bars] == [
        ("2026-02-26", 0, 0), ("2026-02-27", 1, 1), ("2026-02-28", 0, 0), ("2026-03-01", 3, 2), ("2026-03-02", 0, 0)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("last", "step", "count"),
    [
        ("2026-03-03", Step.DAY, 62),
        ("2026-03-04", Step.WEEK, 10),
        ("2027-03-10", Step.WEEK, 63),
        ("2027-03-11", Step.MONTH, 15),
        ("2031-01-01", Step.YEAR, 6),
    ],
)  # fmt: skip
def test_more_days_than_a_phone_can_show_make_longer_bars(last: str, step: Step, count: int) -> None:
    made, bars = periods([day("2026-01-01"), day(last)], "", "")

    assert (made, len(bars)) == (step, count)
    assert sum(bar.total for bar in bars) == sum(bar.jobs for bar in bars) == 2


def test_a_week_begins_on_monday_and_a_month_on_its_first_day() -> None:
    _, weeks = periods([day("2026-11-22"), day("2026-11-23"), day("2027-02-01")], "", "")
    _, months = periods([day("2026-11-30"), day("2028-02-29")], "", "")

    assert [week.begin for week in weeks[:2]] == [date(2026, 11, 16), date(2026, 11, 23)]
    assert (months[0].begin, months[-1].begin, len(months)) == (date(2026, 11, 1), date(2028, 2, 1), 16)


def test_a_time_that_is_mostly_empty_makes_no_bar_longer() -> None:
    step, bars = periods([day("2026-11-20"), day("2026-11-22")], "1970-01-01T00:00:00Z", "2026-11-26T00:00:00Z")

    assert (step, len(bars)) == (Step.DAY, 3)


@pytest.mark.parametrize("since", ["", "1970-01-01T00:00:00Z"])
def test_the_ends_of_the_calendar_are_no_trouble(since: str) -> None:
    step, bars = periods([day("0001-01-01"), day("9999-12-31")], since, "")

    assert (step, len(bars), bars[-1].total) == (Step.YEAR, 9999, 1)
    assert periods([day("0001-01-01"), day("0001-04-01")], "", "")[1][0].begin == date(1, 1, 1)


def test_without_results_there_are_no_bars() -> None:
    assert periods([], "2026-11-20T00:00:00Z", "2026-11-26T00:00:00Z") == (Step.DAY, ())
