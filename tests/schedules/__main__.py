"""Runs schedules from the command line."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from itertools import count

from tests.schedules.scenarios import SCENARIOS
from tests.schedules.search import Failure, explain, explore, scenario_of, shrink


def main() -> int:
    """One seed, or as many as fit into the seconds; 1 if a promise broke."""
    options = argparse.ArgumentParser(prog="python -m tests.schedules", description="Random schedules.")
    options.add_argument("--seed", type=int, help="this one; with --seconds, where to begin")
    options.add_argument("--seconds", type=float, default=0, help="go on for so long")
    options.add_argument("--only", default="", help="a scenario whose name has this")
    options.add_argument("--as-found", action="store_true", help="do not make a failing schedule shorter")
    chosen = options.parse_args()
    first = chosen.seed if chosen.seed is not None else 1
    until = time.monotonic() + chosen.seconds
    broken: Counter[str] = Counter()
    for seed in count(first):
        failure = _explore(seed, chosen.only)
        if failure:
            broken[failure.kind] += 1
            if broken[failure.kind] == 1:
                _say(f"seed {seed}\n" + explain(failure if chosen.as_found else shrink(failure)))
        if time.monotonic() >= until:
            break
    _say(f"{seed - first + 1} schedules, {broken.total()} broke a promise {dict(broken) or ''}")
    return 1 if broken else 0


def _explore(seed: int, only: str) -> Failure | None:
    if not only:
        return explore(scenario_of(seed), seed)
    named = [scenario for scenario in SCENARIOS if only in scenario.name]
    return explore(named[seed % len(named)], seed)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
