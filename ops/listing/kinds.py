"""What can be listed, and where the index has it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ops.index.schema import RECORD_COLUMNS

_CLAIM_COLUMNS = (
    "upload", "number", "region", "bucket", "key", "crc64", "size", "modified", "since", "written", "job", "held",
    "refused_since", "refusal", "verdict", "text", "code", "unwritten_since", "problem", "chain", "run", "asked_by",
)  # fmt: skip
_OBJECT_COLUMNS = ("bucket", "key", "region", "etag", "modified", "size", "storage", "upload", "crc64", "obstacle")


@dataclass(frozen=True)
class Source:
    """A view or table; `time` and `id` put its rows in an order that stays as it is, whatever comes new."""

    view: str
    time: str
    id: str
    columns: tuple[str, ...]


class Kind(Enum):
    """What a row is about."""

    RESULTS = Source("results", "at", "upload", RECORD_COLUMNS)
    IN_FLIGHT = Source("in_flight", "since", "upload", _CLAIM_COLUMNS)
    #: An entry's name is `waiting/<run>/<object id>`.
    WAITING = Source("waiting", "at", "substr(name, 9)", ("run", "region", "bucket", "key", "again", "by", "at"))
    NEVER = Source("never", "modified", "upload", _OBJECT_COLUMNS)
