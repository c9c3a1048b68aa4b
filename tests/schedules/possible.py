"""All that may happen next, and making it happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faketencent.ci.jobs import JobState
from faketencent.faults import Fault
from tests.schedules import people
from tests.schedules.actions import Action, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faketencent.ci.jobs import Job
    from tests.schedules.held import Run
    from tests.schedules.stage import Stage

KILLS = (Fault.KILL_BEFORE, Fault.KILL_AFTER)
LOST = (Fault.TIMEOUT_AFTER, Fault.RESET_AFTER, Fault.TRUNCATED, Fault.MALFORMED)
ERRORS = (Fault.TIMEOUT_BEFORE, Fault.ERROR_500, Fault.ERROR_503, Fault.ERROR_429, Fault.ERROR_403, Fault.OK_WITH_ERROR)
_FAULTS = {"kills": KILLS, "lost": LOST, "errors": ERRORS}
_CHANGES = ("PutObject", "PutObjectCopy", "CreateMediaJobs", "CancelMediaJob", "DeleteObject")
_WAITS = ("301", "1300", "4000")
_ANY_CONTAINER, _NEW_CONTAINER = "", "in a new container"


def actions(stage: Stage) -> list[Action]:
    """All that may happen next."""
    found = [action for run in stage.runs for action in _of_run(stage, run)]
    if stage.deeds and people.possible(stage, stage.deeds[0]):
        found.append(Action(Kind.PEOPLE))
    if len(stage.runs) < stage.budget.at_once:
        found += [Action(Kind.EVENT, n) for n, held in enumerate(stage.events) if held.left]
        found += [Action(Kind.CALLBACK, n) for n, held in enumerate(stage.callbacks) if held.left]
        if stage.left["ticks"] and stage.has_work():
            found += [Action(Kind.TICK, how=container) for container in (_ANY_CONTAINER, _NEW_CONTAINER)]
    if stage.left["waits"] and (stage.world.claims or stage.operator.waiting):
        found += [Action(Kind.TIME, how=wait) for wait in _WAITS]
    return found + [action for n, job in enumerate(stage.jobs()) for action in _of_job(stage, n, job)]


def _of_run(stage: Stage, run: Run) -> Iterator[Action]:
    yield Action(Kind.STEP, run.number)
    operation = run.runner.pending.route.operation if run.runner.pending else ""
    for name, faults in _FAULTS.items():
        if stage.left[name]:
            # Where nothing is changed, it hardly matters.
            kind = Kind.STRIKE if operation in _CHANGES else Kind.FAINT
            yield from (Action(kind, run.number, fault.name) for fault in faults)


def _of_job(stage: Stage, number: int, job: Job) -> Iterator[Action]:
    if not stage.known(job):
        if stage.left["remembers"]:
            yield Action(Kind.REMEMBER, number)
        return
    job = stage.ci.jobs[job.id]
    if job.state is JobState.SUBMITTED:
        yield Action(Kind.START, number)
    if job.state is JobState.RUNNING:
        yield Action(Kind.FINISH, number)
    if stage.left["forgets"]:
        yield Action(Kind.FORGET, number)
    if stage.left["hides"] and job.id not in stage.truth.excused:
        yield Action(Kind.HIDE, number)


def act(stage: Stage, action: Action) -> None:
    """Make it happen."""
    match action.kind:
        case Kind.PEOPLE:
            people.do(stage, stage.deeds.pop(0))
        case Kind.EVENT:
            stage.events[action.number].left -= 1
            stage.submit(stage.events[action.number])
        case Kind.CALLBACK:
            stage.callbacks[action.number].left -= 1
            stage.call_back(stage.callbacks[action.number])
        case Kind.TICK:
            stage.left["ticks"] -= 1
            stage.tick(new_container=bool(action.how))
        case Kind.TIME:
            stage.left["waits"] -= 1
            stage.pass_time(int(action.how))
        case Kind.STEP | Kind.STRIKE | Kind.FAINT:
            _step(stage, action)
        case _:
            _move(stage, action.kind, stage.jobs()[action.number])


def _step(stage: Stage, action: Action) -> None:
    run = next(run for run in stage.runs if run.number == action.number)
    if action.kind is Kind.STEP:
        stage.step(run)
        return
    fault = Fault[action.how]
    spent = next(name for name, faults in _FAULTS.items() if fault in faults)
    stage.left[spent] -= 1
    stage.step(run, fault)


def _move(stage: Stage, kind: Kind, job: Job) -> None:
    if kind is Kind.START:
        stage.start_job(job)
    elif kind is Kind.FINISH:
        stage.finish_job(job)
    elif kind is Kind.FORGET:
        stage.left["forgets"] -= 1
        stage.truth.excused.add(job.id)
        stage.ci.forget(job.id)
    elif kind is Kind.REMEMBER:
        stage.left["remembers"] -= 1
        stage.ci.remember(job.id)
    elif kind is Kind.HIDE:
        stage.left["hides"] -= 1
        stage.truth.excused.add(job.id)
        stage.ci.hide(job.id)
    stage.see()
