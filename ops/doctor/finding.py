"""What a check is, and what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from shared.errors import CloudError, ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ops.doctor.case import Case

_MAY_NOT_LOOK = (
    "Run the doctor with credentials that may look; what the functions need, `./cos-watermark policy` prints"
)


class Verdict(Enum):
    """How bad it is. WARN is for what works with a drawback, and for what cannot be seen."""

    PASS = "pass"  # noqa: S105 - no password
    WARN = "warn"
    FAIL = "fail"


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

    def examine(self, case: Case) -> list[Finding] | None:
        """The findings; `None` if something that the question is about is missing, which is another check's to say."""
        try:
            answers = list(self.ask(case))
        except ConfigurationError:
            return None
        return [Finding(self.name, a.verdict, _one_line(a.message), _one_line(a.advice)) for a in answers]


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
        advice = _MAY_NOT_LOOK if error.cause.status in (401, 403) else error.advice
        yield warned(f"could not be checked: {error.cause}", advice or "Run the doctor again")


def _one_line(text: str) -> str:
    # Some of it comes from whoever answered: it must not steer a terminal.
    return "".join(character if character.isprintable() else " " for character in text)
