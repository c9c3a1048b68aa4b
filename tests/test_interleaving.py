"""Two functions at once, handed over to each other at pairs of calls: one job, one right result.

For i and j: the first makes i calls, the second makes j; then, if so ordered, something else happens; then the
first runs to its end, and the second. In the end all comes to rest, and the promises of `tests/promises.py` must hold.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from contextlib import ExitStack
from enum import Enum
from typing import TypeAlias
from zlib import crc32

import pytest

from faketencent.ci.jobs import JobState
from faketencent.faults import Fault
from shared.domain.result import Verdict
from tests.schedules import people
from tests.schedules.actions import Deed, Scenario, What
from tests.schedules.held import Run
from tests.schedules.rest import check_rest
from tests.schedules.stage import Stage

#: Says the same on every Python, and takes its time.
pytestmark = pytest.mark.once

HOUR, MONTH = 3600, 31 * 86_400
#: `make test-long` goes through all pairs, `make test` through one of seventy-two: for each test and each i others.
EVERY_FIRST, EVERY = (1, 1) if os.environ.get("HYPOTHESIS_PROFILE") == "long" else (2, 36)

Given: TypeAlias = Callable[[Stage], object]
Step: TypeAlias = Callable[[Stage], Run | None]
Interleave: TypeAlias = Callable[..., None]


def put(stage: Stage, content: str = "A") -> None:
    people.do(stage, Deed(What.PUT, "clip.mp4", content))


# The functions


def submit(stage: Stage) -> Run:
    """The event of what lies there, or once lay there last."""
    return stage.submit(next(held for held in reversed(stage.events) if not held.writing.sealed_for))


def submit_old(stage: Stage) -> Run:
    """The event of the first upload, once more."""
    return stage.submit(stage.events[0])


def call_back(stage: Stage) -> Run | None:
    """All jobs end; the newest callback comes."""
    end_jobs(stage)
    return stage.call_back(stage.callbacks[-1]) if stage.callbacks else None


def sweep(stage: Stage) -> Run:
    return stage.tick(new_container=True)


#: A function that makes fewer calls did not do what the test is about: it takes a claim up, looks at a job and its
#: object, looks at the object.
LEAST: dict[Step, int] = {sweep: 4, call_back: 2, submit: 1, submit_old: 1}


# What was before


def end_jobs(stage: Stage) -> None:
    for job in stage.alive():
        if job.state is JobState.SUBMITTED:
            stage.start_job(job)
        stage.finish_job(job)


def uploaded(stage: Stage) -> None:
    put(stage)


def submitted(stage: Stage, fault: Fault | None = None) -> None:
    """Its job waits at CI, for so long that the timer takes an interest; its POST may have met a fault."""
    put(stage)
    if fault:
        stage.cloud.faults.on("CreateMediaJobs", fault)
    submit(stage)
    stage.run_out()
    stage.pass_time(HOUR)


def ended(stage: Stage) -> None:
    """The job has ended, and the callback is on its way."""
    submitted(stage)
    end_jobs(stage)
    stage.pass_time(HOUR)


def refused(stage: Stage) -> None:
    """CI refused the job, long ago, and takes jobs by now."""
    stage.refuses = True
    submitted(stage)
    stage.refuses = False
    stage.set_faults()


def reply_lost(stage: Stage) -> None:
    """The job was accepted, but nobody knows, and its callback will never come."""
    submitted(stage, Fault.TIMEOUT_AFTER)


def killed(stage: Stage) -> None:
    """The function was killed right before its POST."""
    submitted(stage, Fault.KILL_BEFORE)


def written(stage: Stage) -> None:
    """The result is on the object, but the function was killed before it wrote the record."""
    ended(stage)
    run = call_back(stage)
    assert run
    # The first that it stores is the answer.
    stage.cloud.faults.on("PutObject", Fault.KILL_BEFORE, skip=1)
    stage.run_out()
    assert (stage.world.writes, stage.world.records) == (1, [])
    stage.pass_time(HOUR)


def replaced(stage: Stage) -> None:
    """By other bytes, while the job waits."""
    submitted(stage)
    put(stage, "B")


def replaced_while_running(stage: Stage) -> None:
    submitted(stage)
    stage.start_job(stage.alive()[0])
    put(stage, "B")


def replaced_at_the_end(stage: Stage) -> None:
    replaced_while_running(stage)
    end_jobs(stage)


def both_claimed(stage: Stage) -> None:
    """The new upload has its claim, which waits for the old one's job; that has ended."""
    replaced_while_running(stage)
    submit(stage)
    stage.run_out()
    end_jobs(stage)
    stage.pass_time(HOUR)


def refused_for_a_month(stage: Stage) -> None:
    stage.refuses = True
    submitted(stage)
    stage.pass_time(MONTH)


def unwritable_for_a_month(stage: Stage) -> None:
    """The result is kept in the claim, and its time is over."""
    stage.locked = True
    stage.set_faults()
    ended(stage)
    sweep(stage)
    stage.run_out()
    stage.pass_time(MONTH)


class Meanwhile(Enum):
    """What happens while both functions are held."""

    NOTHING = "nothing"
    ENDS = "jobs end"
    UPLOAD = "the same bytes are uploaded again"
    REPLACE = "other bytes are uploaded"
    DELETE = "the object is deleted"


def happen(stage: Stage, meanwhile: Meanwhile) -> None:
    if meanwhile is Meanwhile.ENDS:
        end_jobs(stage)
    elif meanwhile is Meanwhile.UPLOAD:
        put(stage)
    elif meanwhile is Meanwhile.REPLACE:
        put(stage, "B")
    elif meanwhile is Meanwhile.DELETE:
        people.do(stage, Deed(What.DELETE, "clip.mp4"))


@pytest.fixture
def interleave(record_property: Callable[[str, object], None]) -> Interleave:
    """Go through every pair, and count them."""

    def run(given: Given, first: Step, second: Step, meanwhile: Meanwhile, jobs: int) -> None:
        record_property("interleavings", _interleave(given, first, second, meanwhile, jobs))

    return run


def _interleave(given: Given, first: Step, second: Step, meanwhile: Meanwhile, jobs: int) -> int:
    """Go through every pair; says how many there were."""
    most, runs = (0, 0), 0
    for i in itertools.count(_begin(given, first, second, meanwhile), EVERY_FIRST):
        # Two of a kind are the same the other way round.
        for j in itertools.count(i if first is second else i % EVERY, EVERY):
            made, ended_early = _run(given, (first, i), (second, j), meanwhile, jobs)
            most = max(most[0], made[0]), max(most[1], made[1])
            runs += 1
            if ended_early[1]:
                break
        if ended_early[0]:
            for step, calls in ((first, most[0]), (second, most[1])):
                assert calls >= LEAST.get(step, 1), f"{step.__name__} made {calls} calls at most: it did nothing"
            return runs
    raise AssertionError("unreachable: every function comes to its end")


def _begin(given: Given, first: Step, second: Step, meanwhile: Meanwhile) -> int:
    named = " ".join((given.__name__, first.__name__, second.__name__, meanwhile.name))
    return crc32(named.encode()) % EVERY_FIRST


def _run(
    given: Given, first: tuple[Step, int], second: tuple[Step, int], meanwhile: Meanwhile, jobs: int
) -> tuple[tuple[int, int], tuple[bool, bool]]:
    """How many calls each made, and whether it was over before it had made as many as it might."""
    with ExitStack() as stack:
        stage = Stage(Scenario("interleaving", ()), stack)
        given(stage)
        one = _advance(stage, *first)
        other = _advance(stage, *second)
        ended_early = not _is_on_its_way(stage, one), not _is_on_its_way(stage, other)
        happen(stage, meanwhile)
        stage.run_out()
        made = _calls(one), _calls(other)
        where = f"after {first[1]} and {second[1]} calls: {stage.cloud.operations()}"
        try:
            check_rest(stage)
            assert len(stage.truth.made_for) <= jobs, f"{len(stage.truth.made_for)} jobs"
            _check_answer(stage)
        except AssertionError as error:
            raise AssertionError(f"{error} {where}") from error
    return made, ended_early


def _advance(stage: Stage, step: Step, calls: int) -> Run | None:
    run = step(stage)
    if run:
        stage.walk(run, calls)
    return run


def _is_on_its_way(stage: Stage, run: Run | None) -> bool:
    return run in stage.runs


def _calls(run: Run | None) -> int:
    return run.runner.made if run else 0


def _check_answer(stage: Stage) -> None:
    """What lies there is answered, unless nothing may be written or no job is accepted."""
    present = stage.truth.present.get("clip.mp4")
    if present and not stage.locked and not any(record.reason for record in stage.world.records):
        sealed = stage.truth.sealed(present.stored)
        assert sealed is not None, "the object has no answer"
        assert sealed.result.verdict is Verdict.FOUND


ONE_JOB = [
    pytest.param(uploaded, submit, submit, id="two submits"),
    pytest.param(uploaded, submit, call_back, id="submit and callback of its own job"),
    pytest.param(ended, call_back, call_back, id="two callbacks"),
    pytest.param(ended, call_back, sweep, id="callback and sweep"),
    pytest.param(ended, sweep, sweep, id="two sweeps"),
    pytest.param(refused, sweep, sweep, id="two sweeps, job refused"),
    pytest.param(reply_lost, sweep, sweep, id="two sweeps, reply lost"),
    pytest.param(reply_lost, sweep, call_back, id="sweep and callback, reply lost"),
    pytest.param(killed, sweep, sweep, id="two sweeps, function killed"),
    pytest.param(written, sweep, sweep, id="two sweeps, record missing"),
    pytest.param(written, sweep, call_back, id="sweep and callback, record missing"),
]


@pytest.mark.parametrize(("given", "first", "second"), ONE_JOB)
def test_one_upload_is_one_job(interleave: Interleave, given: Given, first: Step, second: Step) -> None:
    interleave(given, first, second, Meanwhile.NOTHING, jobs=1)


@pytest.mark.parametrize(
    ("given", "first", "second"), [case for case in ONE_JOB if case.values[0] not in (ended, written)]
)
def test_one_upload_is_one_job_even_if_it_ends_meanwhile(
    interleave: Interleave, given: Given, first: Step, second: Step
) -> None:
    interleave(given, first, second, Meanwhile.ENDS, jobs=1)


LATE_EVENT = [
    pytest.param(ended, call_back, id="callback"),
    pytest.param(ended, sweep, id="sweep"),
    pytest.param(submitted, sweep, id="sweep, job waits"),
    pytest.param(refused, sweep, id="sweep, job refused"),
    pytest.param(reply_lost, sweep, id="sweep, reply lost"),
    pytest.param(killed, sweep, id="sweep, function killed"),
    pytest.param(written, sweep, id="sweep, record missing"),
]


@pytest.mark.parametrize(("given", "first"), LATE_EVENT)
def test_an_event_that_comes_once_more_meanwhile_costs_nothing(
    interleave: Interleave, given: Given, first: Step
) -> None:
    interleave(given, first, submit, Meanwhile.NOTHING, jobs=1)


def test_what_was_refused_for_a_month_has_one_job_at_most_once_it_is_asked_for_again(interleave: Interleave) -> None:
    def accepted(stage: Stage) -> Run:
        stage.refuses = False
        stage.set_faults()
        return submit(stage)

    interleave(refused_for_a_month, sweep, accepted, Meanwhile.NOTHING, jobs=1)


def test_what_could_not_be_written_is_not_paid_for_again_though_its_event_comes_once_it_is_given_up(
    interleave: Interleave,
) -> None:
    # The ledger has its answer.
    interleave(unwritable_for_a_month, sweep, submit, Meanwhile.NOTHING, jobs=1)


REPLACEMENT = [
    pytest.param(replaced, submit, sweep, 2, id="waiting job: submit of the new and sweep"),
    pytest.param(replaced, sweep, sweep, 2, id="waiting job: two sweeps"),
    pytest.param(replaced, sweep, submit_old, 2, id="waiting job: sweep and late event"),
    pytest.param(replaced_at_the_end, submit, sweep, 2, id="ended job: submit of the new and sweep"),
    pytest.param(replaced_at_the_end, sweep, sweep, 2, id="ended job: two sweeps"),
    pytest.param(replaced_at_the_end, submit, call_back, 2, id="ended job: submit of the new and callback"),
    pytest.param(both_claimed, sweep, sweep, 2, id="two claims: two sweeps"),
    pytest.param(both_claimed, sweep, submit, 2, id="two claims: sweep and late event"),
    pytest.param(both_claimed, sweep, call_back, 2, id="two claims: sweep and callback"),
]


@pytest.mark.parametrize(("given", "first", "second", "jobs"), REPLACEMENT)
def test_an_upload_that_was_replaced_gives_way_to_the_new_one(
    interleave: Interleave, given: Given, first: Step, second: Step, jobs: int
) -> None:
    interleave(given, first, second, Meanwhile.NOTHING, jobs)


CHANGED = [
    pytest.param(uploaded, submit, submit, id="two submits"),
    pytest.param(refused, sweep, submit, id="sweep and submit, job refused"),
    pytest.param(ended, call_back, submit, id="callback and submit"),
    pytest.param(ended, sweep, call_back, id="sweep and callback"),
    pytest.param(written, sweep, submit, id="sweep and submit, record missing"),
]


@pytest.mark.parametrize(
    "meanwhile", [Meanwhile.UPLOAD, Meanwhile.REPLACE, Meanwhile.DELETE], ids=lambda m: m.name.lower()
)
@pytest.mark.parametrize(("given", "first", "second"), CHANGED)
def test_what_happens_to_the_object_meanwhile_is_not_overlooked(
    interleave: Interleave, given: Given, first: Step, second: Step, meanwhile: Meanwhile
) -> None:
    interleave(given, first, second, meanwhile, jobs=2)


def test_a_function_that_makes_no_calls_fails_the_test() -> None:
    with pytest.raises(AssertionError, match="call_back made 0 calls at most: it did nothing"):
        _interleave(lambda _: None, call_back, sweep, Meanwhile.NOTHING, jobs=0)
