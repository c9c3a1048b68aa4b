"""The seven fields of a timer: when it fires next."""

from __future__ import annotations

from datetime import datetime

import pytest

from faketencent.scf import cron
from faketencent.scf.cron import Cron
from faketencent.scf.exceptions import InvalidValueError

#: Says the same on every Python.
pytestmark = pytest.mark.once

#: A Thursday.
NOW = "2026-01-01T08:02:30+08:00"


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        ("* * * * * * *", "2026-01-01T08:02:31+08:00"),
        ("0 * * * * * *", "2026-01-01T08:03:00+08:00"),
        ("0 */5 * * * * *", "2026-01-01T08:05:00+08:00"),
        ("30 2/3 * * * * *", "2026-01-01T08:05:30+08:00"),
        ("0 0 8-10 * * * *", "2026-01-01T09:00:00+08:00"),
        ("0 0 3 * * * *", "2026-01-02T03:00:00+08:00"),
        ("0 15,45 7 * * MON-FRI *", "2026-01-02T07:15:00+08:00"),
        ("0 0 0 1 FEB * *", "2026-02-01T00:00:00+08:00"),
        ("0 0 0 29 2 * *", "2028-02-29T00:00:00+08:00"),
        ("0 0 0 15 * SUN *", "2026-01-04T00:00:00+08:00"),
        ("0 0 0 1 1 * 2030", "2030-01-01T00:00:00+08:00"),
    ],
)
def test_it_fires_in_beijing_time(text: str, fires: str) -> None:
    due = Cron.parse(text).next_after(datetime.fromisoformat(NOW).timestamp())

    assert due == datetime.fromisoformat(fires).timestamp()


@pytest.mark.parametrize("text", ["0 0 0 30 2 * *", "0 0 0 1 1 * 1999"])
def test_some_never_do(text: str) -> None:
    assert Cron.parse(text).next_after(datetime.fromisoformat(NOW).timestamp()) is None


@pytest.mark.parametrize(
    "text",
    ["", "* * * * *", "60 * * * * * *", "* * 24 * * * *", "* * * 0 * * *", "* * * * JUX * *", "* * * * * 7 *",
     "5-2 * * * * * *", "*-5 * * * * * *", "*/0 * * * * * *", "-1 * * * * * *", "* * * * * * * *", "a * * * * * *"],
)  # fmt: skip
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(InvalidValueError):
        Cron.parse(text)


@pytest.mark.parametrize(("period", "text"), [(60, "0 * * * * * *"), (300, "0 */5 * * * * *"), (5, "*/5 * * * * * *")])
def test_a_period_is_written_so(period: float, text: str) -> None:
    assert cron.every(period) == text
    Cron.parse(text)
