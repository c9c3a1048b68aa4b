"""Prints what a tick of the timer costs: `python -m tests.benchmarks [--claims N] [--entries N] [--messages N]`."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from tests.benchmarks.measuring import CALL, Cost, measurable, remembered, tick, ticks
from tests.benchmarks.scenarios import CLAIMS, ENTRIES, Scenario
from tests.benchmarks.test_queue_drain import drain, fill
from tests.channels import Channel, deployed_on

if TYPE_CHECKING:
    from collections.abc import Sequence

#: After so many ticks it does not matter any more whether all is known.
_MOST_TICKS = 60
_HEAD = (
    "One call takes 30 ms, and a tick works for 50 s. `first` is the first tick of a container, which knows nothing;\n"
    "`later` is one that knows all claims, or the 60th. CPU is this machine's, without the fake cloud's. MB is the\n"
    "most memory in use in the tick; `kept` is what a container remembers for the next. 20 of the messages are about\n"
    "videos of ours, and there one call takes 250 ms.\n\n"
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
            sys.stdout.write("\n" + "".join(rows(scenario, [10**n for n in range(2, 6) if 10**n <= most])))
            sys.stdout.flush()
    sys.stdout.write("\n" + "".join(of_messages([10**n for n in range(2, 6) if 10**n <= chosen.messages])))
    return 0


def of_messages(counts: Sequence[int]) -> list[str]:
    """Two lines for each number of messages in a queue: the first tick, and the last, which finds the end of it."""
    lines = []
    for count in counts:
        with deployed_on(Channel.QUEUE) as world, measurable(world):
            fill(world, count)
            first, *others = drain(world)
        last = others[-1] if others else first
        lines += [_line("messages", count, "first", first, first.peak, 0), _line("", count, "last", last, last.peak, 0)]
    return lines


def rows(scenario: Scenario, counts: Sequence[int]) -> list[str]:
    """Two lines for each number: the first tick of a container, and a later one."""
    return [line for count in counts for line in _measured(scenario, count)]


def _measured(scenario: Scenario, count: int) -> list[str]:
    # Whoever watches memory is slow, so the two are not measured in one.
    with scenario.world(count) as world:
        weighed = tick(world, CALL)
    with scenario.world(count) as world:
        first, *others = ticks(world, CALL, 1)
        for cost in ticks(world, CALL, _MOST_TICKS):
            others.append(cost)
            if len(others) > 1 and others[-2].summary["complete"]:
                break
        kept = remembered()
        last = tick(world, CALL)
    return [
        _line(scenario.name, count, "first", first, weighed.peak, 0),
        _line("", count, "later", others[-1], last.peak, kept),
    ]


def _line(name: str, count: int, which: str, cost: Cost, peak: int, kept: int) -> str:
    seen = cost.summary
    return (
        f"{name:46}{count:8,}  {which:6}{cost.calls.total():6,}{cost.seconds:7.2f}{cost.work:7.2f}{peak / 1e6:6.1f}"
        f"{kept / 1e6:6.1f}{seen['due']:7,}{seen['handled']:7,}{cost.reads('claims/'):6,}{cost.reads('waiting/'):6,}\n"
    )


if __name__ == "__main__":
    sys.exit(main())
