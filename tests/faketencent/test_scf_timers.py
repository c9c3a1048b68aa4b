"""Timer triggers: when they tick, what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.cloud import FakeCloud
from faketencent.scf.exceptions import AlreadyExistsError, InvalidValueError

if TYPE_CHECKING:
    from faketencent.scf.models import ScfBackend

#: Says the same on every Python.
pytestmark = pytest.mark.once


@pytest.fixture
def cloud() -> FakeCloud:
    return FakeCloud()


@pytest.fixture
def scf(cloud: FakeCloud) -> ScfBackend:
    cloud.scf.backend.create_function("submit", lambda _, __: None)
    return cloud.scf.backend


def test_it_ticks_with_the_documented_event(cloud: FakeCloud, scf: ScfBackend) -> None:
    scf.add_timer("submit", "every-five-minutes", 300, "sweep")

    cloud.advance(299)
    assert scf.invocations == []

    cloud.advance(301)
    assert [run.event for run in scf.invocations] == [
        {"Type": "Timer", "TriggerName": "every-five-minutes", "Time": time, "Message": "sweep"}
        for time in ("2026-01-01T00:05:00Z", "2026-01-01T00:10:00Z")
    ]


def test_the_function_can_tell_from_its_environment(cloud: FakeCloud, scf: ScfBackend) -> None:
    scf.create_function("sweep", lambda _, context: context["environ"])
    scf.add_timer("sweep", "minutely", 60)

    cloud.advance(60)

    assert "TRIGGER_SRC=timer" in scf.invocations[0].result.split(";")


def test_a_tick_does_not_wait_for_the_one_before(cloud: FakeCloud, scf: ScfBackend) -> None:
    # given a function whose first run is still going when the second tick is due
    running: list[int] = []
    most: list[int] = []

    def handler(_: object, __: object) -> None:
        running.append(1)
        most.append(len(running))
        if len(most) == 1:
            cloud.advance(60)
        running.pop()

    scf.create_function("sweep", handler, timeout=100)
    scf.add_timer("sweep", "minutely", 60)

    cloud.advance(60)

    assert most == [1, 2]


def test_ticks_missed_by_a_sleeping_caller_are_made_up(cloud: FakeCloud, scf: ScfBackend) -> None:
    scf.add_timer("submit", "minutely", 60)

    cloud.clock.sleep(150)
    cloud.settle()

    assert [run.event["Time"] for run in scf.invocations] == ["2026-01-01T00:01:00Z", "2026-01-01T00:02:00Z"]


def test_a_failed_tick_is_retried_like_any_event(cloud: FakeCloud, scf: ScfBackend) -> None:
    scf.create_function("sweep", lambda _, __: 1 / 0)
    scf.add_timer("sweep", "hourly", 3600)

    cloud.advance(3600 + 120)

    assert len(scf.invocations) == 3
    assert [letter.message["Body"]["RequestSource"] for letter in scf.dead_letters] == ["TRIGGER_TIMER"]


def test_a_deleted_timer_stops(cloud: FakeCloud, scf: ScfBackend) -> None:
    timer = scf.add_timer("submit", "minutely", 60)
    cloud.advance(60)

    scf.delete_trigger(timer)
    cloud.advance(600)

    assert len(scf.invocations) == 1


def test_names_are_taken_once_and_periods_are_positive(scf: ScfBackend) -> None:
    scf.add_timer("submit", "minutely", 60)

    with pytest.raises(AlreadyExistsError):
        scf.add_timer("submit", "minutely", 30)
    with pytest.raises(InvalidValueError):
        scf.add_timer("submit", "never", 0)
