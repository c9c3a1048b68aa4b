"""The state of Cloud Infinite, without HTTP: buckets with media processing, their queues, and the jobs.

    backend = cloud.ci.backend
    backend.bind_bucket("videos-1250000000")
    backend.progression = Progression.MANUAL              # jobs move when a test says so
    backend.sender.policy = CallbackPolicy(copies=2)      # callbacks come twice
    backend.finish(job_id)                                # does the work, ends the job, calls back

A job does its work at one moment, the end of its run: on the objects as they are then.
"""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

from faketencent.ci.analysis import failed, run
from faketencent.ci.buckets import MediaBucket
from faketencent.ci.callbacks import CallbackSender
from faketencent.ci.exceptions import (
    bucket_already_bound,
    bucket_not_bound,
    cannot_cancel,
    job_not_found,
    queue_not_found,
    role_missing,
)
from faketencent.ci.jobs import Job, JobState
from faketencent.ci.queues import Queue, QueueState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from faketencent.cam import Policy
    from faketencent.ci.analysis import Outcome
    from faketencent.ci.callbacks import Delivery
    from faketencent.ci.jobs import JobRequest
    from faketencent.ci.queues import QueueUpdate
    from faketencent.cloud import FakeCloud

#: The role with which CI reads and writes the account's buckets:
#: https://cloud.tencent.com/document/product/460/41741
SERVICE_ROLE = "CI_QCSRole"
_COS_DATA: Policy = {
    "version": "2.0",
    "statement": [{"effect": "allow", "action": ["cos:*"], "resource": ["*"]}],
}


class Progression(Enum):
    """What moves jobs."""

    IMMEDIATE = "the clock, one step at a time, without any wait"
    TIMED = "the clock, after the seconds of `Durations`"
    MANUAL = "only the backend's own methods"


@dataclass(frozen=True)
class Durations:
    """How long a job waits in its queue, and then runs, in seconds."""

    waiting: float = 2
    running: float = 10


class IllegalTransitionError(RuntimeError):
    """A test asked for a step that a job in this state does not take."""


class CiBackend:
    """All of one account's media processing. Jobs are kept in the order in which they were submitted."""

    def __init__(self, cloud: FakeCloud) -> None:
        self.progression = Progression.IMMEDIATE
        self.durations = Durations()
        self.sender = CallbackSender(cloud)
        self.buckets: dict[str, MediaBucket] = {}
        self.queues: dict[str, Queue] = {}
        self.jobs: dict[str, Job] = {}
        self._cloud = cloud
        self._serial = itertools.count(1)
        cloud.cam.create_role(SERVICE_ROLE, _COS_DATA)

    @property
    def callbacks(self) -> list[Delivery]:
        """Every attempt at a callback so far, oldest first."""
        return self.sender.deliveries

    def bind_bucket(self, name: str, region: str | None = None) -> MediaBucket:
        """Enable media processing on a bucket; it gets a queue.

        Raises:
            ServiceError: the bucket does not exist (in that region), or has it already.
        """
        region = self._cloud.cos.backend.bucket(name, region).region
        if name in self.buckets:
            raise bucket_already_bound(name)
        queue = Queue(self._new_id("p", next(self._serial)), name, self._now(), self._now())
        self.queues[queue.id] = queue
        self.buckets[name] = MediaBucket(name, region, queue.created_at, queue.id)
        return self.buckets[name]

    def unbind_bucket(self, name: str) -> None:
        """Disable media processing; the queue is deleted, and the jobs that wait in it will fail."""
        if name not in self.buckets:
            raise bucket_not_bound(name)
        del self.queues[self.buckets.pop(name).queue_id]

    def bucket(self, name: str, region: str) -> MediaBucket:
        """The bucket, if media processing is enabled on it, and in that region."""
        bucket = self.buckets.get(name)
        if bucket is None or bucket.region != region:
            raise bucket_not_bound(name)
        return bucket

    def queue(self, bucket: MediaBucket, queue_id: str) -> Queue:
        """A queue of that bucket."""
        queue = self.queues.get(queue_id)
        if queue is None or queue.bucket != bucket.name:
            raise queue_not_found(queue_id)
        return queue

    def queues_of(self, bucket: MediaBucket) -> list[Queue]:
        """The queues of a bucket."""
        return [queue for queue in self.queues.values() if queue.bucket == bucket.name]

    def update_queue(self, queue: Queue, update: QueueUpdate) -> Queue:
        """Change a queue. Pausing it pauses the jobs that wait in it; running jobs go on."""
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
            ServiceError: the service role or the queue does not exist.
        """
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

    def job(self, job_id: str) -> Job:
        """The job as it is now.

        Raises:
            ServiceError: there is none, or not any more.
        """
        if job_id not in self.jobs:
            raise job_not_found(job_id)
        return self.jobs[job_id]

    def find_job(self, bucket: MediaBucket, job_id: str) -> Job | None:
        """The job as it is now, if it is one of that bucket."""
        job = self.jobs.get(job_id)
        return job if job and job.bucket == bucket.name else None

    def jobs_of(self, bucket: MediaBucket) -> Iterator[Job]:
        """The jobs that read from a bucket."""
        return (job for job in self.jobs.values() if job.bucket == bucket.name)

    def forget(self, job_id: str) -> None:
        """Let the record of a job expire. When that happens is not documented, so it never does by itself."""
        self.job(job_id)
        del self.jobs[job_id]

    def start(self, job_id: str) -> Job:
        """The job's turn has come."""
        self._require(job_id, JobState.SUBMITTED)
        job = self._change(job_id, state=JobState.RUNNING, started_at=self._now())
        self._later(self.durations.running, job, self.finish)
        return job

    def finish(self, job_id: str) -> Job:
        """Do the job's work on the objects as they are now, and end it."""
        job = self._require(job_id, JobState.SUBMITTED, JobState.RUNNING)
        if job.bucket not in self.buckets:
            return self._end(job, failed("MediaBucketUnBinded", "Media processing was disabled"))
        if not self._has_role():
            return self._end(job, failed("CIRoleNotExist", "The service role was deleted"))
        return self._end(job, run(job, self._cloud.cos.backend, self._now()))

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
        for job in map(self.job, job_ids):
            if job.state not in (JobState.SUBMITTED, JobState.PAUSE):
                raise cannot_cancel(job.id, job.state.value)
        for job_id in job_ids:
            self._change(job_id, state=JobState.CANCEL, ended_at=self._now())

    def call_back(self, job_id: str) -> None:
        """Send the job's callback, once more if it was sent before."""
        job = self._require(job_id, JobState.SUCCESS, JobState.FAILED)
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

    def _end(self, job: Job, outcome: Outcome) -> Job:
        now = self._now()
        started = now if job.started_at is None else job.started_at
        ended = self._change(job.id, started_at=started, ended_at=now, **vars(outcome))
        self.call_back(job.id)
        return ended

    def _change(self, job_id: str, **changes: Any) -> Job:  # noqa: ANN401 - what `replace` takes
        self.jobs[job_id] = replace(self.jobs[job_id], **changes)
        return self.jobs[job_id]

    def _require(self, job_id: str, *states: JobState) -> Job:
        job = self.job(job_id)
        if job.state not in states:
            raise IllegalTransitionError(f"job {job_id} is {job.state.value}")
        return job

    def _has_role(self) -> bool:
        return self._cloud.cam.has_role(SERVICE_ROLE)

    def _now(self) -> float:
        """The present as CI shows it: in whole seconds."""
        return float(int(self._cloud.clock.now()))

    def _new_id(self, prefix: str, serial: int) -> str:
        text = f"{self._cloud.appid} {prefix} {serial}"
        return prefix + hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
