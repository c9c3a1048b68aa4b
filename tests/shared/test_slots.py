"""The slots of a day on a fake COS: who has which, how many there are, what is used again, and what it costs."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from faketencent.clock import EPOCH
from faketencent.faults import Fault
from ops.policies import SUBMIT_ROLE
from shared.cloud.cos import PAGE, Cos
from shared.cloud.slots import Slots
from shared.cloud.store import Store
from shared.cloud.transport import Transport
from shared.domain.claim import GRACE
from shared.domain.slot import DAY, Slot, day_of, folder, number_of
from shared.errors import BlockedError
from shared.settings import read_settings
from tests.channels import during
from tests.direct import direct
from tests.limited import credentials
from tests.stepping import Stepping
from tests.world import LEDGER, REGION, World, deployed

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Says the same on every Python.
pytestmark = pytest.mark.once

#: Ten o'clock on the day on which the fake's time begins.
NOW = int(EPOCH) + 10 * 3600
TODAY = "2026-01-01"
#: What may lie in the folder of a day and is no slot; the first is what a console's "create folder" leaves.
OTHERS = ("", ".keep", "00000000", "9", "99999998.bak", "note.txt", "old/99999998")


@pytest.fixture
def world() -> Iterator[World]:
    with deployed() as world, direct(world.cloud):
        yield world


def slots(world: World, limit: int | None) -> Slots:
    """The slots as a run of `submit` has them."""
    settings = read_settings(world.variables)
    return Slots(Store(Cos(Transport(credentials(world, SUBMIT_ROLE), settings.scheme)), settings, REGION), limit)


def take(world: World, limit: int | None, now: int = NOW) -> int | None:
    """The number that a run of its own takes."""
    slot = slots(world, limit).take(now, "me")
    return slot.number if slot else None


def taken(world: World, day: str = TODAY) -> list[int | None]:
    """The numbers that are taken, in the order in which they are listed."""
    return [number_of(name) for name in world.ledger(folder(day))]


def given(world: World, *numbers: int) -> None:
    """These are taken."""
    for number in numbers:
        put(world, Slot(TODAY, number).name)


def cleared(world: World) -> None:
    """Nobody has any."""
    for name in world.ledger("slots/"):
        world.cloud.cos.backend.delete(LEDGER, name)


def put(world: World, name: str) -> None:
    world.cloud.cos.backend.put(LEDGER, name, b"me")


def calls(world: World) -> list[str]:
    """What was asked of the cloud since this was asked last."""
    operations = world.cloud.operations()
    world.cloud.journal.clear()
    return operations


class TestNames:
    def test_a_slot_lies_in_the_folder_of_its_day_and_says_who_has_it(self, world: World) -> None:
        slots(world, 10).take(NOW, "an upload's id")

        assert world.ledger("slots/") == ["slots/2026-01-01/99999998"]
        assert world.kept("slots/2026-01-01/99999998") == b"an upload's id"

    def test_the_highest_number_is_listed_first(self) -> None:
        names = [Slot(TODAY, number).name for number in (1, 2, 10, 999, 1000, 9_999_999)]

        assert names == sorted(names, reverse=True)
        assert [number_of(name) for name in names] == [1, 2, 10, 999, 1000, 9_999_999]

    @pytest.mark.parametrize("name", [*OTHERS, "9999999", "999999980", "９９９９９９９８", "99999999"])
    def test_any_other_name_has_no_number(self, name: str) -> None:
        assert number_of(folder(TODAY) + name) is None

    def test_they_lie_under_the_prefix_of_the_ledger(self, world: World) -> None:
        world.configure(LEDGER_PREFIX="team/one/")

        assert [take(world, 2), take(world, 2), take(world, 2)] == [1, 2, None]
        assert world.cloud.cos.backend.keys(LEDGER) == [f"team/one/slots/{TODAY}/{n}" for n in (99999997, 99999998)]


class TestDays:
    @pytest.mark.parametrize(
        ("second", "day"),
        [
            (0, "2026-01-01"),
            (DAY - GRACE - 1, "2026-01-01"),
            (DAY - GRACE, None),
            (DAY - 1, None),
            (DAY, "2026-01-02"),
        ],
    )
    def test_a_moment_belongs_to_its_day_in_utc_but_for_the_last_minutes(self, second: int, day: str | None) -> None:
        # Whoever asks then may submit his job after midnight.
        assert day_of(int(EPOCH) + second) == day

    def test_each_day_has_as_many_as_the_limit_says(self, world: World) -> None:
        given(world, 1, 2)

        assert [take(world, 2), take(world, 2, NOW + DAY), take(world, 2, NOW - DAY)] == [None, 1, 1]

    def test_in_the_last_minutes_there_is_none_and_that_costs_nothing(self, world: World) -> None:
        late = int(EPOCH) + DAY - GRACE

        assert [take(world, 10, late), slots(world, 10).are_left(late), calls(world)] == [None, False, []]

    def test_a_run_that_found_a_day_full_asks_again_on_the_next(self, world: World) -> None:
        given(world, 1)
        run = slots(world, 1)
        assert [run.take(NOW, "me"), run.are_left(NOW)] == [None, False]

        assert run.are_left(NOW + DAY)
        assert run.take(NOW + DAY, "me") == Slot("2026-01-02", 1)


class TestNumbers:
    def test_are_given_one_after_the_other_up_to_the_limit(self, world: World) -> None:
        assert [take(world, 3) for _ in range(5)] == [1, 2, 3, None, None]
        assert taken(world) == [3, 2, 1]

    def test_one_that_somebody_else_took_meanwhile_is_his(self, world: World) -> None:
        given(world, 2)
        during(world, "PutObject", lambda: given(world, 3, 4))

        assert take(world, 10) == 5

    def test_if_others_took_the_last_there_is_none(self, world: World) -> None:
        during(world, "PutObject", lambda: given(world, 1, 2))

        assert take(world, 2) is None
        assert taken(world) == [2, 1]

    def test_where_there_is_no_limit_what_is_taken_is_nothing_and_costs_nothing(self, world: World) -> None:
        run = slots(world, None)
        nothing = run.take(NOW, "me")
        assert nothing

        run.give_back(nothing)

        assert [run.are_left(NOW), run.used(NOW), run.limit] == [True, None, None]
        assert [calls(world), world.ledger("slots/")] == [[], []]

    def test_one_whose_reply_was_lost_is_wasted_and_no_more(self, world: World) -> None:
        world.cloud.faults.on("PutObject", Fault.TIMEOUT_AFTER)

        assert [take(world, 3), take(world, 3), take(world, 3)] == [2, 3, None]

    def test_if_nothing_can_be_taken_nobody_has_one(self, world: World) -> None:
        world.deny("cos:PutObject")

        with pytest.raises(BlockedError):
            take(world, 3)
        assert taken(world) == []


class TestGivenBack:
    def test_a_number_is_used_again(self, world: World) -> None:
        run = slots(world, 1)
        slot = run.take(NOW, "me")
        assert slot

        run.give_back(slot)

        assert taken(world) == []
        assert run.take(NOW, "you") == slot

    def test_one_among_others_is_used_again_when_there_is_no_higher_one(self, world: World) -> None:
        given(world, 1, 3)

        assert [take(world, 4), take(world, 4), take(world, 4)] == [4, 2, None]

    def test_two_at_once_take_one_each(self, world: World) -> None:
        given(world, 2, 4)
        during(world, "PutObject", lambda: given(world, 1))

        assert [take(world, 4), take(world, 4)] == [3, None]

    @pytest.mark.parametrize("fault", [Fault.TIMEOUT_BEFORE, Fault.ERROR_403, Fault.ERROR_503, Fault.RESET])
    def test_one_that_cannot_be_given_back_is_wasted_and_no_more(self, world: World, fault: Fault) -> None:
        world.cloud.faults.on("DeleteObject", fault)
        given(world, 1)

        slots(world, 2).give_back(Slot(TODAY, 1))

        assert [take(world, 2), take(world, 2)] == [2, None]

    def test_it_is_not_given_back_twice_for_by_then_it_may_be_somebody_elses(self, world: World) -> None:
        world.cloud.faults.on("DeleteObject", Fault.TIMEOUT_AFTER)
        given(world, 1)

        slots(world, 2).give_back(Slot(TODAY, 1))

        assert calls(world) == ["DeleteObject"]
        assert taken(world) == []

    def test_one_on_a_later_page_is_found(self, world: World) -> None:
        given(world, *range(1, 700), *range(701, PAGE + 501))

        assert [take(world, PAGE + 500), take(world, PAGE + 500)] == [700, None]


class TestLimitChanged:
    """A new deployment has another limit, and the day goes on."""

    def test_one_that_was_raised_leaves_the_difference(self, world: World) -> None:
        given(world, 1, 2)

        assert [take(world, 3), take(world, 3)] == [3, None]

    def test_one_that_was_lowered_below_what_is_taken_leaves_none(self, world: World) -> None:
        given(world, 1, 2, 3, 4)

        assert [take(world, 2), slots(world, 2).are_left(NOW)] == [None, False]
        assert len(taken(world)) == 4

    def test_all_that_are_taken_count_also_those_above_the_limit(self, world: World) -> None:
        given(world, 1, 5, 6, 7)

        assert [take(world, 4), slots(world, 4).are_left(NOW)] == [None, False]

    def test_what_is_left_below_it_is_given(self, world: World) -> None:
        given(world, 2, 5, 6)

        assert [take(world, 4), take(world, 4)] == [1, None]

    def test_and_no_more_than_that_if_two_ask_at_once(self, world: World) -> None:
        given(world, 2, 5, 6)
        during(world, "PutObject", lambda: given(world, 1))

        assert take(world, 4) is None
        assert len(taken(world)) == 4

    @pytest.mark.parametrize("before", [(2,), (1, 2), (1, 4, 5), (5, 6)], ids=str)
    def test_of_two_at_once_neither_goes_above_it_whatever_is_given_back_meanwhile(
        self, world: World, before: tuple[int, ...]
    ) -> None:
        for first, second, back in itertools.product(range(1, 5), range(1, 5), (None, *before)):
            cleared(world)
            given(world, *before)
            with Stepping(world.cloud) as steps:
                one, other = (steps.start(lambda: take(world, 3)) for _ in range(2))
                one.go(first)
                other.go(second)
                if back:
                    slots(world, 3).give_back(Slot(TODAY, back))
                other.go()
                one.go()
            assert len(taken(world)) <= 3, (first, second, back)


class TestOthers:
    """What lies in the folder of a day and is no slot."""

    @pytest.fixture(params=OTHERS)
    def junk(self, world: World, request: pytest.FixtureRequest) -> str:
        name: str = folder(TODAY) + request.param
        put(world, name)
        return name

    def test_takes_no_number_away(self, world: World, junk: str) -> None:
        assert [take(world, 3) for _ in range(4)] == [1, 2, 3, None]
        assert junk in world.ledger("slots/")

    @pytest.mark.usefixtures("junk")
    def test_costs_a_listing_at_most_however_many_are_taken(self, world: World) -> None:
        given(world, *range(1, 51))

        assert slots(world, 100).used(NOW) == 50
        calls(world)
        assert take(world, 100) == 51
        assert len(calls(world)) <= 3


class TestCalls:
    def test_a_slot_costs_two(self, world: World) -> None:
        given(world, 1)
        take(world, 10)

        assert calls(world) == ["GetBucket", "PutObject"]

    @pytest.mark.parametrize(("limit", "pages"), [(10, 1), (PAGE, 1), (PAGE + 1, 2)])
    def test_a_full_day_costs_a_name_and_its_pages_and_within_a_run_no_more(
        self, world: World, limit: int, pages: int
    ) -> None:
        given(world, *range(1, limit + 1))
        run = slots(world, limit)

        assert run.take(NOW, "me") is None
        assert calls(world) == ["GetBucket"] * (1 + pages)
        assert [run.take(NOW, "me"), run.are_left(NOW), calls(world)] == [None, False, []]

    def test_to_see_whether_any_are_left_costs_one_and_takes_none(self, world: World) -> None:
        given(world, 1)

        assert slots(world, 2).are_left(NOW)
        assert [calls(world), taken(world)] == [["GetBucket"], [1]]

    def test_how_many_are_used_costs_one_also_in_the_last_minutes(self, world: World) -> None:
        given(world, 1, 2)

        assert [slots(world, 9).used(NOW), slots(world, 9).used(int(EPOCH) + DAY - 1)] == [2, 2]
        assert slots(world, 9).used(NOW + DAY) == 0
        assert calls(world) == ["GetBucket"] * 3
