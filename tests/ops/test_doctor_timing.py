"""The doctor on the time that functions have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ops.doctor import timing
from ops.doctor.finding import Verdict
from shared.invocation import MARGIN
from tests.world import marked_video

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ops.clinic import Clinic, Inputs


def timeout(seconds: int | None) -> Callable[[Inputs], None]:
    """Give both functions that time-out; `None` takes it away."""

    def change(inputs: Inputs) -> None:
        for function in inputs["functions"].values():
            function.update(timeout=seconds)

    return change


def test_the_time_outs_of_this_repository_pass(clinic: Clinic) -> None:
    assert [finding.verdict for finding in clinic.ask(timing.timeouts)] == [Verdict.PASS, Verdict.PASS]
    assert clinic.ask_once(timing.grace).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("seconds", "verdict"),
    [
        (None, Verdict.FAIL),
        (MARGIN, Verdict.FAIL),
        (MARGIN + 1, Verdict.WARN),
        (timing.ENOUGH - 1, Verdict.WARN),
        (timing.ENOUGH, Verdict.PASS),
        (900, Verdict.PASS),
        (901, Verdict.FAIL),
    ],
)
def test_a_function_has_to_outlast_its_calls(clinic: Clinic, seconds: int | None, verdict: Verdict) -> None:
    clinic.deploy(timeout(seconds))

    assert {finding.verdict for finding in clinic.ask(timing.timeouts)} == {verdict}


def test_the_time_out_can_be_given_by_hand(clinic: Clinic) -> None:
    clinic.options["chosen_timeout"] = MARGIN + 1

    assert {finding.verdict for finding in clinic.ask(timing.timeouts)} == {Verdict.WARN}


@pytest.mark.parametrize(("grace", "verdict"), [("271", Verdict.PASS), ("270", Verdict.FAIL)])
def test_the_sweep_has_to_wait_longer_than_a_function_runs(clinic: Clinic, grace: str, verdict: Verdict) -> None:
    clinic.configure(GRACE=grace)

    assert clinic.ask_once(timing.grace).verdict is verdict


def test_a_video_needs_no_more_calls_than_are_counted_on(clinic: Clinic) -> None:
    journal, made = clinic.world.cloud.journal, []
    clinic.world.upload("second.mp4", marked_video("second", "second"))
    while clinic.world.cloud.clock.run_next():
        made.append(len(journal))

    runs = [after - before for before, after in zip([0, *made], made, strict=False)]

    assert max(runs[1:]) <= timing.CALLS + 1  # the callback itself is a call to the function's address
