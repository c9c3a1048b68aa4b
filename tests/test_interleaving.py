"""Two functions at once, handed over to each other at every pair of calls: one job, one right result.

For every i and j: the first runs up to its i-th call, the second up to its j-th; then, if so ordered, all that the
cloud has to do is done (jobs end, callbacks come); then the first runs to its end, and the second.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import Any

import pytest

from faketencent.faults import Fault
from faketencent.wire import Reply, Request
from tests.stepping import Stepping
from tests.world import TIMER_PERIOD, World, deployed, marked_video

#: Says the same on every Python, and takes its time.
pytestmark = pytest.mark.once

VIDEO = marked_video("Hello_1")


class Meanwhile(Enum):
    """What happens while both functions are held."""

    NOTHING = "nothing"
    SETTLE = "jobs end, callbacks and events come"
    UPLOAD = "the same bytes are uploaded again"


@dataclass
class Held:
    """A deployment whose events and callbacks wait to be delivered by hand, one by one."""

    world: World
    events: list[dict[str, Any]] = field(default_factory=list)
    callbacks: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.world.cloud.scf.backend.cos_triggers.deliver = lambda _, event: self.events.append(event)
        self.world.cloud.send = self._hold

    def _hold(self, request: Request) -> Reply:
        self.callbacks.append(request.body)
        return Reply(200)

    def upload(self) -> None:
        self.world.cloud.advance(60)
        self.world.upload("clip.mp4", VIDEO)
        self.world.cloud.settle()

    def submit(self) -> None:
        """Deliver the newest event of an upload."""
        self.world.cloud.scf.backend.invoke("submit", self.events[-1])

    def call_back(self) -> None:
        """Deliver all callbacks that wait."""
        waiting = list(self.callbacks)
        for body in waiting:
            self.world.post(body)
        self.callbacks = [body for body in self.callbacks if body not in waiting]

    def sweep(self) -> None:
        self.world.sweep()

    def settle(self) -> None:
        self.world.cloud.settle()
        self.call_back()

    def conclude(self) -> None:
        """Let everything run its course: the callbacks, and the timer as often as it takes."""
        self.settle()
        for _ in range(4):
            if self.world.claims:
                self.world.cloud.advance(2 * TIMER_PERIOD)
                self.sweep()
                self.settle()


Step = Callable[[Held], object]


def uploaded(held: Held) -> None:
    held.upload()


def answered_by_ci(held: Held) -> None:
    """The job has ended, its callback is on its way."""
    held.upload()
    held.submit()
    held.world.cloud.settle()


def answered_long_ago(held: Held) -> None:
    """As before, but for so long that the sweep takes an interest."""
    answered_by_ci(held)
    held.world.cloud.advance(TIMER_PERIOD)


def refused(held: Held) -> None:
    """The job was not accepted, long ago."""
    held.world.cloud.faults.on("CreateMediaJobs", Fault.ERROR_503)
    held.upload()
    held.submit()
    held.world.cloud.advance(TIMER_PERIOD)


def reply_lost(held: Held) -> None:
    """The job was accepted, but nobody knows, and its callback will never come."""
    held.world.cloud.faults.on("CreateMediaJobs", Fault.TIMEOUT_AFTER)
    held.upload()
    held.submit()
    held.world.cloud.advance(TIMER_PERIOD)
    held.callbacks.clear()


def interleave(given: Step, first: Step, second: Step, meanwhile: Meanwhile, jobs: int) -> None:
    """Go through every pair."""
    for i in itertools.count():
        # Two of a kind are the same the other way round.
        for j in itertools.count(i if first is second else 0):
            first_ended, second_ended = _run(given, (first, i), (second, j), meanwhile, jobs)
            if second_ended:
                break
        if first_ended:
            assert i + j > 5, "these functions made hardly a call"
            return


def _run(
    given: Step, first: tuple[Step, int], second: tuple[Step, int], meanwhile: Meanwhile, jobs: int
) -> tuple[bool, bool]:
    with deployed() as world:
        held = Held(world)
        given(held)
        with Stepping(world.cloud) as steps:
            one, other = (steps.start(partial(act, held)) for act, _ in (first, second))
            one.go(calls=first[1])
            if meanwhile is Meanwhile.UPLOAD:
                held.upload()
            other.go(calls=second[1])
            ended = one.finished, other.finished
            if meanwhile is Meanwhile.SETTLE:
                held.settle()
        held.conclude()
        found = world.answer("clip.mp4"), len(world.jobs) <= jobs, world.claims
        assert found == (("found", "Hello_1"), True, []), f"{first} against {second}: {world.cloud.operations()}"
    return ended


CONCURRENT = [
    pytest.param(uploaded, Held.submit, Held.submit, id="two submits"),
    pytest.param(uploaded, Held.submit, Held.call_back, id="submit and callback of its own job"),
    pytest.param(refused, Held.sweep, Held.sweep, id="two sweeps, job refused"),
    pytest.param(refused, Held.sweep, Held.submit, id="sweep and submit, job refused"),
    pytest.param(reply_lost, Held.sweep, Held.sweep, id="two sweeps, reply lost"),
]
ENDED = [
    pytest.param(answered_by_ci, Held.submit, Held.call_back, id="submit and callback"),
    pytest.param(answered_by_ci, Held.call_back, Held.call_back, id="two callbacks"),
    pytest.param(answered_long_ago, Held.sweep, Held.sweep, id="two sweeps"),
    pytest.param(answered_long_ago, Held.sweep, Held.call_back, id="sweep and callback"),
]
AGAIN = [
    pytest.param(uploaded, Held.submit, Held.submit, id="two submits"),
    pytest.param(refused, Held.sweep, Held.submit, id="sweep and submit, job refused"),
    pytest.param(answered_by_ci, Held.call_back, Held.submit, id="callback and submit"),
    pytest.param(answered_long_ago, Held.sweep, Held.submit, id="sweep and submit"),
]


@pytest.mark.parametrize(("given", "first", "second"), CONCURRENT)
def test_one_upload_is_one_job(given: Step, first: Step, second: Step) -> None:
    interleave(given, first, second, Meanwhile.NOTHING, jobs=1)


@pytest.mark.parametrize(("given", "first", "second"), CONCURRENT)
def test_one_upload_is_one_job_even_if_it_ends_meanwhile(given: Step, first: Step, second: Step) -> None:
    interleave(given, first, second, Meanwhile.SETTLE, jobs=1)


@pytest.mark.parametrize(("given", "first", "second"), ENDED)
def test_a_job_that_has_ended_is_not_followed_by_another(given: Step, first: Step, second: Step) -> None:
    interleave(given, first, second, Meanwhile.NOTHING, jobs=1)


@pytest.mark.parametrize(("given", "first", "second"), AGAIN)
def test_the_same_bytes_uploaded_again_meanwhile_are_not_forgotten(given: Step, first: Step, second: Step) -> None:
    interleave(given, first, second, Meanwhile.UPLOAD, jobs=2)
