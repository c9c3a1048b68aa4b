"""The line of claims that wait for the daily limit: its order, who goes on beside it, what stops it, what it costs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from faketencent.ci.models import Progression
from faketencent.faults import Fault
from faketencent.refusals import INVALID_ARGUMENT
from shared.domain.claim import GRACE
from tests.channels import calls
from tests.limited import (
    Containers,
    check_answered,
    check_limit,
    check_order,
    go_to,
    jobs_by_day,
    limited,
    pass_midnight,
    slots_by_day,
    tick,
    upload,
    upload_in_turn,
)
from tests.world import LEDGER, World, deployed, new_containers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faketencent.routes import Call

#: Says the same on every Python.
pytestmark = pytest.mark.once

HOUR = 3600
KEYS = [str(number) for number in range(8)]


@pytest.fixture
def world() -> Iterator[World]:
    """Eight uploads for a limit of one; it is the next day, and the limit is higher."""
    with limited(1) as world:
        go_to(world, -4000)
        upload_in_turn(world, KEYS)
        tick(world)
        go_to(world, 4000)
        world.configure(MAX_JOBS_PER_DAY="20")
        world.cloud.journal.clear()
        yield world


def today(world: World) -> list[str]:
    """The videos that had their job today, in the order of the jobs."""
    return jobs_by_day(world).get("2026-01-02", [])


def about_slots(call: Call) -> bool:
    return "slots/" in call.request.decoded_path + call.request.params.get("prefix", "")


class TestOrder:
    def test_all_that_there_are_slots_for_go_in_one_tick_the_oldest_first(self, world: World) -> None:
        # By now each of them is due too
        tick(world)

        assert today(world) == KEYS[1:]

    def test_also_in_a_container_that_knows_none_of_them(self, world: World) -> None:
        new_containers()

        tick(world)

        assert today(world) == KEYS[1:]

    def test_where_there_are_fewer_slots_the_youngest_wait(self, world: World) -> None:
        world.configure(MAX_JOBS_PER_DAY="5")
        new_containers()

        tick(world)

        assert today(world) == KEYS[1:6]

    def test_those_that_waited_for_the_end_of_a_pause_before_keep_their_places(self) -> None:
        with limited(4) as world:
            go_to(world, -3 * HOUR)
            world.cloud.cos.backend.put(LEDGER, "paused", b"{}")
            upload_in_turn(world, KEYS)
            pass_midnight(world, Containers.ALWAYS_NEW)
            world.cloud.cos.backend.delete(LEDGER, "paused")
            assert world.jobs == []

            for _ in range(2):
                pass_midnight(world, Containers.ALWAYS_NEW)

            assert [len(keys) for keys in jobs_by_day(world).values()] == [4, 4]
            check_order(world)
            check_limit(world, 4)
            check_answered(world, KEYS)


class TestBesideIt:
    def test_a_job_that_has_ended_is_not_kept_waiting_by_two_hundred_claims(self) -> None:
        # Given a job whose callback never came, two hundred that may go on now, and a tick with time for a few
        with limited(1, CALLBACK_URL="no") as world:
            world.cloud.ci.backend.progression = Progression.MANUAL
            upload(world, "first")
            upload(world, *map(str, range(200)))
            world.cloud.advance(HOUR)
            tick(world)
            world.cloud.ci.backend.finish(world.jobs[0].id)
            world.cloud.advance(HOUR)
            world.configure(MAX_JOBS_PER_DAY="300")
            world.cloud.watchers.append(lambda _: world.cloud.clock.sleep(1))

            summary = world.sweep()

            assert [summary["in_flight"], summary["complete"]] == [201, False]
            assert world.answer("first.mp4") == ("found", "first")
            assert 1 < len(world.jobs) <= summary["handled"] < 10

    def test_nor_by_slots_that_cannot_be_listed(self) -> None:
        with limited(1, CALLBACK_URL="no") as world:
            upload(world, "first", "second")
            world.cloud.advance(HOUR)
            world.cloud.faults.when(about_slots, Fault.ERROR_403, times=None)

            tick(world)

            assert world.answer("first.mp4") == ("found", "first")
            told = [line for line in world.log if line["level"] == "ERROR" and "slots" in line.get("detail", "")]
            assert [line["outcome"] for line in told] == ["failed"]


class TestStops:
    def test_while_ci_refuses_jobs_one_is_tried_in_a_tick_and_takes_no_slot(self, world: World) -> None:
        world.cloud.faults.on("CreateMediaJobs", INVALID_ARGUMENT, times=None)
        new_containers()

        tick(world)

        assert [calls(world, "CreateMediaJobs"), slots_by_day(world)] == [1, {"2026-01-01": 1}]
        world.cloud.faults.clear()
        world.cloud.advance(HOUR)
        tick(world)
        check_answered(world, KEYS)

    @pytest.mark.parametrize("fault", [Fault.ERROR_503, Fault.TIMEOUT_BEFORE, Fault.ERROR_429])
    def test_while_ci_is_out_of_order_one_slot_is_wasted_in_a_tick_and_not_all(
        self, world: World, fault: Fault
    ) -> None:
        # The function cannot know that there is no job.
        world.cloud.faults.on("CreateMediaJobs", fault, times=None)
        new_containers()

        tick(world)

        assert [calls(world, "CreateMediaJobs"), slots_by_day(world)["2026-01-02"]] == [1, 1]
        world.cloud.faults.clear()
        world.cloud.advance(HOUR)
        tick(world)
        check_answered(world, KEYS)

    def test_one_that_cannot_be_read_does_not_stop_those_behind_it(self, world: World) -> None:
        oldest = min(world.claims, key=lambda name: world.attempts()[world.claims.index(name)].since)
        world.cloud.cos.backend.put(world.settings["LEDGER_BUCKET"], oldest, b"rubbish")
        world.cloud.advance(HOUR)
        new_containers()

        tick(world)

        assert today(world) == KEYS[2:]


class TestCosts:
    @pytest.mark.parametrize("count", [2, 8])
    def test_on_a_full_day_a_tick_costs_the_same_however_many_wait(self, count: int) -> None:
        with limited(1) as world:
            upload(world, *KEYS[:count])
            world.cloud.advance(HOUR)
            tick(world)
            world.cloud.journal.clear()

            tick(world)

            # The ledger and its pause; what waits, the claims, the highest slot, all slots; the highest for the status.
            assert world.cloud.operations() == [
                *("GetBucketVersioning", "GetObject"),
                *["GetBucket"] * 5,
                "PutObject",
            ]

    def test_when_the_last_slot_is_gone_one_more_is_asked_and_no_others(self, world: World) -> None:
        # Given a line of which none is due
        world.configure(MAX_JOBS_PER_DAY="3")
        tick(world)
        world.configure(MAX_JOBS_PER_DAY="4")

        assert world.sweep()["handled"] == 2
        assert today(world) == KEYS[1:5]

    def test_a_claim_that_turns_out_not_to_wait_is_read_and_left_until_it_is_due(self) -> None:
        # Given a claim that got its job from the timer, and is not due before the next hour
        with limited(9) as world:
            world.cloud.ci.backend.progression = Progression.MANUAL
            world.cloud.faults.on("CreateMediaJobs", Fault.TIMEOUT_BEFORE)
            upload(world, "clip")
            world.cloud.advance(HOUR + HOUR // 2)
            tick(world)
            assert len(world.jobs) == 1
            world.cloud.advance(GRACE)

            for reads in (1, 0):
                world.cloud.journal.clear()
                tick(world)
                asked = [call.route.operation for call in world.cloud.journal if "claims/" in call.request.decoded_path]
                assert [asked, calls(world, "DescribeMediaJob")] == [["GetObject"] * reads, 0]

    def test_without_a_limit_there_is_no_call_about_slots(self) -> None:
        with deployed() as world:
            upload(world, *KEYS[:3])
            world.cloud.advance(HOUR)

            tick(world)

            assert [call.request.url for call in world.cloud.journal if about_slots(call)] == []
            check_answered(world, KEYS[:3])

    def test_a_limit_that_is_not_reached_costs_an_upload_two_calls(self) -> None:
        counts = []
        for settings in ({}, {"MAX_JOBS_PER_DAY": "9"}):
            with deployed(timer=False, **settings) as world:
                upload(world, "first")
                counts.append(len(world.cloud.journal))

        assert counts[1] - counts[0] == 2


class TestStatus:
    def status(self, world: World) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(world.kept("status.json"))
        return {name: found.get(name) for name in ("jobs_today", "limit", "held", "in_flight")}

    def test_it_says_how_many_jobs_the_day_had_and_why_others_wait(self) -> None:
        with limited(2) as world:
            upload(world, *KEYS[:5])
            world.cloud.advance(HOUR)
            tick(world)
            tick(world)

            assert self.status(world) == {"jobs_today": 2, "limit": 2, "held": {"limit": 3}, "in_flight": 3}

    def test_a_new_day_begins_with_none(self) -> None:
        with limited(2) as world:
            upload(world, *KEYS[:2])
            go_to(world, 0)
            tick(world)

            assert self.status(world) == {"jobs_today": 0, "limit": 2, "held": {}, "in_flight": 0}

    def test_where_there_is_no_limit_it_says_nothing_of_it(self) -> None:
        with deployed() as world:
            upload(world, "first")
            tick(world)

            assert self.status(world) == {"jobs_today": None, "limit": None, "held": {}, "in_flight": 0}
