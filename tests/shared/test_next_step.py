"""The one decision about a claim: the table in docs/reference.md, and what holds for whatever may be seen."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ops.checkout import ROOT
from shared.domain.claim import Attempt, Held
from shared.domain.job import JobState
from shared.domain.next_step import Rules, next_step
from shared.domain.outcome import Reason
from shared.domain.pause import Pause
from shared.domain.seen import Look, ObjectSeen, Seen
from shared.domain.steps import Cancel, Conclude, GiveUp, Hold, Leave, LookAt, TryAgain, Wait, Write
from tests.shared.samples import MODIFIED, RUN_ID, UPLOAD, results
from tests.shared.table_of_jobs import (
    ANSWERED,
    ANSWERED_LATER,
    LATER,
    OTHER_UPLOAD,
    RECHECK,
    ROWS,
    RULES,
    SAME_AGAIN,
    SEALED,
    Row,
    job,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

    from shared.domain.steps import Step

#: Says the same on every Python.
pytestmark = pytest.mark.once

HEADING = "## What happens to a job"


def rows_of_reference() -> list[tuple[str, ...]]:
    text = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    section = text.partition(HEADING)[2].partition("\n## ")[0]
    head, *rows = re.findall(r"^\| (.+?) \| (.+?) \|$", section, re.MULTILINE)
    assert head == ("What is seen", "What is done")
    return rows


def test_the_table_in_the_reference_is_what_is_tested_here() -> None:
    assert rows_of_reference() == [(row.situation, row.done) for row in ROWS]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.situation)
def test_what_becomes_of_a_job(row: Row) -> None:
    assert [next_step(seen, row.rules) for seen, _ in row.cases] == [step for _, step in row.cases]


def test_every_kind_of_step_is_in_the_table() -> None:
    kinds = {type(step) for row in ROWS for _, step in row.cases}

    assert kinds == {LookAt, Wait, Cancel, Conclude, Leave, Write, GiveUp, Hold, TryAgain}


states = st.sampled_from(["Submitted", "Running", "Pause", "Success", "Failed", "Cancel", "Another"])
#: Moments after the upload; what is about minutes and days is not to be a rare case.
seconds = st.integers(MODIFIED, MODIFIED + 10**8) | st.integers(MODIFIED, MODIFIED + 1000)
any_rules = st.builds(
    Rules,
    give_up_after=st.just(RULES.give_up_after),
    none_codes=st.just(RULES.none_codes),
    min_age=st.sampled_from([0, 60, 600]),
    pause=st.sampled_from([None, None, Pause()]),
)
objects = st.none() | st.builds(
    ObjectSeen,
    st.sampled_from([UPLOAD, UPLOAD, SAME_AGAIN, OTHER_UPLOAD]),
    st.sampled_from([None, None, SEALED]),
    st.sampled_from([None, None, Reason.ARCHIVED, Reason.APPENDABLE]),
)


@st.composite
def any_attempts(draw: st.DrawFn) -> list[Attempt]:
    """All attempts of one claim, as any history may have left them."""
    count = draw(st.integers(1, 4))
    upload, replaces = draw(st.sampled_from([(UPLOAD, ""), (UPLOAD, ""), (RECHECK.upload, RECHECK.replaces)]))
    asked_by = draw(st.sampled_from(["", RUN_ID]))
    return [
        Attempt(
            upload,
            number,
            since=MODIFIED + 1,
            job=draw(st.sampled_from(["", f"j{number}"])),
            held=draw(st.none() | st.sampled_from(Held)),
            refused_since=draw(st.none() | seconds),
            result=draw(st.none() | st.none() | results),
            chain=draw(st.integers(0, 4)),
            replaces=replaces,
            asked_by=asked_by,
        )
        for number in range(1, count + 1)
    ]


@st.composite
def anything_seen(draw: st.DrawFn) -> Seen:
    """Whatever may be known of a claim at some moment; only looks tell of jobs, objects, other claims and slots."""
    attempts = draw(any_attempts())
    looked = draw(st.frozensets(st.sampled_from(Look)) | st.just(frozenset(Look)))
    ids = [attempt.job for attempt in attempts if attempt.job] if Look.JOBS in looked else []
    known = {job_id: draw(st.none() | states) for job_id in ids}
    jobs = {job_id: job(state, job_id) if state else None for job_id, state in known.items()}
    others = draw(st.lists(st.sampled_from(ELSEWHERE), max_size=2)) if Look.OTHERS in looked else []
    slot_left = draw(st.booleans()) if Look.SLOTS in looked else True
    there = draw(objects) if Look.OBJECT in looked else None
    return Seen(attempts, draw(seconds), looked, jobs, there, others, slot_left)


ELSEWHERE = [
    Attempt(OTHER_UPLOAD, 1, since=MODIFIED),
    Attempt(OTHER_UPLOAD, 1, since=MODIFIED, job="j8"),
    *(Attempt(SAME_AGAIN, 1, since=MODIFIED, held=held) for held in Held),
    *(replace(LATER, since=MODIFIED + later, held=held) for held in Held for later in (0, 60)),
]


def may_live(seen: Seen) -> bool:
    """Whether a job of this claim may be alive, as far as anybody knows."""
    unknown = any(attempt.may_post and not attempt.job for attempt in seen.attempts) and Look.TICKETS not in seen.looked
    unseen = any(attempt.job for attempt in seen.attempts) and Look.JOBS not in seen.looked
    return unknown or unseen or any(job and job.result() is None for job in seen.jobs.values())


def looked_at(mine: Attempt, other: Attempt) -> Seen:
    """One of two claims on the same object, which bears no answer that counts."""
    return Seen((mine,), MODIFIED + 7200, frozenset(Look), {}, ObjectSeen(UPLOAD), (other,))


def pairs(values: SearchStrategy[int]) -> SearchStrategy[list[int]]:
    return st.lists(values, min_size=2, max_size=2)


def is_end(step: Step) -> bool:
    return isinstance(step, Conclude | Leave | Write | GiveUp)


#: What holds for whatever may be seen. To make that up is most of the work, so they share it.
ALWAYS: list[Callable[[Seen, Rules], None]] = []


def always(property_: Callable[[Seen, Rules], None]) -> Callable[[Seen, Rules], None]:
    ALWAYS.append(property_)
    return property_


@always
def there_is_a_step_and_a_look_leads_on_to_one_that_is_no_look(seen: Seen, rules: Rules) -> None:
    looks = 0
    while isinstance(step := next_step(seen, rules), LookAt):
        looks += 1
        seen = replace(seen, looked=seen.looked | {step.what})
    assert looks <= len(Look)


@always
def the_same_is_never_looked_at_twice(seen: Seen, rules: Rules) -> None:
    step = next_step(seen, rules)

    assert not isinstance(step, LookAt) or step.what not in seen.looked


@always
def no_job_is_asked_for_and_no_claim_ends_while_one_may_live(seen: Seen, rules: Rules) -> None:
    step = next_step(seen, rules)

    if may_live(seen):
        assert isinstance(step, LookAt | Wait | Cancel)


@always
def no_job_is_asked_for_beside_that_of_another_upload(seen: Seen, rules: Rules) -> None:
    step = next_step(seen, rules)

    if isinstance(step, TryAgain):
        assert Look.OTHERS in seen.looked
        assert not any(attempt.may_post for attempt in seen.others)


@always
def no_job_is_asked_for_in_a_pause_too_early_or_above_the_limit(seen: Seen, rules: Rules) -> None:
    step = next_step(seen, rules)

    if isinstance(step, TryAgain):
        assert rules.pause is None
        assert seen.now - UPLOAD.modified >= rules.min_age
        assert Look.SLOTS in seen.looked
        assert seen.slot_left


@always
def they_hold_back_new_jobs_and_nothing_else(seen: Seen, rules: Rules) -> None:
    free = next_step(replace(seen, slot_left=True), replace(rules, pause=None, min_age=0))

    step = next_step(seen, rules)

    if step != free:
        assert isinstance(step, Hold)
        assert step.why in (Held.PAUSED, Held.YOUNG, Held.LIMIT)
        only_for_a_job = free in (LookAt(Look.OTHERS), LookAt(Look.SLOTS)) or isinstance(free, TryAgain | Hold)
        assert only_for_a_job or (isinstance(free, GiveUp) and free.reason is Reason.REFUSED)


@always
def nothing_is_written_and_no_job_asked_for_unless_the_object_is_that_very_upload_unanswered(
    seen: Seen, rules: Rules
) -> None:
    step = next_step(seen, rules)

    if isinstance(step, Write | TryAgain):
        assert seen.object is not None
        assert seen.object.upload == UPLOAD
        assert seen.object.sealed is None


@always
def no_job_is_asked_for_where_its_result_could_not_be_written(seen: Seen, rules: Rules) -> None:
    step = next_step(seen, rules)

    if isinstance(step, TryAgain):
        assert seen.object
        assert seen.object.obstacle is None


@always
def what_ends_has_been_looked_at(seen: Seen, rules: Rules) -> None:
    if is_end(next_step(seen, rules)):
        assert Look.OBJECT in seen.looked


@always
def only_a_job_that_waits_for_an_object_that_is_not_there_any_more_is_cancelled(seen: Seen, rules: Rules) -> None:
    step = next_step(seen, rules)

    if isinstance(step, Cancel):
        assert step.job.state is JobState.SUBMITTED
        assert not seen.is_there


@always
def a_result_that_was_paid_for_is_never_given_up_here(seen: Seen, rules: Rules) -> None:
    step = next_step(seen, rules)

    paid = any(one and one.state is JobState.SUCCESS for one in seen.jobs.values())
    if paid or any(attempt.result for attempt in seen.attempts):
        assert not isinstance(step, GiveUp | TryAgain | Hold)


@always
def the_next_attempt_continues_the_claim(seen: Seen, rules: Rules) -> None:
    step = next_step(seen, rules)

    if isinstance(step, TryAgain):
        newest = seen.attempts[-1]
        assert (step.attempt.upload, step.attempt.number) == (newest.upload, newest.number + 1)
        assert step.attempt.since == newest.since
        assert (step.attempt.replaces, step.attempt.asked_by) == (newest.replaces, newest.asked_by)
        # What met anything but a refusal ends their row.
        assert step.attempt.refused_since == (newest.refused_since if newest.held is Held.REFUSED else None)
        assert step.attempt.may_post


@always
def a_chain_grows_by_one_at_most(seen: Seen, rules: Rules) -> None:
    step = next_step(seen, rules)

    if isinstance(step, Leave):
        assert seen.chain <= step.chain <= seen.chain + 1
        assert (step.chain > seen.chain) == (step.job is not None and step.reason is not Reason.CANCELLED)


@settings(max_examples=3 * settings().max_examples)
@given(anything_seen(), any_rules)
def test_each_of_these_holds_whatever_is_seen(seen: Seen, rules: Rules) -> None:
    """`next_step` is total: this would fail if it raised anything."""
    for holds in ALWAYS:
        holds(seen, rules)


@given(pairs(st.integers(MODIFIED, MODIFIED + 3)), pairs(st.integers(0, 2)))
def test_of_two_runs_that_asked_for_the_same_upload_just_one_goes_on(since: list[int], chains: list[int]) -> None:
    both = zip((RECHECK, LATER), since, chains, strict=True)
    claims = [replace(claim, since=at, chain=chain) for claim, at, chain in both]

    steps = [next_step(looked_at(mine, other), RULES) for mine, other in (claims, claims[::-1])]

    assert sorted(type(step).__name__ for step in steps) == ["Hold", "TryAgain"]


@pytest.mark.parametrize("sealed", [ANSWERED, ANSWERED_LATER], ids=["itself", "the same bytes later"])
def test_a_sealed_object_is_left_as_it_is_whatever_our_own_job_says(sealed: ObjectSeen) -> None:
    for state in ("Success", "Failed", "Cancel"):
        ended = job(state)
        seen = Seen((Attempt(UPLOAD, 1, MODIFIED, job="j1"),), MODIFIED, frozenset(Look), {"j1": ended}, sealed)

        assert next_step(seen, RULES) == Conclude(SEALED, ended)
