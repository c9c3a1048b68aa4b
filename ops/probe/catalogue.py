"""All questions, in the order in which they are asked: what costs nothing first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.probe import callbacks, claims, copies, events, functions, job_records, jobs, metadata, queue, rights, working
from shared.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ops.probe.questions import Paid, Question

QUESTIONS: tuple[Question, ...] = (
    *rights.QUESTIONS,
    *copies.QUESTIONS,
    *metadata.QUESTIONS,
    *claims.QUESTIONS,
    *functions.QUESTIONS,
    *working.QUESTIONS,
    *events.QUESTIONS,
    *jobs.QUESTIONS,
    *job_records.QUESTIONS,
    *callbacks.QUESTIONS,
    *queue.QUESTIONS,
    *claims.LAST,
)


def chosen(names: Sequence[str]) -> list[Question]:
    """The questions of these names, or whose names begin so (`job` is all of `job-…`); without names, all of them.

    Raises:
        ConfigurationError: a name means no question.
    """
    for name in names:
        if not any(_means(name, question) for question in QUESTIONS):
            raise ConfigurationError(f"there is no question {name!r}: `./cos-watermark probe --list` shows them")
    return [q for q in QUESTIONS if not names or any(_means(name, q) for name in names)]


def paid(questions: Iterable[Question]) -> frozenset[Paid]:
    """The jobs that must be paid for, to ask these."""
    return frozenset(job for question in questions for job in question.jobs)


def _means(name: str, question: Question) -> bool:
    return question.name == name or question.name.startswith(f"{name}-")
