"""Whatever others do to the object, at every call of the main job: the promises hold."""

from __future__ import annotations

import itertools
import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from faketencent.faults import Fault
from tests.schedules import people
from tests.schedules.actions import Deed, Scenario, What
from tests.schedules.rest import check_rest
from tests.schedules.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable

#: Says the same on every Python, and takes its time.
pytestmark = pytest.mark.once

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
DEEDS = [
    Deed(What.EDIT, "clip.mp4"),
    Deed(What.EDIT_KEPT, "clip.mp4"),
    Deed(What.PUT, "clip.mp4", "B"),
    Deed(What.PUT, "clip.mp4", "A"),
    Deed(What.PUT_AT_ONCE, "clip.mp4", "B"),
    Deed(What.RENAME, "clip.mp4", "film.mp4"),
    Deed(What.ARCHIVE, "clip.mp4"),
    Deed(What.DELETE, "clip.mp4"),
]

#: A fault, and whether the event of the deed comes: the first ones in `make test`, all in `make test-long`.
STRIKES = [
    *[(None, True), (None, False), (Fault.KILL_AFTER, True)],
    *([(Fault.KILL_AFTER, False), (Fault.TIMEOUT_AFTER, True), (Fault.TIMEOUT_AFTER, False)] if LONG else []),
]


def run(deed: Deed, at_call: int, fault: Fault | None, *, heard: bool) -> bool:
    """The main job, with the deed right before one call, which may meet a fault; whether there was such a call."""
    with ExitStack() as stack:
        stage = Stage(Scenario("others meanwhile", ()), stack)
        people.do(stage, Deed(What.PUT, "clip.mp4", "A"))
        calls = itertools.count()

        def go() -> None:
            while stage.runs:
                is_due = next(calls) == at_call
                if is_due:
                    people.do(stage, deed)
                stage.step(stage.runs[0], fault if is_due else None)

        stage.submit(stage.events[0])
        go()
        for job in stage.alive():
            stage.start_job(job)
            stage.finish_job(job)
        for held in stage.callbacks:
            stage.call_back(held)
            go()
        if heard:
            stage.submit(stage.events[-1])
            stage.run_out()
        check_rest(stage)
        assert len(stage.truth.made_for) <= 2
        return next(calls) > at_call


@pytest.mark.parametrize(
    ("fault", "heard"),
    STRIKES,
    ids=lambda value: value.name.lower() if isinstance(value, Fault) else str(value),
)
@pytest.mark.parametrize("deed", DEEDS, ids=str)
def test_what_others_do_meanwhile(
    deed: Deed, fault: Fault | None, heard: bool, record_property: Callable[[str, object], None]
) -> None:
    for at_call in itertools.count():
        try:
            if not run(deed, at_call, fault, heard=heard):
                break
        except AssertionError as error:
            raise AssertionError(f"at call {at_call}: {error}") from error

    assert at_call > 14
    record_property("others meanwhile", at_call)
