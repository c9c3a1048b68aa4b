"""Functions stepped by hand to the very point that a race is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faketencent.faults import Fault
from tests.promises import upload_of
from tests.test_interleaving import (
    HOUR,
    MONTH,
    call_back,
    reply_lost,
    sweep,
)

if TYPE_CHECKING:
    from tests.schedules.held import Run
    from tests.schedules.stage import Stage

CLIP = "clip.mp4"


def until(stage: Stage, run: Run, operation: str, times: int = 1) -> None:
    """Let it run to the point right before its n-th call of that operation."""
    for _ in range(times - 1):
        until(stage, run, operation)
        stage.step(run)
    while run.runner.pending and run.runner.pending.route.operation != operation:
        stage.step(run)
    assert run.runner.pending, f"there was no {operation}"


def go_on(stage: Stage, run: Run) -> None:
    """Let it run to its end."""
    stage.walk(run)


def struck(stage: Stage, run: Run, operation: str, fault: Fault) -> None:
    """Let it run to its end; its next call of that operation meets a fault."""
    until(stage, run, operation)
    stage.step(run, fault)
    go_on(stage, run)


def swept(stage: Stage) -> None:
    stage.pass_time(HOUR)
    go_on(stage, sweep(stage))


def called_back(stage: Stage) -> Run:
    """The callback, on its way."""
    run = call_back(stage)
    assert run
    return run


def count(stage: Stage, operation: str) -> int:
    return stage.cloud.operations().count(operation)


def on_what_is_there(stage: Stage) -> list[int]:
    """The numbers of the attempts on what lies there now."""
    upload = upload_of(stage.world.get(CLIP))
    return [attempt.number for attempt in stage.world.attempts() if attempt.upload == upload]


def two_attempts(stage: Stage) -> tuple[str, str]:
    """Two jobs for one upload: CI did not show the first, whose reply was lost, when it was looked for."""
    stage.ci.records.listed_after = 10 * MONTH
    reply_lost(stage)
    stage.truth.excused |= {job.id for job in stage.alive()}
    struck(stage, sweep(stage), "CreateMediaJobs", Fault.TIMEOUT_AFTER)
    stage.ci.records.listed_after = 0
    first, second = stage.alive()
    return first.id, second.id


def ledger_place(stage: Stage, number: int) -> tuple[str, str]:
    return stage.world.settings["LEDGER_BUCKET"], stage.world.claims[number]
