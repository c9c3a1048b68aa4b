"""Random histories: whatever users, the platform and CI do, in whatever order, the promises hold.

A failure prints the steps that lead to it, as few as there can be; `print_blob` says how to repeat it.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from faketencent.ci.jobs import Extraction, JobRequest, JobState
from faketencent.cos.models import Cause
from faketencent.cos.storage import Tier
from faketencent.faults import Fault
from tests.history import ALIVE, History
from tests.stepping import Stepping
from tests.world import BUCKET, CLAIMS, REGION, SECRET, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from faketencent.ci.jobs import Job
    from tests.world import World

#: Says the same on every Python, and takes its time.
pytestmark = pytest.mark.once


T = TypeVar("T")
Rule = TypeVar("Rule", bound="Callable[..., object]")

HOUR, DAY = 3600, 86_400
PLAIN = {"content-type": "video/mp4", "x-cos-meta-title": "one"}
STYLES = {
    "plain": PLAIN,
    "rich": PLAIN | {"x-cos-acl": "public-read", "x-cos-storage-class": "STANDARD_IA", "x-cos-tagging": "team=film"},
    "full": {"content-type": "video/mp4", "x-cos-meta-title": "t" * 1990},
    "sealed by a stranger": PLAIN | {"x-cos-meta-watermark": "none", "x-cos-meta-watermark-seal": "s1." + "0" * 64},
    "archived": PLAIN | {"x-cos-storage-class": "ARCHIVE"},
}
keys = st.sampled_from(["a.mp4", "b.mp4"])
texts = st.sampled_from(["Alpha", "Beta", ""])
picks = st.integers(0, 9)
strikes = st.none() | st.tuples(st.integers(0, 14), st.sampled_from(Fault))
nodes = st.sampled_from(["Alpha", "Beta", "a.mp4", "b.mp4", "w1.", "Success"])
schedules = st.lists(st.tuples(st.booleans(), st.integers(1, 5)), max_size=6)


def pick(choices: Sequence[T], number: int) -> T:
    """One of the choices, the newest first: what has just been done is of most interest."""
    return choices[-1 - number % len(choices)]


def some(choices: Callable[[History], Sequence[object]]) -> Callable[[Rule], Rule]:
    """A rule that needs something to choose from."""
    return precondition(lambda self: bool(choices(self.history)))


def uploads(history: History) -> list[str]:
    return list(history.uploads)


def readable(history: History) -> list[str]:
    return [key for key in history.uploads if history.readable(key)]


def not_archived(history: History) -> list[str]:
    return [key for key in history.uploads if not history.world.get(key).storage_class.archived]


def archived(history: History) -> list[str]:
    return [key for key in history.uploads if not history.readable(key) and not history.world.get(key).restoration]


def all_jobs(history: History) -> list[Job]:
    return list(history.ci.jobs.values())


def jobs(*states: JobState) -> Callable[[History], list[Job]]:
    return lambda history: history.jobs(*states)


UNFINISHED = jobs(JobState.SUBMITTED, JobState.RUNNING)
WAITING = jobs(JobState.SUBMITTED)
PAUSED = jobs(JobState.PAUSE)
ENDED = jobs(*(state for state in JobState if state not in ALIVE))


class Histories(RuleBasedStateMachine):
    """One deployment, two keys, and everything that can happen to them."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.world = self.stack.enter_context(self.deployment())
        self.history = History(self.world)
        self.rotated = False

    def deployment(self) -> AbstractContextManager[World]:
        return deployed()

    @initialize(callback_format=st.sampled_from(["XML", "JSON"]))
    def deploy(self, callback_format: str) -> None:
        self.world.configure(CALLBACK_FORMAT=callback_format)

    # Users, and lifecycle rules

    @rule(key=keys, text=texts, style=st.sampled_from(["plain", *STYLES]), heard=st.booleans())
    def upload(self, key: str, text: str, style: str, heard: bool) -> None:
        self.history.upload(key, marked_video(text), STYLES[style])
        if heard:
            self.history.deliver(self.history.events[-1])

    @some(readable)
    @rule(number=picks, onto=keys, title=st.sampled_from(["one", "two"]))
    def copy_with_all_metadata(self, number: int, onto: str, title: str) -> None:
        """Onto itself as well: a change of metadata by somebody else."""
        found = self.world.get(pick(readable(self.history), number))
        self.history.upload(onto, found.body, {**found.headers, "x-cos-meta-title": title}, event="Copy")

    @some(uploads)
    @rule(number=picks)
    def delete(self, number: int) -> None:
        self.history.delete(pick(uploads(self.history), number))

    @some(not_archived)
    @rule(number=picks)
    def archive(self, number: int) -> None:
        self.history.archive(pick(not_archived(self.history), number))

    @some(archived)
    @rule(number=picks)
    def restore(self, number: int) -> None:
        stored = self.world.get(pick(archived(self.history), number))
        self.world.cloud.cos.backend.restore(stored, Tier.EXPEDITED, 30, Cause("Post"))

    # The platform

    @some(lambda history: history.events)
    @rule(number=picks, strike=strikes, again=st.booleans())
    def deliver_an_event(self, number: int, strike: tuple[int, Fault] | None, again: bool) -> None:
        event = pick(self.history.events, number)
        if not again:
            self.history.events.remove(event)
        with self.history.struck(strike):
            self.history.deliver(event)

    @some(lambda history: history.events)
    @precondition(lambda self: not self.history.planted())
    @rule(number=picks, strike=strikes, schedule=schedules)
    def deliver_an_event_twice_at_once(
        self, number: int, strike: tuple[int, Fault] | None, schedule: list[tuple[bool, int]]
    ) -> None:
        event = pick(self.history.events, number)
        self.history.hear(event)
        scf = self.world.cloud.scf.backend
        # One copy by the platform, with its retries; the other at the same time.
        scf.invoke_later("submit", event)
        self._at_once(self.world.cloud.settle, lambda: scf.invoke("submit", event), strike, schedule)

    @rule(seconds=st.sampled_from([1, 60, 301, HOUR, 6 * HOUR, DAY + HOUR]))
    def let_time_pass(self, seconds: int) -> None:
        self.history.pass_time(seconds)

    @rule(strike=strikes)
    def sweep(self, strike: tuple[int, Fault] | None) -> None:
        with self.history.struck(strike):
            self.history.sweep()

    @precondition(lambda self: not self.history.planted())
    @rule(strike=strikes, schedule=schedules)
    def sweep_twice_at_once(self, strike: tuple[int, Fault] | None, schedule: list[tuple[bool, int]]) -> None:
        self._at_once(self.history.sweep, self.history.sweep, strike, schedule)

    @precondition(lambda self: not self.rotated)
    @rule()
    def rotate_the_secret(self) -> None:
        self.rotated = True
        self.world.configure(SECRET="the next secret of thirty-two bytes", SECRET_PREVIOUS=SECRET)

    # CI

    @some(UNFINISHED)
    @rule(number=picks, told=st.booleans())
    def finish_a_job(self, number: int, told: bool) -> None:
        self.history.finish(pick(UNFINISHED(self.history), number))
        if told and self.history.callbacks:
            self.history.call_back(self.history.callbacks[-1])

    @some(UNFINISHED)
    @rule(number=picks)
    def fail_a_job(self, number: int) -> None:
        self.history.ci.fail(pick(UNFINISHED(self.history), number).id)
        self.world.cloud.settle()

    @some(WAITING)
    @rule(number=picks, step=st.sampled_from(["start", "pause", "cancel"]))
    def move_a_job(self, number: int, step: str) -> None:
        job = pick(WAITING(self.history), number)
        steps: dict[str, Callable[[str], object]] = {
            "start": self.history.ci.start,
            "pause": self.history.ci.pause,
            "cancel": self.history.ci.cancel,
        }
        steps[step](job.id)

    @some(PAUSED)
    @rule(number=picks)
    def resume_a_job(self, number: int) -> None:
        self.history.ci.resume(pick(PAUSED(self.history), number).id)

    @some(ENDED)
    @rule(number=picks)
    def forget_a_job(self, number: int) -> None:
        self.history.forget(pick(ENDED(self.history), number))

    @rule(fault=st.sampled_from([None, Fault.ERROR_503, Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER]))
    def outage(self, fault: Fault | None) -> None:
        self.history.set_outage(fault)

    @some(lambda history: history.callbacks)
    @rule(number=picks, strike=strikes, again=st.booleans())
    def deliver_a_callback(self, number: int, strike: tuple[int, Fault] | None, again: bool) -> None:
        request = pick(self.history.callbacks, number)
        if not again:
            self.history.callbacks.remove(request)
        with self.history.struck(strike):
            self.history.call_back(request)

    # Strangers

    @some(lambda history: history.callbacks)
    @rule(
        number=picks, what=st.sampled_from(["Alpha", "a.mp4", "w1.", "Success"]), put=st.sampled_from(["Beta", "b.mp4"])
    )
    def forge_a_callback(self, number: int, what: str, put: str) -> None:
        request = pick(self.history.callbacks, number)
        self.history.call_back(replace(request, body=request.body.replace(what.encode(), put.encode())))

    @some(lambda history: history.callbacks)
    @some(all_jobs)
    @rule(first=picks, second=picks)
    def forge_a_callback_about_another_job(self, first: int, second: int) -> None:
        genuine, other = pick(self.history.callbacks, first), pick(all_jobs(self.history), second)
        for job in all_jobs(self.history):
            if job.id.encode() in genuine.body:
                body = genuine.body.replace(job.id.encode(), other.id.encode())
                self.history.call_back(replace(genuine, body=body))

    @some(uploads)
    @rule(number=picks)
    def submit_a_job_of_ones_own(self, number: int) -> None:
        key, ci = pick(uploads(self.history), number), self.history.ci
        ci.submit(ci.bucket(BUCKET, REGION), JobRequest(key, Extraction(), user_data="theirs"))

    @rule(attempt=st.integers(1, 3), number=picks)
    def plant_a_claim(self, attempt: int, number: int) -> None:
        """In the place of an attempt to come, or anywhere else."""
        digests = [claim.content.digest for claim in self.history.claims()]
        self.history.plant(f"{CLAIMS}{pick(['0' * 64, *digests], number)}/{attempt:06d}")

    # What must hold

    @invariant()
    def the_promises_hold(self) -> None:
        self.history.check()

    def teardown(self) -> None:
        try:
            self.history.conclude()
        finally:
            self.stack.close()

    def _at_once(
        self,
        first: Callable[[], object],
        second: Callable[[], object],
        strike: tuple[int, Fault] | None,
        schedule: list[tuple[bool, int]],
    ) -> None:
        with self.history.struck(strike), Stepping(self.world.cloud) as steps:
            one, other = steps.start(first), steps.start(second)
            for is_first, calls in schedule:
                (one if is_first else other).go(calls)


TestHistories = Histories.TestCase
TestHistories.settings = settings(stateful_step_count=50)
