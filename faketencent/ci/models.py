"""The state of Cloud Infinite, without HTTP: buckets with media processing, their queues, and the jobs.

    backend = cloud.ci.backend
    backend.bind_bucket("videos-1250000000")
    backend.progression = Progression.MANUAL              # jobs move when a test says so
    backend.sender.policy = CallbackPolicy(copies=2)      # callbacks come twice
    backend.start(job_id)                                 # reads the object
    backend.finish(job_id)                                # ends the job (a waiting one starts first), calls back
    backend.callback_rules.refuse("https://example.com")  # POST /jobs with this callback is refused
    backend.left_out.leave_out(InputField.BUCKET_ID)      # and so on: what the real service was seen to vary
    backend.lengths["videos-1250000000", "a.mp4"] = 90    # seconds, where the object's bytes should not decide

A job reads its object when it starts, not when it is submitted, and writes what it has to when it ends.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from faketencent.cam import CI_ROLE
from faketencent.ci.analysis import conclude, failed, read
from faketencent.ci.bindings import Bindings
from faketencent.ci.callback_rules import CallbackRules
from faketencent.ci.callbacks import CallbackSender
from faketencent.ci.exceptions import (
    cannot_cancel,
    role_missing,
)
from faketencent.ci.jobs import Job, JobState
from faketencent.ci.left_out import LeftOut
from faketencent.ci.progression import Durations, IllegalTransitionError, Progression
from faketencent.ci.queues import QueueState
from faketencent.ci.records import JobRecords

if TYPE_CHECKING:
    from collections.abc import Callable

    from faketencent.ci.analysis import Outcome, Reading
    from faketencent.ci.buckets import MediaBucket
    from faketencent.ci.callbacks import Delivery
    from faketencent.ci.jobs import JobRequest
    from faketencent.ci.queues import Queue, QueueUpdate
    from faketencent.cloud import FakeCloud

__all__ = ["SERVICE_ROLE", "CiBackend", "Durations", "IllegalTransitionError", "Progression"]

#: The role with which CI reads and writes the account's buckets:
#: https://cloud.tencent.com/document/product/460/41741
SERVICE_ROLE = CI_ROLE.name


class CiBackend(Bindings):
    """All of one account's media processing; what it knows of its jobs is in `records`."""

    def __init__(self, cloud: FakeCloud) -> None:
        super().__init__(cloud)
        self.progression = Progression.IMMEDIATE
        self.durations = Durations()
        self.left_out = LeftOut()
        self.callback_rules = CallbackRules()
        self.sender = CallbackSender(cloud, self.left_out)
        self.records = JobRecords(cloud.clock)
        self.lengths: dict[tuple[str, str], float] = {}
        self._readings: dict[str, Reading] = {}

    @property
    def jobs(self) -> dict[str, Job]:
        """The jobs that are known, by their ids, in the order in which they were submitted."""
        return self.records.known

    @property
    def callbacks(self) -> list[Delivery]:
        """Every attempt at a callback so far, oldest first."""
        return self.sender.deliveries

    def update_queue(self, queue: Queue, update: QueueUpdate) -> Queue:
        """Change a queue. Pausing it pauses the jobs that wait in it; running jobs go on."""
        self.callback_rules.check("NotifyConfig", update.notify.to)
        changed = replace(queue, **vars(update), updated_at=self._now())
        self.queues[queue.id] = changed
        for job in [job for job in self.jobs.values() if job.queue_id == queue.id]:
            if update.state is QueueState.PAUSED and job.state is JobState.SUBMITTED:
                self.pause(job.id)
            elif update.state is QueueState.ACTIVE and job.state is JobState.PAUSE:
                self.resume(job.id)
        return changed

    def submit(self, bucket: MediaBucket, request: JobRequest) -> Job:
        """Take a job on.

        Raises:
            ServiceError: there is no service role that trusts CI, or no such queue, or the callback is refused.
        """
        self.callback_rules.check("Request.CallBack", request.callback)
        if not self._has_role():
            raise role_missing(SERVICE_ROLE)
        queue = self.queue(bucket, request.queue_id or bucket.queue_id)
        serial = next(self._serial)
        job = Job(
            id=self._new_id("j", serial),
            serial=serial,
            bucket=bucket.name,
            region=bucket.region,
            queue_id=queue.id,
            request=request,
            created_at=self._now(),
        )
        self.jobs[job.id] = job
        if queue.state is QueueState.PAUSED:
            return self.pause(job.id)
        return self._let_start(job)

    def forget(self, job_id: str) -> None:
        """Let the record of a job expire; an unfinished one stops."""
        self.records.forget(job_id)

    def remember(self, job_id: str) -> Job:
        """Have a forgotten job known again; an unfinished one goes on from where it was."""
        job = self.records.remember(job_id)
        if job.state is JobState.SUBMITTED:
            return self._let_start(job)
        if job.state is JobState.RUNNING:
            self._later(self.durations.running, job, self.finish)
        return job

    def hide(self, job_id: str, seconds: float | None = None) -> None:
        """Leave a job out of the lists of `GET /jobs`, for so long or until `show`."""
        self.records.hide(job_id, seconds)

    def show(self, job_id: str) -> None:
        """Have a hidden job in the lists again."""
        self.records.show(job_id)

    def start(self, job_id: str) -> Job:
        """The job's turn has come: it reads its object as it is now."""
        job = self._begin(self._require(job_id, JobState.SUBMITTED))
        self._later(self.durations.running, job, self.finish)
        return job

    def finish(self, job_id: str) -> Job:
        """End the job with what comes of the content that it read; one that still waits starts at this moment."""
        job = self._require(job_id, JobState.SUBMITTED, JobState.RUNNING)
        if job.state is JobState.SUBMITTED:
            job = self._begin(job)
        shut_out = self._shut_out(job)
        return self._end(job, shut_out or conclude(job, self._readings[job.id], self._cloud.cos.backend))

    def fail(self, job_id: str, code: str = "InternalError", message: str = "Ordered by a test") -> Job:
        """End the job as a failure, whatever its object holds."""
        job = self._require(job_id, JobState.SUBMITTED, JobState.RUNNING)
        return self._end(job, failed(code, message))

    def pause(self, job_id: str) -> Job:
        """Hold a job that has not started."""
        self._require(job_id, JobState.SUBMITTED)
        return self._change(job_id, state=JobState.PAUSE)

    def resume(self, job_id: str) -> Job:
        """Let a held job wait for its turn again."""
        self._require(job_id, JobState.PAUSE)
        return self._let_start(self._change(job_id, state=JobState.SUBMITTED))

    def cancel(self, *job_ids: str) -> None:
        """Call off jobs that have not started: all of them, or none if one has.

        Raises:
            ServiceError: one has started, or does not exist.
        """
        for job in map(self.records.job, job_ids):
            if job.state not in (JobState.SUBMITTED, JobState.PAUSE):
                raise cannot_cancel(job.id, job.state.value)
        for job_id in job_ids:
            self._change(job_id, state=JobState.CANCEL, ended_at=self._now())
            if self.sender.policy.tells_of_cancelled:
                self.call_back(job_id)

    def call_back(self, job_id: str) -> None:
        """Send the job's callback, once more if it was sent before."""
        job = self._require(job_id, JobState.SUCCESS, JobState.FAILED, JobState.CANCEL)
        self.sender.send(job, self.queues.get(job.queue_id))

    def _let_start(self, job: Job) -> Job:
        self._later(self.durations.waiting, job, self.start)
        return job

    def _later(self, seconds: float, job: Job, step: Callable[[str], object]) -> None:
        """Have the step done by the clock, unless something else happens to the job before."""

        def when_due() -> None:
            if self.jobs.get(job.id) == job:
                step(job.id)

        if self.progression is not Progression.MANUAL:
            delay = seconds if self.progression is Progression.TIMED else 0
            self._cloud.clock.call_later(delay, when_due)

    def _begin(self, job: Job) -> Job:
        begun = self._change(job.id, state=JobState.RUNNING, started_at=self._now())
        self._readings[job.id] = self._shut_out(job) or read(job, self._cloud.cos.backend, self._now())
        return begun

    def _shut_out(self, job: Job) -> Outcome | None:
        """Why CI can do nothing for the bucket's owner any more."""
        if job.bucket not in self.buckets:
            return failed("MediaBucketUnBinded", "Media processing was disabled")
        return None if self._has_role() else failed("CIRoleNotExist", "The service role was deleted")

    def _end(self, job: Job, outcome: Outcome) -> Job:
        self._readings.pop(job.id, None)
        now = self._now()
        started = now if job.started_at is None else job.started_at
        ended = self._change(job.id, started_at=started, ended_at=now, **vars(outcome))
        self.call_back(job.id)
        return ended

    def _change(self, job_id: str, **changes: Any) -> Job:  # noqa: ANN401 - what `replace` takes
        self.jobs[job_id] = replace(self.jobs[job_id], **changes)
        return self.jobs[job_id]

    def _require(self, job_id: str, *states: JobState) -> Job:
        job = self.records.job(job_id)
        if job.state not in states:
            raise IllegalTransitionError(f"job {job_id} is {job.state.value}")
        return job

    def _has_role(self) -> bool:
        return self._cloud.cam.role_ready(SERVICE_ROLE, CI_ROLE.service)
