"""What CI knows of its jobs: a job may be forgotten and known again, and may be missing from lists for a while.

How long a record is kept, and how soon a new job is in the lists, is not documented: a test decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from faketencent.ci.exceptions import job_not_found
from faketencent.ci.progression import IllegalTransitionError

if TYPE_CHECKING:
    from faketencent.ci.jobs import Job
    from faketencent.clock import Clock


class JobRecords:
    """The jobs, in the order in which they were submitted.

    A new job is in the lists `listed_after` seconds after it was submitted.
    """

    def __init__(self, clock: Clock) -> None:
        self.known: dict[str, Job] = {}
        self.listed_after: float = 0
        self._clock = clock
        self._forgotten: dict[str, Job] = {}
        self._hidden: set[str] = set()

    def job(self, job_id: str) -> Job:
        """The job as it is now.

        Raises:
            ServiceError: there is none, or not any more.
        """
        if job_id not in self.known:
            raise job_not_found(job_id)
        return self.known[job_id]

    def find(self, bucket: str, job_id: str) -> Job | None:
        """The job as it is now, if it is one of that bucket."""
        job = self.known.get(job_id)
        return job if job and job.bucket == bucket else None

    def listed(self, bucket: str) -> list[Job]:
        """The jobs of a bucket that its lists show."""
        submitted_by = self._clock.now() - self.listed_after
        return [
            job
            for job in self.known.values()
            if job.bucket == bucket and job.id not in self._hidden and job.created_at <= submitted_by
        ]

    def forget(self, job_id: str) -> None:
        """Know nothing of the job any more."""
        self._forgotten[job_id] = self.job(job_id)
        del self.known[job_id]

    def remember(self, job_id: str) -> Job:
        """Know a forgotten job again, as it was."""
        if job_id not in self._forgotten:
            raise IllegalTransitionError(f"job {job_id} was not forgotten")
        self.known[job_id] = self._forgotten.pop(job_id)
        self.known = dict(sorted(self.known.items(), key=lambda item: item[1].serial))
        return self.known[job_id]

    def hide(self, job_id: str, seconds: float | None = None) -> None:
        """Leave the job out of lists, for so long or until `show`; who asks for it by its id finds it."""
        self._hidden.add(self.job(job_id).id)
        if seconds is not None:
            self._clock.call_later(seconds, lambda: self.show(job_id))

    def show(self, job_id: str) -> None:
        """Have the job in lists again."""
        self._hidden.discard(job_id)
