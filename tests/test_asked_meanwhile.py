"""What is asked for by an event, an entry, and a second run, at once: handed over at pairs of calls, one job.

For i and j: the first function makes i calls, the second makes j; then the first runs to its end, and the second.
"""

from __future__ import annotations

import itertools
import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from shared.domain.result import Verdict
from tests.asking import LATER_RUN, RUN, ask, waiting
from tests.schedules.actions import Scenario
from tests.schedules.stage import Stage
from tests.test_interleaving import HOUR, call_back, end_jobs, put, submit, sweep

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.test_interleaving import Given, Step

#: Says the same on every Python, and takes its time.
pytestmark = pytest.mark.once

CLIP = "clip.mp4"
DAY = 86_400
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
#: `make test-long` goes through all pairs, `make test` through one of twenty-eight.
EVERY_FIRST, EVERY_SECOND = (1, 1) if LONG else (4, 7)


# What was before


def stored(stage: Stage) -> None:
    """A video of which an event tells, if it comes."""
    put(stage)


def answered(stage: Stage) -> None:
    """A video with its answer, of a day ago; its job is nobody's fault."""
    put(stage)
    submit(stage)
    stage.run_out()
    end_jobs(stage)
    call_back(stage)
    stage.run_out()
    stage.truth.excused |= set(stage.truth.made_for)
    stage.pass_time(DAY)


def asked(*runs: str, again: bool = False, before: Given = stored) -> Given:
    """An operator has asked for it, in so many runs."""

    def given(stage: Stage) -> None:
        before(stage)
        for run in runs:
            ask(stage.world, CLIP, run=run, again=again)
        stage.pass_time(60)

    return given


def taken_up(*runs: str, again: bool, before: Given = stored) -> Given:
    """The entries have been taken up, and the job has ended."""

    def given(stage: Stage) -> None:
        asked(*runs, again=again, before=before)(stage)
        sweep(stage)
        stage.run_out()
        end_jobs(stage)
        stage.pass_time(HOUR)

    return given


def written_twice(given: Given, *runs: str, again: bool = False) -> Given:
    """A command that was killed has written its entries once more, the same as before."""

    def both(stage: Stage) -> None:
        began = "2026-01-01T00:00:01Z"
        given(stage)
        for run in runs:
            ask(stage.world, CLIP, run=run, again=again, at=began)

    return both


BOTH = (RUN, LATER_RUN)
AT_ONCE = [
    pytest.param(asked(RUN), sweep, sweep, id="an entry: two ticks"),
    pytest.param(asked(RUN), sweep, submit, id="an entry: tick and event"),
    pytest.param(asked(*BOTH), sweep, sweep, id="two runs: two ticks"),
    pytest.param(asked(*BOTH), sweep, submit, id="two runs: tick and event"),
    pytest.param(asked(RUN, again=True), sweep, sweep, id="again: two ticks"),
    pytest.param(asked(RUN, again=True), sweep, submit, id="again: tick and event"),
    pytest.param(asked(*BOTH, again=True), sweep, sweep, id="again in two runs: two ticks"),
    pytest.param(asked(*BOTH, again=True), sweep, submit, id="again in two runs: tick and event"),
    pytest.param(asked(RUN, again=True, before=answered), sweep, sweep, id="again, answered: two ticks"),
    pytest.param(asked(RUN, again=True, before=answered), sweep, submit, id="again, answered: tick and late event"),
    pytest.param(asked(*BOTH, again=True, before=answered), sweep, sweep, id="again in two runs, answered: two ticks"),
    pytest.param(taken_up(RUN, again=False), sweep, call_back, id="taken up: tick and callback"),
    pytest.param(taken_up(RUN, again=True), sweep, call_back, id="again, taken up: tick and callback"),
    pytest.param(taken_up(RUN, again=True), submit, call_back, id="again, taken up: event and callback"),
    pytest.param(taken_up(*BOTH, again=True), sweep, call_back, id="again in two runs, taken up: tick and callback"),
    pytest.param(
        taken_up(RUN, again=True, before=answered), sweep, call_back, id="again, answered, taken up: tick and callback"
    ),
    pytest.param(
        written_twice(taken_up(RUN, again=False), RUN), sweep, call_back, id="written twice: tick and callback"
    ),
    pytest.param(
        written_twice(taken_up(RUN, again=True), RUN, again=True),
        sweep,
        call_back,
        id="again, written twice: tick and callback",
    ),
]


@pytest.mark.parametrize(("given", "first", "second"), AT_ONCE)
def test_one_job_whoever_asks_for_it_at_once(
    record_property: Callable[[str, object], None], given: Given, first: Step, second: Step
) -> None:
    runs = 0
    for i in itertools.count(0, EVERY_FIRST):
        # Two of a kind are the same the other way round.
        for j in itertools.count(i if first is second else i % EVERY_SECOND, EVERY_SECOND):
            first_ended, second_ended = run(given, (first, i), (second, j))
            runs += 1
            if second_ended:
                break
        if first_ended:
            break
    record_property("interleavings", runs)


def run(given: Given, first: tuple[Step, int], second: tuple[Step, int]) -> tuple[bool, bool]:
    """Whether each was over before it had made as many calls as it might."""
    with ExitStack() as stack:
        stage = Stage(Scenario("asked meanwhile", ()), stack)
        given(stage)
        free = stage.truth.excused.copy()
        on_their_way = []
        for step, calls in (first, second):
            started = step(stage)
            on_their_way.append(started)
            if started:
                stage.walk(started, calls)
        over = on_their_way[0] not in stage.runs, on_their_way[1] not in stage.runs
        stage.run_out()
        come_to_rest(stage)
        jobs = [job for job in stage.truth.made_for if job not in free]
        where = f"after {first[1]} and {second[1]} calls: {stage.cloud.operations()}"
        sealed = stage.truth.sealed(stage.truth.present[CLIP].stored)
        assert len(jobs) == 1, f"{len(jobs)} jobs {where}"
        assert sealed is not None, f"no answer {where}"
        assert (sealed.result.verdict, sealed.result.job) == (Verdict.FOUND, jobs[0]), where
        assert any(jobs[0] in record.jobs for record in stage.world.records), f"no record {where}"
        assert (stage.world.claims, waiting(stage.world)) == ([], []), where
    return over


def come_to_rest(stage: Stage) -> None:
    for _ in range(12):
        if not stage.world.claims and not waiting(stage.world):
            return
        end_jobs(stage)
        stage.pass_time(HOUR)
        stage.tick(new_container=False)
        stage.run_out()
