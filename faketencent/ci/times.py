"""Times as CI writes them: Beijing time, the offset without a colon, `-` for not yet."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

_BEIJING_TIME = timezone(timedelta(hours=8))
#: The form of such a text: no other writing of the offset is known to be taken.
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}")

_FORMAT = "%Y-%m-%dT%H:%M:%S%z"


def time_text(at: float | None) -> str:
    """Seconds since 1970 as text."""
    return "-" if at is None else datetime.fromtimestamp(at, _BEIJING_TIME).strftime(_FORMAT)


def time_of(text: str) -> float:
    """Text as seconds since 1970.

    Raises:
        ValueError: the text is no such time.
    """
    return datetime.strptime(text, _FORMAT).astimezone(_BEIJING_TIME).timestamp()
