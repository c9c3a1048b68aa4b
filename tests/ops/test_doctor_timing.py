"""The doctor on the time that functions have."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from ops.doctor import timing
from ops.doctor.finding import Verdict
from shared.invocation import LONGEST
from tests.world import marked_video, new_containers

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ops.clinic import Clinic, Inputs

#: Says the same on every Python.
pytestmark = pytest.mark.once


def timeout(seconds: int | None) -> Callable[[Inputs], None]:
    """Give both functions that time-out; `None` takes it away."""

    def change(inputs: Inputs) -> None:
        for function in inputs["functions"].values():
            del function["timeout"]
            function.update({} if seconds is None else {"timeout": seconds})

    return change


def test_the_time_outs_of_this_repository_pass(clinic: Clinic) -> None:
    assert [finding.verdict for finding in clinic.ask(timing.timeouts)] == [Verdict.PASS, Verdict.PASS]


@pytest.mark.parametrize(
    ("seconds", "verdict"),
    [
        (None, Verdict.FAIL),
        (timing.NEEDED - 1, Verdict.FAIL),
        (timing.NEEDED, Verdict.WARN),
        (timing.ENOUGH - 1, Verdict.WARN),
        (timing.ENOUGH, Verdict.PASS),
        (LONGEST, Verdict.PASS),
        (LONGEST + 1, Verdict.FAIL),
    ],
)
def test_a_function_has_to_outlast_its_calls_and_end_before_the_sweep_takes_over(
    clinic: Clinic, seconds: int | None, verdict: Verdict
) -> None:
    clinic.deploy(timeout(seconds))

    assert {finding.verdict for finding in clinic.ask(timing.timeouts)} == {verdict}


def test_one_function_that_may_run_too_long_is_named(clinic: Clinic) -> None:
    clinic.deploy(lambda inputs: inputs["functions"]["callback"].update(timeout=900))

    (failed,) = [finding for finding in clinic.ask(timing.timeouts) if finding.verdict is not Verdict.PASS]

    assert failed.verdict is Verdict.FAIL
    assert failed.message.startswith("callback has a time-out of 900 s")


def test_what_the_doctor_refuses_the_functions_refuse_too(clinic: Clinic) -> None:
    clinic.world.cloud.scf.backend.update_function("submit", timeout=LONGEST + 1)
    clinic.world.upload("second.mp4", marked_video("second", "second"))

    clinic.world.cloud.settle()

    assert clinic.world.log[-1]["message"].startswith("the function's time-out is 271 s")


def test_a_video_needs_no_more_calls_than_are_counted_on(clinic: Clinic) -> None:
    # Given a daily limit, which takes two calls more
    new_containers()
    journal = clinic.world.cloud.journal
    made = [len(journal)]
    clinic.world.upload("second.mp4", marked_video("second", "second"))
    while clinic.world.cloud.clock.run_next():
        made.append(len(journal))

    runs = [after - before for before, after in pairwise(made)]

    assert max(runs) == timing.CALLS
