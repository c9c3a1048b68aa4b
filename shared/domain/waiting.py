"""The waiting entry: an object that an operator wants checked, written by the command and taken up by the timer.

`waiting/<run>/<object id>`: all that one command asks for has one run, and each object one name in it, so that a
command that is run again after a crash asks for nothing twice. The timer takes the oldest run first.
"""

from __future__ import annotations

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.domain.objects import RUN, ObjectRef
from shared.errors import ClaimError

FOLDER = "waiting/"
_NAME = re.compile(rf"waiting/(?P<run>{RUN.pattern})/(?P<object>[0-9a-f]{{64}})", re.ASCII)
_TIME = r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\Z"


class WaitingEntry(BaseModel):
    """One object `waiting/<run>/<object id>`."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    v: Literal[1] = Field(1, description="Version of this format.")
    region: str = Field(min_length=1, description="The object's region.")
    bucket: str = Field(min_length=1, description="The object's bucket, with its APPID.")
    key: str = Field(min_length=1, description="The object's key.")
    again: bool = Field(False, description="Whether to check it although it has an answer. One new job is paid for.")
    by: str = Field("", description="Who asked for it, for people.")
    at: str = Field(
        pattern=_TIME,
        description="When the run began, by COS's clock: UTC, ISO 8601. An answer that is newer fulfils `again`.",
    )

    @property
    def target(self) -> ObjectRef:
        """The object."""
        return ObjectRef(self.region, self.bucket, self.key)


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
        raise ClaimError("does not have the name of a waiting entry; it was left alone. Remove it")
    return found["run"]


def decode(name: str, body: bytes) -> WaitingEntry:
    """The entry of that name in a stored body.

    Raises:
        ClaimError: it is none, or another object's.
    """
    try:
        entry = WaitingEntry.model_validate_json(body)
    except ValidationError as error:
        raise ClaimError("is not a waiting entry; it was left alone. Remove it, or see what wrote it") from error
    if name != waiting_name(run_of(name), entry.target):
        raise ClaimError("is the waiting entry of another object; it was left alone. Remove it")
    return entry
