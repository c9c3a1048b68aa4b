"""What a question is, and what comes of one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from shared.errors import WatermarkError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ops.probe.stage import Stage


class Verdict(Enum):
    """Whether an assumption holds; the value is how it is shown."""

    AS_ASSUMED = "✓"
    OTHERWISE = "≠"
    NOT_SEEN = "?"


class Paid(Enum):
    """The jobs that may cost money; each is made once a run, for whatever questions need it."""

    MARK = "marks the clip"
    FOUND = "reads the marked clip"
    NONE = "reads the clip without a mark"
    FAILS = "reads what is no video"
    REFUSED = "reads the clip; its callback is answered 500 for a while"
    CANCELLED = "is cancelled before it begins"
    RIGHTS = "is asked for with the printed rights, and cancelled before it begins"
    QUEUED = "reads the clip; its callback goes to a queue"


class NotSeenError(WatermarkError):
    """A question has no answer here; the text says why."""


@dataclass(frozen=True)
class Answer:
    """What was seen; `evidence` is a line of text, in which there may be account numbers but no secrets."""

    verdict: Verdict
    evidence: str


@dataclass(frozen=True)
class Question:
    """One question; `where` is the file that relies on what is assumed, `jobs` what must be paid for to ask."""

    name: str
    asks: str
    assumed: str
    where: str
    ask: Callable[[Stage], Answer]
    jobs: frozenset[Paid] = frozenset()


def judged(holds: object, evidence: str) -> Answer:
    """The answer, by whether the assumption holds."""
    return Answer(Verdict.AS_ASSUMED if holds else Verdict.OTHERWISE, evidence)


def asked(question: Question, stage: Stage) -> Answer:
    """The answer; what went wrong, or may not be asked, is one that was not seen."""
    try:
        return question.ask(stage)
    except WatermarkError as error:
        return Answer(Verdict.NOT_SEEN, str(error))
    except Exception as error:  # noqa: BLE001 - no reply of a real service, however odd, stops the other questions
        return Answer(Verdict.NOT_SEEN, f"{type(error).__name__}: {error}")
