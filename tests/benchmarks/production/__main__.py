"""Measures all of it, prints tables and writes `build/bench.json`: `python -m tests.benchmarks.production`."""

from __future__ import annotations

import argparse
import sys

from rich.console import Console

from tests.benchmarks.production.document import FOUND
from tests.benchmarks.production.figures import Findings
from tests.benchmarks.production.goals import goals
from tests.benchmarks.production.measuring import measure, measure_again
from tests.benchmarks.production.paths import Path
from tests.benchmarks.production.report import tables
from tests.benchmarks.production.stage import Stages


def main() -> int:
    """Measure; the exit code says whether all goals are met."""
    options = argparse.ArgumentParser(prog="python -m tests.benchmarks.production", description=__doc__)
    options.add_argument("--rounds", type=int, default=15, help="how often each is measured; 15 if not said")
    options.add_argument(
        "--events", type=int, default=10_000, help="invocations of one container, to see its memory grow"
    )
    options.add_argument("--most", type=int, default=100_000, help="the most claims and waiting entries of a tick")
    options.add_argument("--only", choices=Path.__members__, help="measure only this path again; the rest stays")
    chosen = options.parse_args()
    with Stages() as stages:
        if chosen.only:
            findings = Findings.read(FOUND.read_text(encoding="utf-8"))
            measure_again(findings, Path[chosen.only], stages.Stage(), told)
        else:
            findings = measure(stages.Stage(), chosen.rounds, chosen.events, chosen.most, told)
    FOUND.write_text(findings.written(), encoding="utf-8")
    console = Console(width=None if sys.stdout.isatty() else 150)
    for table in tables(findings):
        console.print(table)
    return 0 if all(goal.met for goal in goals(findings)) else 1


def told(what: str) -> None:
    """Say what is being measured."""
    sys.stderr.write(f"{what}\n")


if __name__ == "__main__":
    sys.exit(main())
