"""What varies on the real platform, or is not documented: how long things take, and how they are shown."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import Enum


class CodeHash(Enum):
    """What GetFunctionAddress gives as CodeSha256. The documentation does not say of which bytes it is."""

    OF_THE_ZIP = "of the zip as it was uploaded"
    OF_OTHER_BYTES = "of the code as the platform keeps it"


@dataclass
class Habits:
    """May be changed at any time. All times are in seconds of the cloud's clock.

    Each of `failures` is the reason for which one deployment (creation or update) ends as a failure, oldest first.
    """

    creating: float = 2
    updating: float = 2
    deleting: float = 2
    #: From CreateTrigger until the URL is listed and answers; seen live: some seconds.
    url_delay: float = 2
    #: From CreateTrigger until COS's events arrive; seen live: up to three minutes.
    cos_trigger_delay: float = 0
    code_hash: CodeHash = CodeHash.OF_THE_ZIP
    failures: deque[str] = field(default_factory=deque)
