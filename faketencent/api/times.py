"""Times as these services show them: without a zone. That it is Beijing's is assumed."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

_BEIJING = timezone(timedelta(hours=8))


def shown_time(at: float) -> str:
    """A time such as `2019-07-10 11:22:27`, from seconds since 1970."""
    return datetime.fromtimestamp(at, _BEIJING).strftime("%Y-%m-%d %H:%M:%S")
