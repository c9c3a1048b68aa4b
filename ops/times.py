"""Times as people write and read them; inside, all times are seconds since 1970 or text in UTC (ISO 8601)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from shared.errors import ConfigurationError

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}
_SPANS = ((86_400, "days"), (3600, "h"), (60, "min"))
#: The years that have four digits: such times sort as text.
_FIRST, _LAST = (int(datetime(*day, tzinfo=timezone.utc).timestamp()) for day in ((1000, 1, 1), (9999, 12, 31)))
_FORM = "write a time like 2026-11-25T08:00:00Z or 2026-11-25, or how long ago, like 90m, 12h, 7d or 2w"


def parse_time(text: str, now: float, *, utc: bool) -> int:
    """The time that is meant, in seconds since 1970; without a zone it is local, or UTC if that is said.

    Raises:
        ConfigurationError: nobody could mean that.
    """
    ago = re.fullmatch(r"([0-9]{1,6})([smhdw])", text)
    if ago:
        return _within(int(now) - int(ago[1]) * _UNITS[ago[2]])
    if not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ConfigurationError(f"{text!r} is not a time: {_FORM}")
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        return _within(int(_zoned(moment, utc=utc).timestamp()))
    except (ValueError, OverflowError) as error:
        raise ConfigurationError(f"{text!r} is not a time: {_FORM}") from error


def seconds_of(at: str) -> int:
    """The seconds since 1970 of a text in UTC that our own code wrote."""
    return int(datetime.strptime(at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc).timestamp())


def shown(at: str | None, *, utc: bool) -> str:
    """A time in UTC as people read it: local, or with a Z; empty for none. What is no time stays as it is."""
    try:
        moment = datetime.strptime(at or "", "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    except ValueError:
        return at or ""
    return moment.strftime("%Y-%m-%d %H:%M:%SZ") if utc else moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def span(seconds: float) -> str:
    """How long something takes or is, in the largest unit of which there are two."""
    return next((f"{seconds // size:.0f} {name}" for size, name in _SPANS if seconds >= 2 * size), f"{seconds:.0f} s")


def _within(moment: int) -> int:
    """The time, or the first or last that can be written."""
    return min(max(_FIRST, moment), _LAST)


def _zoned(moment: datetime, *, utc: bool) -> datetime:
    if moment.tzinfo is not None:
        return moment
    # A local time that does not exist, or exists twice, is taken as the standard library takes it.
    return moment.replace(tzinfo=timezone.utc) if utc else moment.astimezone()


def day_after(day: str) -> str:
    """The day that follows, both like 2026-11-25."""
    following = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=timezone.utc) + timedelta(days=1)
    return following.strftime("%Y-%m-%d")
