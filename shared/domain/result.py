"""What a finished job found out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from enum import Enum


class Verdict(Enum):
    """The value of the metadata field `watermark`."""

    FOUND = "found"
    NONE = "none"
    FAILED = "failed"


@dataclass(frozen=True)
class Result:
    """The answer for one content.

    `text` is the watermark exactly as CI returned it: whoever made the video chose it, so it is data and
    nothing else. `code` and `message` are CI's, verbatim, for a failure. `job` is empty when no job ever
    ran. `at` is when the job ended: UTC, ISO 8601.
    """

    verdict: Verdict
    at: str
    job: str = ""
    text: str = ""
    code: str = ""
    message: str = ""

    @classmethod
    def failed(cls, now: float, code: str, message: str) -> Result:
        """The failure of a content for which no job came to an end."""
        return cls(Verdict.FAILED, stamp(datetime.fromtimestamp(now, timezone.utc)), code=code, message=message)

    def supersedes(self, earlier: Verdict | None) -> bool:
        """Whether to write this over an earlier verdict on the same content: only success over failure."""
        if earlier is None:
            return True
        return earlier is Verdict.FAILED and self.verdict is not Verdict.FAILED


def stamp(at: datetime) -> str:
    """A time as it is written into metadata: UTC, ISO 8601, whole seconds."""
    return at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
