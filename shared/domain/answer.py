"""The answer for some bytes: what a job found in them, kept in the ledger, so that nobody pays for them again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from pydantic import TypeAdapter, ValidationError

from shared.domain.result import Result, Verdict
from shared.domain.stored import stored
from shared.errors import ClaimError
from shared.signing import canonical

if TYPE_CHECKING:
    from shared.domain.objects import Content, Upload


@dataclass(frozen=True)
class Answer:
    """What a job found; `at` is when it ended (UTC, ISO 8601), `upload` the id of the upload that it was for.

    `run` is the run of the re-check that asked for it, if one did.
    """

    verdict: Verdict
    at: str
    job: str
    upload: str
    text: str = ""
    run: str = ""
    v: Literal[1] = 1

    @property
    def result(self) -> Result:
        """The same, as it is written onto an object."""
        return Result(self.verdict, self.at, self.job, self.text)


_STRANGE = "is not an answer; it was left as it is. Remove it, or find out what wrote it"
_ANSWERS = (Verdict.FOUND, Verdict.NONE)


@cache
def _readable() -> TypeAdapter[Answer]:
    """What reads answers; made when it is needed first, for most runs do not need it."""
    return TypeAdapter(Answer)


def answer_name(content: Content, etag: str) -> str:
    """Where the answer for these bytes lies. The ETag makes it harder to craft others with the same name."""
    digest = hashlib.sha256(canonical(content.crc64, str(content.size), etag.strip('"'))).hexdigest()
    return f"answers/{digest}"


def answer_of(upload: Upload, result: Result) -> Answer | None:
    """The answer that a result is; `None` for a failure, which says nothing about the bytes."""
    if result.verdict in _ANSWERS and result.job:
        return Answer(result.verdict, result.at, result.job, upload.id, result.text, upload.run)
    return None


def encode(answer: Answer) -> bytes:
    """The answer as it is stored: JSON."""
    return stored(answer)


def decode(body: bytes) -> Answer:
    """The answer in a stored body.

    Raises:
        ClaimError: it is none.
    """
    try:
        answer = _readable().validate_json(body)
    except ValidationError as error:
        raise ClaimError(_STRANGE) from error
    if answer.verdict not in _ANSWERS:
        raise ClaimError(_STRANGE)
    return answer
