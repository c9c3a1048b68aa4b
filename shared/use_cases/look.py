"""What can be seen of one claim: our jobs, its object, the claims beside it. Each look adds to what is seen."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from shared.domain.choice import why_unchecked
from shared.domain.job import TAG, Job, JobState
from shared.domain.next_step import Rules
from shared.domain.outcome import Reason
from shared.domain.seen import Look, ObjectSeen, Seen
from shared.domain.ticket import Ticket, ticket_of
from shared.errors import ClaimError, CloudError, NotFoundError, RejectedError, TicketError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shared.cloud.clients import Clients
    from shared.domain.claim import Attempt, Entry
    from shared.domain.head import Head

#: How many jobs of one object are looked through for ours.
_JOBS_SEARCHED = 200


class Case:
    """A claim while it is reconciled: its attempts as they were listed, and all that is seen of it.

    `head` is the object behind `seen.object`; it is `None` too for one that is there, but that nobody can read.
    """

    def __init__(self, entries: Sequence[Entry], attempts: Sequence[Attempt], clients: Clients) -> None:
        self.entries = {entry.number: entry for entry in entries}
        self.clients = clients
        self.seen = Seen(attempts, now=entries[-1].now)
        self.head: Head | None = None
        self._rules: Rules | None = None

    @property
    def rules(self) -> Rules:
        """What operators have chosen; raises CloudError, the first time only."""
        if self._rules is None:
            settings, pause = self.clients.settings, self.clients.pausing.state(self.seen.now)
            self._rules = Rules(settings.give_up_after, settings.none_codes, settings.min_age, pause)
        return self._rules

    def look(self, what: Look) -> None:
        """Look, and add it to what is seen; raises CloudError."""
        if what is Look.TICKETS:
            self._look_for_tickets()
        elif what is Look.JOBS:
            self._look_at_jobs()
        elif what is Look.OBJECT:
            self._look_at_object()
        elif what is Look.OTHERS:
            self._look_at_others()
        else:
            self.seen = replace(self.seen, slot_left=self.clients.slots.are_left(self.seen.now))
        self.seen = replace(self.seen, looked=self.seen.looked | {what})

    def cancel(self, job: Job) -> None:
        """Cancel a job, and see what came of that; raises CloudError."""
        state = JobState.CANCEL
        try:
            self.clients.jobs.cancel(self.seen.upload.target, job.job_id)
        except CloudError as error:
            if not error.is_refusal:
                raise
            state = JobState.RUNNING
        self.seen = replace(self.seen, jobs={**self.seen.jobs, job.job_id: job._replace(state=state)})

    def _look_for_tickets(self) -> None:
        """The reply to a POST may have been lost: then only CI knows the job. It is noted where its ticket belongs."""
        attempts = {attempt.number: attempt for attempt in self.seen.attempts}
        known = {attempt.job for attempt in attempts.values()}
        for job in islice(self.clients.jobs.on(self.seen.upload.target), _JOBS_SEARCHED):
            ticket = self._ticket_of(job)
            if ticket and job.job_id not in known and not attempts[ticket.attempt].job:
                found = replace(attempts[ticket.attempt], job=job.job_id, held=None, result=None)
                attempts[ticket.attempt] = found
                self.entries[ticket.attempt] = self.clients.ledger.update(found)
        self.seen = replace(self.seen, attempts=tuple(attempts.values()))

    def _ticket_of(self, job: Job) -> Ticket | None:
        try:
            ticket = ticket_of(job, self.clients.settings.secrets)
        except TicketError:
            return None
        ours = job.tag == TAG and ticket.upload == self.seen.upload and ticket.attempt in self.entries
        return ticket if ours else None

    def _look_at_jobs(self) -> None:
        ids = [attempt.job for attempt in self.seen.attempts if attempt.job]
        self.see_jobs(self.clients.jobs.get(self.seen.upload.target, ids))

    def see_jobs(self, jobs: Mapping[str, Job | None]) -> None:
        """Add what CI said of our jobs to what is seen; raises ClaimError."""
        for job in jobs.values():
            # Not by its ticket: the secret may have been changed twice since.
            if job and (job.tag, job.key) != (TAG, self.seen.upload.target.key):
                raise ClaimError(
                    f"the claim on {self.seen.upload} names job {job.job_id}, which was not submitted for it; it was "
                    "left as it is. Find out who wrote into the ledger"
                )
        self.seen = replace(self.seen, jobs=jobs, looked=self.seen.looked | {Look.JOBS})

    def _look_at_object(self) -> None:
        try:
            self.head = self.clients.objects.head(self.seen.upload.target)
        except NotFoundError:
            return
        except RejectedError:
            seen = ObjectSeen(obstacle=Reason.UNREADABLE)
        else:
            settings, there = self.clients.settings, self.head.upload
            obstacle = self.head.obstacle or why_unchecked(there.target.key, there.content.size, settings)
            seen = ObjectSeen(there, self.head.sealed(settings, self.seen.newest.replaces), obstacle)
        self.seen = replace(self.seen, object=seen)

    def _look_at_others(self) -> None:
        ledger, upload = self.clients.ledger, self.seen.upload
        others = [entry for entry in ledger.claims(upload.target) if entry.upload_id != upload.id]
        self.seen = replace(self.seen, others=[read for entry in others if (read := ledger.read(entry))])
