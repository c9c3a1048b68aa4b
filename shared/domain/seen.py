"""All that is known of one claim when it is decided what to do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence  # noqa: TC003 - part of the dataclasses below
from dataclasses import dataclass, field
from enum import Enum

from shared.domain.claim import Attempt  # noqa: TC001 - as above
from shared.domain.job import Job, JobState  # noqa: TC001 - as above
from shared.domain.metadata import Sealed  # noqa: TC001 - as above
from shared.domain.objects import Upload  # noqa: TC001 - as above
from shared.domain.outcome import Reason  # noqa: TC001 - as above
from shared.domain.result import Result  # noqa: TC001 - as above


class Look(Enum):
    """What can be looked at: tickets of the object's jobs, our jobs, the object, other claims on it, today's slots."""

    TICKETS = "tickets"
    JOBS = "jobs"
    OBJECT = "object"
    OTHERS = "others"
    SLOTS = "slots"


@dataclass(frozen=True)
class ObjectSeen:
    """The object now. Of one that nobody can look at, not even `upload` is known.

    `sealed` is the result about its bytes that it bears, but not the one that a re-check replaces; `obstacle` is why it
    cannot be checked, or is not to be.
    """

    upload: Upload | None = None
    sealed: Sealed | None = None
    obstacle: Reason | None = None


@dataclass(frozen=True)
class Seen:
    """All that is known of one claim: its attempts, and what the looks so far showed.

    `now` is COS's time, in seconds since 1970. `jobs` are those that the attempts name, `None` for one that CI does not
    know. `object` is `None` where there is none. `others` are attempts on the object's other uploads. `slot_left` says
    whether the daily limit allows another job.
    """

    attempts: Sequence[Attempt]
    now: int
    looked: frozenset[Look] = frozenset()
    jobs: Mapping[str, Job | None] = field(default_factory=dict)
    object: ObjectSeen | None = None
    others: Sequence[Attempt] = ()
    slot_left: bool = True

    @property
    def upload(self) -> Upload:
        """What the claim is about."""
        return self.attempts[0].upload

    @property
    def newest(self) -> Attempt:
        """The last attempt."""
        return self.attempts[-1]

    @property
    def chain(self) -> int:
        """A claim's chain is the largest of its attempts."""
        return max(attempt.chain for attempt in self.attempts)

    @property
    def kept(self) -> Result | None:
        """A result that could not be written yet."""
        return next((attempt.result for attempt in self.attempts if attempt.result), None)

    @property
    def is_there(self) -> bool:
        """Whether the object still is that upload."""
        return self.object is not None and self.object.upload == self.upload.writing

    @property
    def is_answered(self) -> bool:
        """Whether the object bears a result about the very bytes of the claim."""
        seen = self.object
        return bool(seen and seen.sealed and seen.upload and seen.upload.content == self.upload.content)

    def job(self, *states: JobState) -> Job | None:
        """One of our jobs that is in one of these states, the first of which counts first."""
        known = [job for job in self.jobs.values() if job]
        return next((job for state in states for job in known if job.state is state), None)
