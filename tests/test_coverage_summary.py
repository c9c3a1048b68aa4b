"""The last lines of `make test`: how much of the deployed code its tests run, and whether that is enough."""

from __future__ import annotations

from typing import Any

import pytest

from tests.coverage_summary import summary

#: Says the same on every Python.
pytestmark = pytest.mark.once


def report(total: float, **files: float) -> dict[str, Any]:
    """As much of coverage's own report as is read."""
    measured = {name: {"summary": {"percent_covered": percent}} for name, percent in files.items()}
    return {"totals": {"percent_covered": total}, "files": measured}


def test_it_is_the_total_with_its_bound_and_the_files_with_the_least() -> None:
    shown = summary(report(98.04, a=100, b=97.6, c=50, d=99, e=98, f=96), 97.5)

    assert shown.splitlines() == [
        "coverage of functions/ and shared/, lines and branches: 98.0 % (bound 97.5 %)",
        "least: c 50 %, f 96 %, b 98 %, e 98 %, d 99 %; all: make coverage",
    ]


def test_what_is_too_little_by_a_hair_is_not_shown_as_enough() -> None:
    assert summary(report(97.49), 97.5).startswith("TOO LITTLE: coverage of functions/ and shared/")
