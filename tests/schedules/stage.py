"""A deployment in which nothing arrives by itself, and functions that run call by call."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

import functions.callback
from faketencent.ci.models import Progression
from faketencent.faults import Fault
from faketencent.refusals import ACCESS_DENIED, INVALID_ARGUMENT
from faketencent.scf.invocation import Status
from faketencent.wire import Reply, Request
from shared.domain.claim import GRACE
from tests.channels import Channel, deployed_on, queue_of
from tests.direct import direct
from tests.promises import ALIVE, Truth
from tests.schedules.held import HeldCallback, HeldEvent, Run
from tests.schedules.operator import Operator
from tests.stepping import Stepping
from tests.world import LEDGER, TICK

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack

    from faketencent.ci.jobs import Job
    from faketencent.scf.invocation import Invocation
    from tests.schedules.actions import Deed, Scenario


class Stage:
    """The deployment, what is held, and who is on his way."""

    def __init__(self, scenario: Scenario, stack: ExitStack) -> None:
        self.world = stack.enter_context(deployed_on(scenario.channel))
        self.cloud = self.world.cloud
        self.ci = self.cloud.ci.backend
        self.ci.progression = Progression.MANUAL
        self.cloud.scf.backend.cos_triggers.deliver = self._hold_event
        self.cloud.send = self._hold_callback
        stack.enter_context(direct(self.cloud))
        self._stepping = stack.enter_context(Stepping(self.cloud))
        self.world.configure(**dict(scenario.settings))
        self.truth = Truth(self.world)
        self.operator = Operator(self.world, self.truth)
        self.deeds: list[Deed] = list(scenario.deeds)
        self.budget = scenario.budget
        self.left: dict[str, int] = asdict(scenario.budget)
        self.events: list[HeldEvent] = []
        self.callbacks: list[HeldCallback] = []
        self.runs: list[Run] = []
        self.channel = scenario.channel
        #: Seconds that each call takes.
        self.pace = 0.1
        self.refuses = self.locked = self.throttles = False
        self._started = 0

    # What is held

    def _hold_event(self, _: str, event: dict[str, Any]) -> None:
        self.events.append(HeldEvent(event, self.truth.writings[-1], self.budget.deliveries))

    def _hold_callback(self, request: Request) -> Reply:
        self.callbacks.append(HeldCallback(request.body, self.budget.callbacks))
        return Reply(200)

    # The functions

    def submit(self, held: HeldEvent) -> Run:
        """Deliver an event."""
        held.tried = True
        return self._start("submit", partial(self._submit, held))

    def _submit(self, held: HeldEvent) -> None:
        if self._invoke("submit", held.event).status is Status.SUCCEEDED:
            held.writing.heard = True

    def call_back(self, held: HeldCallback) -> Run:
        """Deliver a callback."""
        request = {"httpMethod": "POST", "headers": {}, "path": "/", "queryString": {}, "body": held.body.decode()}
        return self._start("callback", partial(self._invoke, "callback", request))

    def tick(self, *, new_container: bool) -> Run:
        """Let the timer come."""
        if new_container:
            functions.callback.pace.cache_clear()
        return self._start("timer", partial(self._invoke, "callback", TICK))

    def _invoke(self, function: str, event: dict[str, Any]) -> Invocation:
        invocation = self.cloud.scf.backend.invoke(function, event)
        assert '"trace"' not in invocation.log, invocation.log
        if invocation.status is Status.FAILED:
            assert "\nshared.errors." in invocation.error, invocation.error
        return invocation

    def _start(self, what: str, action: Callable[[], object]) -> Run:
        self._started += 1
        run = Run(self._started, what, self._stepping.start(action))
        self.runs.append(run)
        self._go(run, 0)
        return run

    def step(self, run: Run, fault: Fault | None = None) -> None:
        """Let a run make one call, which meets a fault if there is one; a killed run is over."""
        if fault:
            self.cloud.faults.clear()
            self.cloud.faults.at_call(0, fault)
        self.cloud.clock.sleep(self.pace)
        self._go(run, 1)
        if fault:
            self.set_faults()

    def _go(self, run: Run, calls: int | None) -> None:
        run.runner.go(calls, self._between_calls)
        if run.runner.finished:
            self.runs.remove(run)
        self.see()

    def walk(self, run: Run, calls: int | None = None) -> None:
        """Let a run make so many calls, or all that it makes; as `step` does again and again, and faster."""
        if calls == 0 or run not in self.runs:
            return
        self.cloud.clock.sleep(self.pace)
        self._go(run, calls)

    def _between_calls(self) -> None:
        self.see()
        self.cloud.clock.sleep(self.pace)

    def has_work(self) -> bool:
        """Whether the timer would find anything to take up."""
        if self.operator.waiting:
            return True
        if self.channel is Channel.QUEUE and len(queue_of(self.world)):
            return True
        bucket, now = self.cloud.cos.backend.bucket(LEDGER), self.cloud.clock.now()
        newest = (bucket.newest(name) for name in self.world.claims)
        return any(version and now - version.last_modified >= GRACE for version in newest)

    def set_faults(self) -> None:
        """What goes wrong until somebody puts it right."""
        faults = self.cloud.faults
        faults.clear()
        if self.throttles:
            faults.when(lambda call: ".ci." in call.request.host, Fault.ERROR_503, times=None)
        if self.refuses:
            faults.on("CreateMediaJobs", INVALID_ARGUMENT, times=None)
        if self.locked:
            faults.on("PutObjectCopy", ACCESS_DENIED, times=None)

    def run_out(self) -> None:
        """Let all that are on their way come to their end, one after the other."""
        while self.runs:
            self.walk(self.runs[0])

    # CI, and time

    def jobs(self) -> list[Job]:
        """All jobs there ever were, as they are now or were when they were forgotten."""
        return list(self.truth.jobs.values())

    def known(self, job: Job) -> bool:
        """Whether CI knows the job."""
        return job.id in self.ci.jobs

    def alive(self) -> list[Job]:
        """The jobs that are known and not at their end."""
        return [job for job in self.ci.jobs.values() if job.state in ALIVE]

    def start_job(self, job: Job) -> None:
        """The job reads its object."""
        self.truth.starts(job.id)
        self.ci.start(job.id)
        self.see()

    def finish_job(self, job: Job) -> None:
        """The job ends, and its callback is on its way."""
        self.ci.finish(job.id)
        self.truth.ended(job.id)
        self.see()

    def pass_time(self, seconds: float) -> None:
        """Let time pass."""
        self.cloud.advance(seconds)
        self.see()

    def see(self, *, by_us: bool = True) -> None:
        """Note what happened, and what follows from it."""
        self.truth.observe(by_us=by_us)
        self.cloud.settle()
