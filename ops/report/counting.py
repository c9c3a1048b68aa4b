"""Asks the index what the report shows: SQLite counts, so that many records need no more memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ops.report import queries
from ops.report.summary import Count, Day, Group, Groups, Row, Slow, Summary, Times
from shared.domain.result import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ops.index.index import Index
    from ops.report.summary import Choice

#: Rows of the report's table.
MOST_ROWS = 10_000
#: Codes, reasons, and slow ones that are named.
_MOST_GROUPS, _MOST_SLOW = 20, 5


def summarize(index: Index, choice: Choice, most_rows: int = MOST_ROWS) -> Summary:
    """Ask the index, as it is at one moment. Raises IndexFileError."""
    index.change("BEGIN")
    index.change(queries.CHOOSE, *choice.values)
    summary = _summary(index, choice, most_rows)
    # What was kept aside goes with it; where something fails, the whole connection does.
    index.change("ROLLBACK")
    return summary


def _summary(index: Index, choice: Choice, most_rows: int) -> Summary:
    jobs: dict[str, int] = {row[0]: row[1] for row in index.rows(queries.JOBS, *choice.values)}
    return Summary(
        counts={Verdict(verdict): Count(*counts) for verdict, *counts in index.rows(queries.COUNTS)},
        days=_days(index, jobs),
        jobs=sum(jobs.values()),
        failures=_groups(index.rows(queries.FAILURES)),
        reasons=_groups(index.rows(queries.REASONS)),
        since_upload=_times(index, queries.SINCE_UPLOAD),
        since_job=_times(index, queries.SINCE_JOB),
        buckets=tuple(bucket for (bucket,) in index.rows(queries.BUCKETS)),
        rows=tuple(_row(*columns) for columns in index.rows(queries.ROWS, most_rows)),
        in_flight=index.one(queries.IN_FLIGHT, choice.prefix, choice.prefix),
        waiting=index.one(queries.WAITING, choice.prefix, choice.prefix),
        updated=index.note("updated"),
    )


def _days(index: Index, jobs: Mapping[str, int]) -> tuple[Day, ...]:
    verdicts: dict[str, dict[Verdict, int]] = {}
    for day, verdict, count in index.rows(queries.DAYS):
        verdicts.setdefault(day, {})[Verdict(verdict)] = count
    # The index has no day for what is no time.
    return tuple(Day(day, verdicts.get(day, {}), jobs.get(day, 0)) for day in sorted({*verdicts, *jobs} - {""}))


def _groups(rows: Iterable[Iterable[Any]]) -> Groups:
    """The largest; invented codes cannot fill the memory."""
    named: list[Group] = []
    others = 0
    for name, count, key, message, _ in rows:
        if len(named) < _MOST_GROUPS:
            named.append(Group(name, count, key, message))
        else:
            others += count
    return Groups(tuple(named), others)


def _times(index: Index, span: queries.Span) -> Times:
    measured = index.one(span.measured)
    if not measured:
        return Times()
    return Times(
        measured,
        index.one(span.at_place, (measured - 1) // 2),
        index.one(span.at_place, (measured - 1) * 95 // 100),
        tuple(Slow(*columns) for columns in index.rows(span.slowest, _MOST_SLOW)),
    )


def _row(at: str, bucket: str, key: str, verdict: str, applied: int, *rest: Any) -> Row:  # noqa: ANN401 - whatever SQLite has
    return Row(at, bucket, key, Verdict(verdict), bool(applied), *rest)
