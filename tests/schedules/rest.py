"""After a schedule: no more faults, the timer goes on, CI ends its jobs, days pass; then the promises must hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faketencent.ci.jobs import JobState
from tests.promises import require
from tests.schedules import people

if TYPE_CHECKING:
    from tests.schedules.held import HeldEvent
    from tests.schedules.stage import Stage

_HOUR, _DAY = 3600, 86_400
#: Seconds between the ticks that are left: hours, then days for what waits for the next, months for what is given up.
_WAITS = (_HOUR,) * 6 + ((_DAY,) * 9 + (31 * _DAY,)) * 3 + (_DAY,) * 9


def check_rest(stage: Stage) -> None:
    """All comes to its end, and the promises hold; then every event comes once more, very late, and they still do."""
    _do_what_is_left(stage)
    _come_to_rest(stage)
    stage.truth.check_at_rest()
    paid, jobs = stage.truth.paid_uploads(), len(stage.truth.made_for)
    for held in list(stage.events):
        _deliver(stage, held)
    fresh = set(list(stage.truth.made_for.values())[jobs:])
    require(not fresh & paid, 2, f"a late event paid again for {fresh & paid}")
    _come_to_rest(stage)
    stage.truth.check_at_rest()


def _do_what_is_left(stage: Stage) -> None:
    stage.run_out()
    while stage.deeds:
        deed = stage.deeds.pop(0)
        if people.possible(stage, deed):
            people.do(stage, deed)
    # The platform brings an event again whose run failed.
    for held in list(stage.events):
        if held.tried and not held.writing.heard:
            _deliver(stage, held)


def _deliver(stage: Stage, held: HeldEvent) -> None:
    stage.submit(held)
    stage.run_out()


def _come_to_rest(stage: Stage) -> None:
    stage.refuses = stage.throttles = False
    stage.set_faults()
    stage.operator.resume()
    for wait in _WAITS:
        if not stage.world.claims and not stage.operator.waiting:
            return
        _end_jobs(stage)
        stage.pass_time(wait)
        stage.tick(new_container=False)
        stage.run_out()


def _end_jobs(stage: Stage) -> None:
    for job in stage.alive():
        if job.state is JobState.SUBMITTED:
            stage.start_job(job)
        stage.finish_job(job)
