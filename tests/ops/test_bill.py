"""The largest possible bill of a day: exact, and in words."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.bill import MINUTES, PRICE, cost, largest_bill, usd
from ops.checkout import ROOT
from shared.settings import read_settings

#: Says the same on every Python.
pytestmark = pytest.mark.once

NEEDED = {"WATERMARK_SECRET": "s" * 32, "WATERMARK_LEDGER_BUCKET": "ledger-1250000000"}
ONE = "By Tencent's list, 0.85 USD a minute, a video of 10 minutes costs 8.50 USD"


def bill(**settings: Any) -> str:  # noqa: ANN401 - the text of any setting
    return largest_bill(read_settings(NEEDED | {f"WATERMARK_{name}": value for name, value in settings.items()}))


@pytest.mark.parametrize(
    ("limit", "jobs", "day"),
    [
        ("1", "1 job", "8.50"),
        ("100", "100 jobs", "850.00"),
        ("40000", "40,000 jobs", "340,000.00"),
        ("9999999", "9,999,999 jobs", "84,999,991.50"),
    ],
)
def test_with_a_limit_it_is_that_many_videos_of_ten_minutes(limit: str, jobs: str, day: str) -> None:
    said = bill(MAX_JOBS_PER_DAY=limit)

    assert said.startswith(f"at most {jobs} a day (UTC). {ONE}, and {int(limit):,} of them {day} USD; longer videos")


def test_without_a_limit_it_is_said_that_nothing_bounds_it_and_what_to_set() -> None:
    assert bill() == f"there is no limit on the cost: set WATERMARK_MAX_JOBS_PER_DAY. {ONE}"
    assert bill(MAX_SIZE="2GB") == bill()


def test_no_setting_is_said_to_bound_the_minutes_of_a_video() -> None:
    assert bill(MAX_JOBS_PER_DAY="1").endswith("cost more, and no setting limits their length")
    assert bill(MAX_JOBS_PER_DAY="1", MAX_SIZE="2GB").endswith(
        "cost more, and WATERMARK_MAX_SIZE limits bytes, not minutes"
    )


@given(st.integers(1, 9_999_999))
def test_no_cent_is_lost(jobs: int) -> None:
    cents = int(PRICE * 100)

    assert cost(jobs) * 100 == jobs * MINUTES * cents
    assert Decimal(usd(cost(jobs)).removesuffix(" USD").replace(",", "")) == cost(jobs)


@pytest.mark.parametrize("name", ["README.md", *(f"docs/{doc.name}" for doc in (ROOT / "docs").glob("*.md"))])
def test_no_document_names_another_price(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")

    assert set(re.findall(r"(\S+ USD) a minute", text)) <= {usd(PRICE)}
    assert set(re.findall(r"(\S+ USD) for ten minutes", text)) <= {usd(cost(1))}


def test_the_readme_says_what_one_video_costs() -> None:
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())

    assert f"{usd(PRICE)} a minute" in text
    assert f"{usd(cost(1))} for ten minutes" in text


def test_the_guide_shows_what_is_said() -> None:
    guide = " ".join((ROOT / "docs" / "deploy.md").read_text(encoding="utf-8").replace("\n> ", "\n").split())

    assert bill(MAX_JOBS_PER_DAY="100") in guide
