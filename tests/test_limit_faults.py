"""With a limit of one: never two jobs on a day, whatever happens to a call and whoever else asks at the same time.

Every call of claim, slot and POST is struck by every fault, and three functions that want the last slot hand over to
each other. In the end every upload is answered, and was paid for once.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from faketencent.faults import Fault
from faketencent.refusals import INVALID_ARGUMENT
from shared.domain.slot import Slot
from tests.limited import check_answered, check_limit, go_to, jobs_by_day, limited, slots_by_day, tick, upload
from tests.stepping import Runner, Stepping
from tests.world import LEDGER, TICK, World, new_containers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from faketencent.faults import Trouble
    from faketencent.routes import Call

#: Says the same on every Python, and takes its time.
pytestmark = pytest.mark.once

#: `make test-long` goes through all calls, `make test` through every so many.
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
#: Of claims, slots and jobs: what a job needs.
OPERATIONS = ("PutObject", "GetBucket", "DeleteObject", "CreateMediaJobs")


def is_struck(call: Call) -> bool:
    """Whether the call is about a claim, a slot or a job that is asked for."""
    where = call.request.decoded_path + call.request.params.get("prefix", "")
    return call.route.operation in OPERATIONS and any(part in where for part in ("claims/", "slots/", "/jobs"))


@pytest.mark.parametrize(
    ("first", "every"),
    [(None, 17), (INVALID_ARGUMENT, 97), (Fault.TIMEOUT_AFTER, 97), (Fault.KILL_BEFORE, 97)],
    ids=["alone", "after a refusal", "after a lost reply", "after a kill"],
)
def test_any_fault_at_any_call_of_two_uploads_costs_a_day_and_nothing_else(
    first: Trouble | None, every: int, record_property: Callable[[str, object], None]
) -> None:
    strikes = list(product(Fault, range(play(first))))[:: 1 if LONG else every]

    for fault, at_call in strikes:
        play(first, (fault, at_call))

    record_property("limit and faults", len(strikes))


def play(first: Trouble | None, strike: tuple[Fault, int] | None = None) -> int:
    """Two uploads and the days after; `first` befalls the first POST. Says how many calls could be struck."""
    with limited(1) as world:
        if strike:
            world.cloud.faults.when(is_struck, strike[0], skip=strike[1])
        if first:
            world.cloud.faults.on("CreateMediaJobs", first)
        go_to(world, -7200)
        upload(world, "first")
        world.cloud.advance(70)
        upload(world, "second")
        try:
            let_days_pass(world, faults=bool(strike) + bool(first))
        except AssertionError as error:
            raise AssertionError(f"{strike}: {error}; {world.cloud.operations()}") from error
        return sum(map(is_struck, world.cloud.journal))


def let_days_pass(world: World, faults: int) -> None:
    """Each day has one job at most, and in the end all is answered; each fault costs a day, and one slot."""
    for _ in range(2 + faults):
        go_to(world, -4000)
        for seconds in (0, 4030, 670, 3800):
            world.cloud.advance(seconds)
            # The fault may end it.
            world.cloud.scf.backend.invoke("callback", TICK)
            world.cloud.settle()
            check_limit(world, 1)
        if not world.claims:
            break
    check_answered(world, ["first", "second"])
    assert sum(slots_by_day(world).values()) <= 2 + faults


class TestAtOnce:
    """The last slot of a day, two events, and a timer that has a claim of yesterday in its line."""

    def test_two_functions_and_a_timer_make_one_job(self, record_property: Callable[[str, object], None]) -> None:
        steps = list(product(range(6), range(6), range(14)))[:: 1 if LONG else 31]
        record_property("limit and interleavings", len(steps))
        for one, other, timer in steps:
            with last_slot("today", "now") as (world, events), Stepping(world.cloud) as stepping:
                runs = [submission(world, stepping, event) for event in events]
                runs.append(until_slots(stepping.start(partial(world.cloud.scf.backend.invoke, "callback", TICK))))
                for run, calls in zip(runs, (one, other, timer), strict=True):
                    run.go(calls)
                for run in runs:
                    run.go()
                assert len(jobs_by_day(world)["2026-01-02"]) == 1, (one, other, timer)
                check_end(world, ["yesterday", "today", "now"])

    def test_so_do_two_timers(self, record_property: Callable[[str, object], None]) -> None:
        steps = list(product(range(14), range(14)))[:: 1 if LONG else 17]
        record_property("limit and interleavings", len(steps))
        for one, other in steps:
            with last_slot() as (world, _), Stepping(world.cloud) as stepping:
                runs = []
                for calls in (one, other):
                    new_containers()
                    runs.append(until_slots(stepping.start(partial(world.cloud.scf.backend.invoke, "callback", TICK))))
                    runs[-1].go(calls)
                for run in runs:
                    run.go()
                assert jobs_by_day(world)["2026-01-02"] == ["yesterday"], (one, other)
                check_end(world, ["yesterday"])


@contextmanager
def last_slot(*keys: str) -> Iterator[tuple[World, list[dict[str, Any]]]]:
    """A day that allows one job, for which an upload of yesterday waits; and the events of these uploads of today."""
    events: list[dict[str, Any]] = []
    with limited(1) as world:
        world.cloud.cos.backend.put(LEDGER, Slot("2026-01-01", 1).name, b"somebody")
        go_to(world, -4000)
        upload(world, "yesterday")
        go_to(world, 600)
        with patch.object(world.cloud.scf.backend.cos_triggers, "deliver", lambda _, event: events.append(event)):
            upload(world, *keys)
        yield world, events


def submission(world: World, stepping: Stepping, event: dict[str, Any]) -> Runner:
    """A run of `submit` that has come to the slots."""
    return until_slots(stepping.start(partial(world.cloud.scf.backend.invoke, "submit", event)))


def until_slots(run: Runner) -> Runner:
    """Let it run to the point right before it looks at the slots."""
    run.go(0)
    while run.pending and "slots/" not in run.pending.request.params.get("prefix", ""):
        run.go(1)
    assert run.pending, "it did not come to the slots"
    return run


def check_end(world: World, keys: list[str]) -> None:
    """In the end all is answered, one a day."""
    world.cloud.settle()
    for _ in keys:
        go_to(world, 700)
        tick(world)
        check_limit(world, 1)
    check_answered(world, keys)
