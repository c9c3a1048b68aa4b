"""The findings as tables, to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from tests.benchmarks.production.goals import goals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.production.figures import Figure, Findings


def tables(findings: Findings) -> Iterator[Table]:
    """One table for each kind of finding."""
    yield _took(findings)
    if findings.instructions:
        yield _instructions(findings)
    yield _calls(findings)
    yield _goals(findings)


def _took(findings: Findings) -> Table:
    table = Table("situation", "ms a reply", "whose code", title="One invocation: median (quartiles)")
    for heading in ("CPU ms", "wall ms", "MB"):
        table.add_column(heading, justify="right")
    before = None
    for row in findings.rows:
        situation = (row.situation, row.latency)
        cells = ("", "") if situation == before else (row.situation, str(row.latency))
        table.add_row(*cells, row.subject, _spread(row.cpu), _spread(row.wall), f"{row.peak.median:.1f}")
        before = situation
    return table


def _spread(figure: Figure) -> str:
    return f"{figure.median:.1f} ({figure.low:.1f}–{figure.high:.1f})"


def _instructions(findings: Findings) -> Table:
    subjects = list(next(iter(findings.instructions.values())))
    table = Table("cold start", title="Millions of instructions")
    for subject in subjects:
        table.add_column(subject, justify="right")
    for path, counts in findings.instructions.items():
        table.add_row(path, *(f"{counts[subject] / 1e6:,.0f}" for subject in subjects))
    return table


def _calls(findings: Findings) -> Table:
    table = Table("situation", "calls", "which", title="Calls")
    for situation, names in findings.calls.items():
        table.add_row(situation, str(len(names)), ", ".join(names))
    return table


def _goals(findings: Findings) -> Table:
    table = Table("what", title="Goals")
    for heading in ("is", "at most", ""):
        table.add_column(heading, justify="right")
    for goal in goals(findings):
        table.add_row(goal.name, f"{goal.value:.3f}", f"{goal.most:.2f}", "met" if goal.met else "MISSED")
    return table
