"""What can be done next about one claim. `next_step` chooses, `shared/use_cases/reconcile.py` does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from shared.domain.claim import Attempt, Held  # noqa: TC001 - part of the dataclasses below
from shared.domain.job import Job  # noqa: TC001 - as above
from shared.domain.metadata import Sealed  # noqa: TC001 - as above
from shared.domain.outcome import Reason  # noqa: TC001 - as above
from shared.domain.result import Result  # noqa: TC001 - as above
from shared.domain.seen import Look  # noqa: TC001 - as above


@dataclass(frozen=True)
class LookAt:
    """Look, and decide again."""

    what: Look


@dataclass(frozen=True)
class Wait:
    """Nothing can be done now."""

    reason: Reason


@dataclass(frozen=True)
class Cancel:
    """Cancel the job, which nobody needs any more and CI has not begun with; then decide again."""

    job: Job


@dataclass(frozen=True)
class Conclude:
    """The object has its result, from any job: record that, and drop the claim. `job` is our own."""

    sealed: Sealed
    job: Job | None


@dataclass(frozen=True)
class Leave:
    """The object is gone or another upload: see that what is there has a claim, record the end of this one, drop.

    `job` may have read other bytes; `result` was found while the object was that upload, and could not be written.
    """

    reason: Reason
    chain: int
    job: Job | None
    result: Result | None = None


@dataclass(frozen=True)
class Write:
    """Write the result onto the object, record it, drop; if it cannot be written, keep it, but not for ever."""

    result: Result
    job: Job | None = None


@dataclass(frozen=True)
class GiveUp:
    """Record why there will be no result, and drop."""

    reason: Reason
    result: Result | None = None


@dataclass(frozen=True)
class Hold:
    """Note that no job may be submitted for now."""

    why: Held


@dataclass(frozen=True)
class TryAgain:
    """Make the next attempt."""

    attempt: Attempt


Step: TypeAlias = "LookAt | Wait | Cancel | Conclude | Leave | Write | GiveUp | Hold | TryAgain"
