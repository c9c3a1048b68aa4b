"""Prints what a tick of the timer costs: `python -m tests.benchmarks [--claims N] [--entries N] [--messages N]`."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from tests.benchmarks.rows import of_claims, of_messages
from tests.benchmarks.scenarios import CLAIMS, ENTRIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.benchmarks.rows import TickRow

_HEAD = (
    "One call takes 30 ms, and a tick works for 50 s. `first` is the first tick of a container, which knows nothing;\n"
    "`later` is one that knows all claims, or the 60th. CPU is this machine's, without the fake cloud's. MB is the\n"
    "most memory in use in the tick; `kept` is what a container remembers for the next.\n\n"
    f"{'':46}{'number':>8}  {'tick':6}{'calls':>6}{'s':>7}{'CPU s':>7}{'MB':>6}{'kept':>6}"
    f"{'due':>7}{'looked':>7}{'read':>6}{'taken':>6}\n"
)


def main() -> int:
    """Fill a ledger for each row, let ticks come, and print what they took."""
    options = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="What a tick costs.")
    options.add_argument("--claims", type=int, default=10_000, help="the most claims; 10000 if not said")
    options.add_argument("--entries", type=int, default=100_000, help="the most waiting entries; 100000 if not said")
    options.add_argument("--messages", type=int, default=10_000, help="the most messages; 10000 if not said")
    chosen = options.parse_args()
    sys.stdout.write(_HEAD)
    for scenarios, most in ((ENTRIES, chosen.entries), (CLAIMS, chosen.claims)):
        for scenario in scenarios:
            _print(of_claims(scenario, up_to(most)))
    _print(of_messages(up_to(chosen.messages)))
    return 0


def up_to(most: int) -> list[int]:
    """A hundred, and ten times as many each time."""
    return [10**n for n in range(2, 6) if 10**n <= most]


def _print(rows: Iterable[TickRow]) -> None:
    sys.stdout.write("\n")
    for row in rows:
        sys.stdout.write(
            f"{row.situation:46}{row.number:8,}  {row.tick:6}{row.calls:6,}{row.seconds:7.2f}{row.cpu:7.2f}"
            f"{row.peak:6.1f}{row.kept:6.1f}{row.due:7,}{row.looked:7,}{row.claims:6,}{row.entries:6,}\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
