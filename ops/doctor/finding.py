"""What a check is, and what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from ops.plain import plain
from ops.tencent.refusals import is_denied
from shared.errors import CloudError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ops.doctor.case import Case

MAY_NOT_LOOK = "Run the doctor with credentials that have the rights: `./cos-watermark policy deploy` prints them"
_AGAIN = "Run the doctor again"


class Verdict(Enum):
    """How bad it is. WARN is for what works with a drawback; of UNSEEN nobody knows."""

    PASS = "pass"  # noqa: S105 - no password
    WARN = "warn"
    FAIL = "fail"
    UNSEEN = "unseen"


@dataclass(frozen=True)
class Answer:
    """What a check sees; `advice` is what to do about it, and empty when there is nothing to do."""

    verdict: Verdict
    message: str
    advice: str = ""


def passed(message: str) -> Answer:
    """All is well."""
    return Answer(Verdict.PASS, message)


def warned(message: str, advice: str) -> Answer:
    """It works, but."""
    return Answer(Verdict.WARN, message, advice)


def failed(message: str, advice: str) -> Answer:
    """It does not work."""
    return Answer(Verdict.FAIL, message, advice)


def unseen(message: str, advice: str) -> Answer:
    """It could not be looked at."""
    return Answer(Verdict.UNSEEN, message, advice)


@dataclass(frozen=True)
class Finding:
    """The answer of the check of that name."""

    name: str
    verdict: Verdict
    message: str
    advice: str


@dataclass(frozen=True)
class Check:
    """A named question; it may have several answers, one per bucket or function, or none where it does not apply."""

    name: str
    ask: Callable[[Case], Iterator[Answer]]

    def examine(self, case: Case) -> list[Finding]:
        """The findings."""
        answers = list(self.ask(case))
        return [Finding(self.name, a.verdict, plain(a.message), plain(a.advice)) for a in answers]


def check(name: str) -> Callable[[Callable[[Case], Iterator[Answer]]], Check]:
    """Make a function that asks the question a check of that name."""
    return lambda ask: Check(name, lambda case: _or_why_not(ask(case)))


def check_buckets(name: str) -> Callable[[Callable[[Case, str], Iterator[Answer]]], Check]:
    """Make a function that asks the question about one bucket a check of all video buckets."""

    def make(ask: Callable[[Case, str], Iterator[Answer]]) -> Check:
        return Check(name, lambda case: (a for bucket in case.buckets for a in _or_why_not(ask(case, bucket))))

    return make


def _or_why_not(answers: Iterator[Answer]) -> Iterator[Answer]:
    try:
        yield from answers
    except CloudError as error:
        denied = error.cause.status in (401, 403) or is_denied(error)
        yield unseen(f"could not be checked: {error.cause}", MAY_NOT_LOOK if denied else error.advice or _AGAIN)
