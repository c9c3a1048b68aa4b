"""How things stand with one object, as far as it matters for what happens next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence  # noqa: TC003 - part of the dataclasses below
from dataclasses import dataclass, field
from enum import Enum

from shared.domain.claim import Held  # noqa: TC001 - as above
from shared.domain.job import JobState  # noqa: TC001 - as above
from shared.domain.outcome import Reason  # noqa: TC001 - as above
from shared.domain.result import Verdict  # noqa: TC001 - as above


class There(Enum):
    """What a look at the object found."""

    YES = "yes"
    GONE = "gone"
    #: Only with a key of the customer's own.
    UNREADABLE = "unreadable"
    #: The look was refused, or not answered.
    UNSEEN = "unseen"


class Seal(Enum):
    """What the object bears."""

    NONE = "none"
    OURS = "ours"
    NOT_OURS = "not_ours"
    #: There is one, and the secret is not known here.
    UNCHECKED = "not_checked"


@dataclass(frozen=True)
class Claim:
    """An upload that is being worked on, by its newest attempt; `jobs` are those of all attempts.

    `current` says whether the object still is that upload, `None` if nobody knows.
    """

    current: bool | None = True
    modified: int = 0
    held: Held | None = None
    jobs: tuple[str, ...] = ()
    has_result: bool = False
    has_problem: bool = False


@dataclass(frozen=True)
class Recorded:
    """What the record of the upload says that is there now."""

    verdict: Verdict
    applied: bool
    reason: Reason | None = None


@dataclass(frozen=True)
class Situation:
    """All of it. `unchecked` is why settings leave the object out; `obstacle` why it cannot be checked as it is.

    `jobs` are the states of the jobs that CI was asked for, `None` for one that it does not know. `paused` and
    `timer_runs` are `None` where nobody knows. `age` is that of the upload, in seconds.
    """

    now: int = 0
    there: There = There.YES
    age: int = 86_400
    unchecked: Reason | None = None
    obstacle: Reason | None = None
    seal: Seal = Seal.NONE
    verdict: str = ""
    claims: Sequence[Claim] = ()
    entries: int = 0
    record: Recorded | None = None
    jobs: Mapping[str, JobState | None] = field(default_factory=dict)
    paused: bool | None = False
    timer_runs: bool | None = True
    min_age: int = 0
    ledger_seen: bool = True
