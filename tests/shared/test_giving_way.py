"""Several claims on one writing of an object, for which an event and operators asked: only one of them goes on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.claim import Attempt, Held
from shared.domain.next_step import MAX_CHAIN, next_step
from shared.domain.result import Result, Verdict
from shared.domain.seen import ObjectSeen, Seen
from shared.domain.steps import Hold, TryAgain
from tests.asking import LATER_RUN, RUN
from tests.shared.samples import AT, MODIFIED, UPLOAD
from tests.shared.table_of_jobs import ALL, NOW, RULES

#: Says the same on every Python.
pytestmark = pytest.mark.once

BY_EVENT = Attempt(UPLOAD, 1, since=MODIFIED + 10, held=Held.ANOTHER)
BY_RUN = replace(BY_EVENT, upload=replace(UPLOAD, run=RUN))
BY_LATER_RUN = replace(BY_EVENT, upload=replace(UPLOAD, run=LATER_RUN))


def goes_on(attempt: Attempt, *others: Attempt) -> bool:
    """Whether a job is asked for, and not held because of another."""
    jobs = {attempt.job: None} if attempt.job else {}
    step = next_step(Seen((attempt,), NOW, ALL, jobs, ObjectSeen(UPLOAD), others), RULES)
    assert isinstance(step, TryAgain) or step == Hold(Held.ANOTHER)
    return isinstance(step, TryAgain)


def test_the_one_that_was_there_first_goes_on() -> None:
    older = replace(BY_LATER_RUN, since=MODIFIED + 9)

    assert goes_on(older, BY_EVENT, BY_RUN)
    assert not goes_on(BY_EVENT, older, BY_RUN)


def test_of_the_same_second_that_of_the_event_goes_on_then_the_older_run() -> None:
    assert goes_on(BY_EVENT, BY_RUN, BY_LATER_RUN)
    assert goes_on(BY_RUN, BY_LATER_RUN)
    assert not goes_on(BY_RUN, BY_EVENT)


def test_the_one_whose_job_ci_forgot_goes_on_whoever_was_there_first() -> None:
    assert goes_on(replace(BY_LATER_RUN, held=None, job="j1", since=MODIFIED + 99), BY_EVENT)


@pytest.mark.parametrize("run", ["", RUN, LATER_RUN])
def test_the_one_that_has_a_result_for_this_writing_goes_first(run: str) -> None:
    writes = replace(BY_LATER_RUN, held=None, result=Result(Verdict.FOUND, AT, "j1", "team-42"))

    assert not goes_on(replace(BY_EVENT, upload=replace(UPLOAD, run=run), since=MODIFIED), writes)


claims = st.builds(
    lambda run, since, chain: Attempt(replace(UPLOAD, run=run), 1, since=since, held=Held.ANOTHER, chain=chain),
    st.sampled_from(["", RUN, LATER_RUN]),
    st.integers(MODIFIED + 1, MODIFIED + 3),
    st.integers(0, MAX_CHAIN - 1),
)


@given(st.lists(claims, min_size=1, max_size=3, unique_by=lambda attempt: attempt.upload.run))
def test_of_any_that_have_no_job_exactly_one_goes_on(several: list[Attempt]) -> None:
    ready = [attempt for attempt in several if goes_on(attempt, *(other for other in several if other is not attempt))]

    assert len(ready) == 1
