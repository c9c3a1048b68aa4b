"""What takes a slot of the day, what takes none, and what gives one back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.ci.models import Progression
from faketencent.faults import Fault
from faketencent.refusals import ACCESS_DENIED, INVALID_ARGUMENT
from faketencent.scf.cos_trigger import Delivery
from shared.domain.claim import Held
from tests.asking import ask
from tests.limited import check_answered, check_limit, go_to, limited, pass_midnight, slots_by_day, tick, upload
from tests.world import BUCKET, World, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faketencent.faults import Trouble

#: Says the same on every Python.
pytestmark = pytest.mark.once

HOUR = 3600
TODAY, TOMORROW = "2026-01-01", "2026-01-02"


@pytest.fixture
def world() -> Iterator[World]:
    with limited(10) as world:
        yield world


class TestTakesOne:
    def test_an_upload_whose_event_comes_three_times(self, world: World) -> None:
        world.cloud.scf.backend.cos_triggers.delivery = Delivery(copies=3)

        upload(world, "clip")

        assert slots_by_day(world) == {TODAY: 1}

    def test_each_upload_that_has_a_job(self, world: World) -> None:
        upload(world, "a", "b", "c")

        assert slots_by_day(world) == {TODAY: 3}
        check_limit(world, 10)

    def test_an_upload_whose_job_is_known_only_to_ci(self, world: World) -> None:
        world.cloud.faults.on("CreateMediaJobs", Fault.TIMEOUT_AFTER)

        upload(world, "clip")
        world.cloud.advance(HOUR)
        tick(world)

        assert slots_by_day(world) == {TODAY: 1}
        check_answered(world, ["clip"])

    def test_what_an_operator_asks_for(self, world: World) -> None:
        world.cloud.scf.backend.cos_triggers.delivery = Delivery(copies=0)
        upload(world, "clip")
        ask(world, "clip.mp4")

        tick(world)

        assert slots_by_day(world) == {TODAY: 1}
        check_answered(world, ["clip"])


class TestTakesNone:
    def test_the_same_bytes_under_another_key(self, world: World) -> None:
        upload(world, "clip")

        world.upload("copy.mp4", marked_video("clip", "clip"))
        world.cloud.settle()
        world.cloud.advance(HOUR)
        tick(world)

        assert world.answer("copy.mp4") == ("found", "clip")
        assert slots_by_day(world) == {TODAY: 1}

    def test_our_own_write(self, world: World) -> None:
        upload(world, "clip")

        assert [world.writes, slots_by_day(world)] == [1, {TODAY: 1}]

    @pytest.mark.parametrize("key", ["notes.txt", "tmp/clip.mp4"])
    def test_what_is_left_out(self, world: World, key: str) -> None:
        world.configure(EXCLUDE="tmp/**")

        world.upload(key, marked_video("x"))
        world.cloud.settle()

        assert slots_by_day(world) == {}

    def test_what_is_gone_or_replaced_before_its_event_comes(self, world: World) -> None:
        world.upload("gone.mp4", marked_video("gone"))
        world.upload("clip.mp4", marked_video("first"))
        world.upload("clip.mp4", marked_video("second"))
        world.cloud.cos.backend.delete(BUCKET, "gone.mp4")

        world.cloud.settle()

        assert slots_by_day(world) == {TODAY: 1}

    def test_an_upload_that_waits_for_the_job_of_another(self, world: World) -> None:
        world.cloud.ci.backend.progression = Progression.MANUAL
        upload(world, "clip")
        world.cloud.ci.backend.start(world.jobs[0].id)
        world.cloud.advance(10)

        world.upload("clip.mp4", marked_video("second"))
        world.cloud.settle()

        assert [attempt.held for attempt in world.attempts()].count(Held.ANOTHER) == 1
        assert slots_by_day(world) == {TODAY: 1}

    @pytest.mark.parametrize("setting", ["MIN_AGE", "paused"])
    def test_what_is_held_for_something_else(self, world: World, setting: str) -> None:
        if setting == "paused":
            world.cloud.cos.backend.put(world.settings["LEDGER_BUCKET"], "paused", b"{}")
        else:
            world.configure(MIN_AGE="86400")

        upload(world, "clip")

        assert [attempt.held for attempt in world.attempts()] in ([Held.PAUSED], [Held.YOUNG])
        assert slots_by_day(world) == {}


class TestGivesItBack:
    @pytest.fixture
    def world(self) -> Iterator[World]:
        with limited(1) as world:
            yield world

    @pytest.mark.parametrize("refusal", [INVALID_ARGUMENT, ACCESS_DENIED], ids=str)
    def test_a_job_that_is_certainly_refused_so_that_the_next_has_its_slot(
        self, world: World, refusal: Trouble
    ) -> None:
        world.cloud.faults.on("CreateMediaJobs", refusal)

        upload(world, "refused")
        assert slots_by_day(world) == {}
        upload(world, "accepted")

        assert world.answer("accepted.mp4") == ("found", "accepted")
        check_limit(world, 1)
        pass_midnight(world)
        check_answered(world, ["accepted", "refused"])

    def test_one_that_the_timer_asked_for_too(self, world: World) -> None:
        world.cloud.faults.on("CreateMediaJobs", INVALID_ARGUMENT, times=5)
        upload(world, "refused")
        for _ in range(4):
            world.cloud.advance(HOUR)
            tick(world)
        assert [len(world.jobs), slots_by_day(world)] == [0, {}]

        world.cloud.advance(HOUR)
        tick(world)

        check_answered(world, ["refused"])
        check_limit(world, 1)

    @pytest.mark.parametrize(
        "fault", [Fault.ERROR_429, Fault.ERROR_500, Fault.ERROR_503, Fault.RESET, Fault.TIMEOUT_BEFORE, Fault.TRUNCATED]
    )
    def test_but_none_of_which_that_is_not_certain(self, world: World, fault: Fault) -> None:
        world.cloud.faults.on("CreateMediaJobs", fault)

        upload(world, "first")
        upload(world, "second")

        assert slots_by_day(world) == {TODAY: 1}
        assert len(world.jobs) == (fault is Fault.TRUNCATED)
        for _ in range(2):
            pass_midnight(world)
            check_limit(world, 1)
        check_answered(world, ["first", "second"])

    @pytest.mark.parametrize("fault", [Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER, Fault.KILL_BEFORE, Fault.KILL_AFTER])
    def test_if_it_cannot_be_given_back_one_day_is_wasted_and_no_more(self, world: World, fault: Fault) -> None:
        world.cloud.faults.on("CreateMediaJobs", INVALID_ARGUMENT)
        world.cloud.faults.on("DeleteObject", fault)
        upload(world, "first")
        world.cloud.advance(300)
        upload(world, "second")

        for _ in range(2):
            pass_midnight(world)

        check_limit(world, 1)
        check_answered(world, ["first", "second"])
        assert sum(slots_by_day(world).values()) <= 3

    @pytest.mark.parametrize("fault", [Fault.TIMEOUT_AFTER, Fault.RESET_AFTER, Fault.KILL_AFTER])
    def test_one_whose_taking_was_not_answered_is_wasted_and_no_more(self, world: World, fault: Fault) -> None:
        world.cloud.faults.when(lambda call: call.request.method == "PUT" and "/slots/" in call.request.path, fault)
        go_to(world, -HOUR)
        upload(world, "first")

        pass_midnight(world)

        check_answered(world, ["first"])
        assert slots_by_day(world) == {TODAY: 1, TOMORROW: 1}
