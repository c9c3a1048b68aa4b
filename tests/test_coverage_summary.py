"""The last lines of `make test`: how much of the deployed code its tests run, and whether that is enough."""

from __future__ import annotations

from typing import Any

import pytest

from tests.coverage_summary import BRANCHES, summary

#: Says the same on every Python.
pytestmark = pytest.mark.once


def report(total: float, branches: float = 97.0, **files: float) -> dict[str, Any]:
    """As much of coverage's own report as is read."""
    measured = {name: {"summary": {"percent_covered": percent}} for name, percent in files.items()}
    totals = {"percent_covered": total, "covered_branches": 10 * branches, "num_branches": 1000}
    return {"totals": totals, "files": measured}


def test_it_is_the_totals_with_their_bounds_and_the_files_with_the_least() -> None:
    shown, enough = summary(report(98.04, a=100, b=97.6, c=50, d=99, e=98, f=96), 97.5)

    assert enough
    assert shown.splitlines() == [
        "coverage of functions/ and shared/: 98.0 % of lines and branches (bound 97.5 %), "
        f"97.0 % of branches (bound {BRANCHES:.1f} %)",
        "least: c 50 %, f 96 %, b 98 %, e 98 %, d 99 %; all: make coverage",
    ]


@pytest.mark.parametrize(("total", "branches"), [(97.49, 100.0), (100.0, BRANCHES - 0.1)])
def test_what_is_too_little_by_a_hair_is_not_enough(total: float, branches: float) -> None:
    shown, enough = summary(report(total, branches), 97.5)

    assert not enough
    assert shown.startswith("TOO LITTLE: coverage of functions/ and shared/")
