"""What a job found out, and how times are written."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import datetime, timedelta, timezone

import pytest

from shared.domain.result import Result, Verdict, stamp
from tests.shared.samples import MODIFIED


@pytest.mark.parametrize("hours", [-12, 0, 8])
def test_times_are_written_in_utc(hours: int) -> None:
    zone = timezone(timedelta(hours=hours))

    assert stamp(datetime(2026, 1, 1, tzinfo=timezone.utc).astimezone(zone)) == "2026-01-01T00:00:00Z"


def test_seconds_since_1970_are_written_alike() -> None:
    assert stamp(MODIFIED) == "2026-01-01T00:00:00Z"


def test_a_result_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(Result(Verdict.NONE, ""), "verdict", Verdict.FOUND)  # noqa: B010 - mypy would refuse the plain form
