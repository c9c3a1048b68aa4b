"""Schedules at random from a seed; the same once more, made shorter, written out."""

from __future__ import annotations

import random
import traceback
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.promises import BrokenPromiseError
from tests.schedules.actions import Action, Kind
from tests.schedules.mood import Mood
from tests.schedules.possible import act, actions
from tests.schedules.rest import check_rest
from tests.schedules.scenarios import SCENARIOS, random_scenario
from tests.schedules.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.schedules.actions import Scenario

#: Actions of the shortest schedules.
_SHORTEST = 30


@dataclass(frozen=True)
class Failure:
    """A schedule that broke a promise, or brought out a bug."""

    scenario: Scenario
    schedule: tuple[Action, ...]
    problem: str

    @property
    def kind(self) -> str:
        """What stays the same while the schedule is made shorter."""
        return self.problem.partition(":")[0]


def scenario_of(seed: int) -> Scenario:
    """What the seed is about: half of them one of the table, half something made up."""
    rng = random.Random(f"scenario {seed}")  # noqa: S311 - it only has to be the same again
    return rng.choice(SCENARIOS) if rng.random() < 0.5 else random_scenario(rng)


def explore(scenario: Scenario, seed: int) -> Failure | None:
    """One schedule of a scenario."""
    rng = random.Random(f"{scenario.name} {seed}")  # noqa: S311 - as above
    schedule: list[Action] = []

    def choices(stage: Stage) -> Iterator[Action]:
        mood = Mood.of(rng)
        for _ in range(rng.randint(_SHORTEST, scenario.budget.length)):
            action = mood.choose(actions(stage), rng)
            if action is None:
                return
            schedule.append(action)
            yield action

    problem = _problem(scenario, choices)
    return Failure(scenario, tuple(schedule), problem) if problem else None


def replay(scenario: Scenario, schedule: Sequence[Action], trace: list[str] | None = None) -> str:
    """What goes wrong under a schedule, empty if nothing does; actions that are not possible are left out."""

    def choices(stage: Stage) -> Iterator[Action]:
        for action in schedule:
            if action in actions(stage):
                if trace is not None:
                    trace.append(_describe(stage, action))
                yield action

    return _problem(scenario, choices)


def _problem(scenario: Scenario, choices: Callable[[Stage], Iterator[Action]]) -> str:
    with ExitStack() as stack:
        try:
            stage = Stage(scenario, stack)
            for action in choices(stage):
                act(stage, action)
            check_rest(stage)
        except BrokenPromiseError as error:
            return str(error)
        except Exception as error:  # noqa: BLE001 - whatever it is, the schedule that brought it out is wanted
            return f"{type(error).__name__}: {traceback.format_exc()}"
    return ""


def shrink(failure: Failure) -> Failure:
    """As few actions as still lead there."""
    schedule, size = list(failure.schedule), max(1, len(failure.schedule) // 2)
    while size:
        at = 0
        while at < len(schedule):
            shorter = schedule[:at] + schedule[at + size :]
            problem = replay(failure.scenario, shorter)
            if problem.partition(":")[0] == failure.kind:
                schedule = shorter
                failure = Failure(failure.scenario, tuple(schedule), problem)
            else:
                at += size
        size //= 2
    return failure


def explain(failure: Failure) -> str:
    """The failure as a text: who did what, call by call."""
    trace: list[str] = []
    replay(failure.scenario, failure.schedule, trace)
    deeds = "; ".join(str(deed) for deed in failure.scenario.deeds)
    head = [f"{failure.scenario.name}: {deeds}", f"{failure.scenario.budget} {failure.scenario.settings}"]
    return "\n".join([*head, *(f"    {line}" for line in trace), f"=> {failure.problem}"])


def _describe(stage: Stage, action: Action) -> str:
    if action.kind is Kind.PEOPLE:
        return f"people: {stage.deeds[0]}"
    if action.kind not in (Kind.STEP, Kind.STRIKE, Kind.FAINT):
        return str(action)
    run = next(run for run in stage.runs if run.number == action.number)
    call = run.runner.pending
    what = f"{call.route.operation} {call.request.decoded_path[-60:]}" if call else ""
    return f"{run.what} {run.number}: {what}" + (f"   <- {action.how}" if action.how else "")
