"""What a job found out, and when it may replace what is known."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import datetime, timedelta, timezone

import pytest

from shared.domain.result import Result, Verdict, stamp


@pytest.mark.parametrize(
    ("verdict", "earlier", "supersedes"),
    [
        (Verdict.FOUND, None, True),
        (Verdict.NONE, None, True),
        (Verdict.FAILED, None, True),
        (Verdict.FOUND, Verdict.FAILED, True),
        (Verdict.NONE, Verdict.FAILED, True),
        (Verdict.FAILED, Verdict.FAILED, False),
        (Verdict.FAILED, Verdict.FOUND, False),
        (Verdict.FAILED, Verdict.NONE, False),
        (Verdict.FOUND, Verdict.FOUND, False),
        (Verdict.FOUND, Verdict.NONE, False),
        (Verdict.NONE, Verdict.FOUND, False),
    ],
)
def test_only_success_replaces_and_only_failure_is_replaced(
    verdict: Verdict,
    earlier: Verdict | None,
    supersedes: bool,
) -> None:
    assert Result(verdict, "").supersedes(earlier) is supersedes


def test_a_failure_without_a_job_says_when_and_why() -> None:
    result = Result.failed(1_767_225_600.9, "InvalidArgument", "no such thing")

    assert result == Result(
        Verdict.FAILED, "2026-01-01T00:00:00Z", job="", code="InvalidArgument", message="no such thing"
    )


@pytest.mark.parametrize("hours", [-12, 0, 8])
def test_times_are_written_in_utc(hours: int) -> None:
    zone = timezone(timedelta(hours=hours))

    assert stamp(datetime(2026, 1, 1, tzinfo=timezone.utc).astimezone(zone)) == "2026-01-01T00:00:00Z"


def test_a_result_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(Result(Verdict.NONE, ""), "verdict", Verdict.FOUND)  # noqa: B010 - mypy would refuse the plain form
