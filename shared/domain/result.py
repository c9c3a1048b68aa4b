"""What a finished job found out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from enum import Enum

#: Characters that are kept of each text. A watermark has at most 64
#: (https://www.tencentcloud.com/document/product/1045/49945); what is longer fits onto no object, so that
#: nothing cut is ever written onto one, and claims and records can always be read back.
MAX_TEXT = 4096


class Verdict(Enum):
    """What came of an upload. Only the first three are written onto objects, in the metadata field `watermark`."""

    FOUND = "found"
    NONE = "none"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Result:
    """The answer for one upload.

    `text` is the watermark exactly as CI returned it: the maker of the video chose it, so it is data and
    nothing else. `code` and `message` are CI's, verbatim, for a failure. `job` is empty when no job ever
    ran. `at` is when the job ended: UTC, ISO 8601; empty when nobody knows.
    """

    verdict: Verdict
    at: str = ""
    job: str = ""
    text: str = ""
    code: str = ""
    message: str = ""


def stamp(at: int | datetime) -> str:
    """A time, or seconds since 1970, as it is written into metadata and records: UTC, ISO 8601, whole seconds."""
    moment = datetime.fromtimestamp(at, timezone.utc) if isinstance(at, int) else at.astimezone(timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
