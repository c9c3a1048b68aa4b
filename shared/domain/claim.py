"""The claim: our note in the ledger that one upload is being worked on, and how far we got.

It is the outbox (the intent survives a crash), the lock (no second job) and the list of what is in flight. An attempt
is one try to have a job; each has a note of its own, and together they are the claim.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Literal, NamedTuple

from pydantic import TypeAdapter, ValidationError

from shared.domain.objects import Upload  # noqa: TC001 - pydantic resolves the fields' types at run time
from shared.domain.result import Result  # noqa: TC001 - as above
from shared.domain.stored import stored
from shared.errors import ClaimError

#: Seconds for which a claim is left alone after it was written: longer than the longest time-out of both functions, so
#: that the run that wrote it is not alive any more.
GRACE = 300


class Held(Enum):
    """Why no job may be submitted for an attempt."""

    REFUSED = "refused"
    ANOTHER = "another"
    UNSETTLED = "unsettled"
    NEEDLESS = "needless"
    PAUSED = "paused"
    LIMIT = "limit"
    YOUNG = "young"


@dataclass(frozen=True)
class Attempt:
    """One attempt on an upload.

    Times are COS's, in seconds since 1970: `since` is when the first attempt was made, `refused_since` when CI began to
    refuse without a break, `unwritten_since` when the result could not be written first; `refusal` and `problem` say
    why. `job` is empty as long as no job is known. `chain` counts the object's jobs in a row whose answer could not be
    applied. `replaces` are digits of the seal that a re-check replaces; `asked_by` is the run of the waiting entry that
    the upload comes from, if it does: its jobs have the lowest priority.
    """

    upload: Upload
    number: int
    since: int
    job: str = ""
    held: Held | None = None
    refused_since: int | None = None
    refusal: str = ""
    result: Result | None = None
    unwritten_since: int | None = None
    problem: str = ""
    chain: int = 0
    replaces: str = ""
    asked_by: str = ""
    v: Literal[1] = 1

    def goes_before(self, other: Attempt) -> bool:
        """Whether another upload of the object waits for this one.

        It has or may have a job; or it has a longer chain to hand on; or it is about to write the answer onto the same
        writing, after which a job for that would find another.
        """
        writes = self.result is not None and self.upload.writing == other.upload.writing
        return self.may_post or self.chain > other.chain or writes

    @property
    def may_post(self) -> bool:
        """Whether it has a job, or may get one from the run that made it."""
        return self.held is None and self.result is None


class Entry(NamedTuple):
    """An attempt as the listing shows it. Times are COS's, in seconds since 1970; `now` is when it was listed."""

    key: str
    etag: str
    upload_id: str
    number: int
    modified: int
    now: int

    @property
    def age(self) -> int:
        """Seconds since it was last written."""
        return self.now - self.modified


@cache
def _readable() -> TypeAdapter[Attempt]:
    """What reads attempts; made when it is needed first, for many runs do not need it."""
    return TypeAdapter(Attempt)


def encode(attempt: Attempt) -> bytes:
    """The attempt as it is stored: JSON, without what is not set."""
    return stored(attempt)


def decode(body: bytes) -> Attempt:
    """The attempt in a stored body.

    Raises:
        ClaimError: it is none.
    """
    try:
        return _readable().validate_json(body)
    except ValidationError as error:
        raise ClaimError("is not a claim; it was left as it is. Remove it, or find out what wrote it") from error
