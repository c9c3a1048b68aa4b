"""The waiting entry: an object that an operator wants checked, written by the command and taken up by the timer.

`waiting/<run>/<object id>`: all that one command asks for has one run, and each object one name in it, so that a
command that is run again after a crash asks for nothing twice. The timer takes the oldest run first.
"""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from shared.domain.objects import RUN, ObjectRef
from shared.domain.result import stamp
from shared.errors import ClaimError
from shared.formats import Bucket, Region

if TYPE_CHECKING:
    from shared.domain.metadata import Sealed

FOLDER = "waiting/"
_NAME = re.compile(rf"waiting/(?P<run>{RUN.pattern})/(?P<object>[0-9a-f]{{64}})", re.ASCII)


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)


def _time(text: str) -> str:
    # Compared with others as text, so no other spelling will do.
    if stamp(_moment(text)) != text:
        raise ValueError("must be a time in UTC, like 2026-01-01T08:00:00Z")
    return text


class WaitingEntry(BaseModel):
    """One object `waiting/<run>/<object id>`."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, defer_build=True)

    #: The run whose folder it lies in; not a part of what is stored.
    run: str = Field("", exclude=True)

    v: Literal[1] = Field(1, description="Version of this format.")
    region: Region = Field(description="The object's region.")
    bucket: Bucket = Field(description="The object's bucket, with its APPID.")
    key: str = Field(min_length=1, description="The object's key.")
    again: bool = Field(
        default=False, description="Whether to check it also if it has a result. That costs one new job."
    )
    by: str = Field("", description="Who asked for it, for people.")
    at: Annotated[str, AfterValidator(_time)] = Field(
        description="When the run began, by COS's clock: UTC, ISO 8601. A newer result fulfils `again`.",
    )

    @property
    def target(self) -> ObjectRef:
        """The object."""
        return ObjectRef(self.region, self.bucket, self.key)

    @property
    def time(self) -> int:
        """When the run began, in seconds since 1970."""
        return int(_moment(self.at).timestamp())

    def is_fulfilled_by(self, sealed: Sealed, written: int) -> bool:
        """Whether that result on the object is what was asked for; `written` is the object's `Last-Modified`.

        Any is, unless it is to be checked again: then one whose job ended later is. Where it has no room to say when,
        it is as old as the object.
        """
        return not self.again or (sealed.result.at or stamp(written)) > self.at


def waiting_name(run: str, target: ObjectRef) -> str:
    """Where the entry for that object lies."""
    return f"{FOLDER}{run}/{target.id}"


def run_of(name: str) -> str:
    """The run that an entry's name says.

    Raises:
        ClaimError: it is no entry's name.
    """
    found = _NAME.fullmatch(name)
    if not found:
        raise ClaimError("does not have the name of a waiting entry; it was left as it is. Remove it")
    return found["run"]


def decode(name: str, body: bytes) -> WaitingEntry:
    """The entry of that name in a stored body.

    Raises:
        ClaimError: it is none, or another object's.
    """
    try:
        entry = WaitingEntry.model_validate_json(body)
    except ValidationError as error:
        raise ClaimError(
            "is not a waiting entry; it was left as it is. Remove it, or find out what wrote it"
        ) from error
    if name != waiting_name(run_of(name), entry.target):
        raise ClaimError("is the waiting entry of another object; it was left as it is. Remove it")
    return entry.model_copy(update={"run": run_of(name)})
