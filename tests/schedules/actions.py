"""What can happen in a schedule."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from tests.channels import Channel


class What(Enum):
    """What people, lifecycle rules and the operator do."""

    PUT = "put"
    PUT_AT_ONCE = "put in the same second"
    DELETE = "delete"
    EDIT = "edit"
    EDIT_KEPT = "edit, fields kept"
    RENAME = "rename"
    ARCHIVE = "archive"
    RESTORE = "restore"
    REFUSE = "CI refuses jobs"
    ACCEPT = "CI accepts jobs"
    LOCK = "nothing can be written"
    UNLOCK = "everything can be written"
    THROTTLE = "CI throttles"
    SERVE = "CI does not throttle"
    FORGE = "strangers forge a callback"
    FORGE_JOB = "strangers name another job in a callback"
    OWN_JOB = "strangers submit a job of their own"
    ROTATE = "the secret is rotated"
    TWICE = "messages come twice"
    DISORDER = "messages come in disorder"
    RUBBISH = "something else is in the queue"
    DAY = "a day passes"
    MONTH = "a month passes"
    PAUSE = "the operator pauses"
    RESUME = "the operator resumes"
    ASK = "the operator asks for"
    ASK_ONCE_MORE = "the operator's command runs again"


class When(Enum):
    """What a deed waits for."""

    ANY = "at any moment"
    SEALED = "when sealed"
    RUNNING = "when running"
    SUBMITTED = "when submitted"
    ENDED = "when a callback is on its way"
    RECORDED = "when recorded"
    IDLE = "when idle"


@dataclass(frozen=True)
class Deed:
    """Something that is done to an object; `how` is the content and its style, the new key, or `again`."""

    what: What
    key: str = ""
    how: str = ""
    when: When = When.ANY

    def __str__(self) -> str:
        when = "" if self.when is When.ANY else f" ({self.when.value})"
        return " ".join(part for part in (self.what.value, self.key, self.how) if part) + when


class Kind(Enum):
    """Who or what acts."""

    PEOPLE = "people"
    EVENT = "event"
    CALLBACK = "callback"
    TICK = "tick"
    STEP = "step"
    STRIKE = "strike a call that changes something"
    FAINT = "strike a call that only looks"
    START = "job starts"
    FINISH = "job ends"
    FORGET = "job is forgotten"
    REMEMBER = "job is known again"
    HIDE = "job is not listed"
    SHOW = "job is listed again"
    TIME = "time passes"


@dataclass(frozen=True)
class Action:
    """One thing that happens: to the event, callback, run or job of that number; `how` is the fault."""

    kind: Kind
    number: int = 0
    how: str = ""

    def __str__(self) -> str:
        return " ".join(str(part) for part in (self.kind.value, self.number, self.how) if part != "")


@dataclass(frozen=True)
class Budget:
    """How much may happen beside the deeds.

    `deliveries` of each event and `callbacks` of each job are tried at most; `at_once` runs are on their way at the
    same time; `lost` replies are of calls that took effect, `errors` are other faults. A schedule has `length` actions
    at most.
    """

    deliveries: int = 1
    callbacks: int = 1
    ticks: int = 5
    kills: int = 0
    lost: int = 0
    errors: int = 0
    forgets: int = 0
    remembers: int = 0
    hides: int = 0
    waits: int = 5
    at_once: int = 2
    length: int = 130


@dataclass(frozen=True)
class Scenario:
    """What people do, in this order, at any moment; how much else may happen; and settings, without their prefix."""

    name: str
    deeds: tuple[Deed, ...]
    budget: Budget = Budget()
    channel: Channel = Channel.URL
    settings: tuple[tuple[str, str], ...] = ()
