"""Times and sizes, for people."""

from __future__ import annotations

#: Seconds in a second, a minute, an hour, a day; and how many of them make one of the next.
_SPANS = (1, 60, 3600, 86_400)
_SIZES = ("B", "KB", "MB", "GB", "TB")


def duration(seconds: int, units: tuple[str, str, str, str]) -> str:
    """In the largest unit that fits, and the next: `2 h 5 min`."""
    place = max((place for place, span in enumerate(_SPANS) if seconds >= span), default=0)
    whole, rest = divmod(seconds, _SPANS[place])
    below = rest // _SPANS[place - 1] if place else 0
    return f"{whole:,} {units[place]}" + (f" {below} {units[place - 1]}" if below else "")


def size(count: int) -> str:
    """Bytes, in units of 1024 as the settings have them: `12.5 MB`."""
    value, unit = float(count), 0
    while value >= 1023.95 and unit < len(_SIZES) - 1:
        value, unit = value / 1024, unit + 1
    return f"{value:,.1f} {_SIZES[unit]}" if unit else f"{count} B"


def moment(at: str) -> str:
    """A time of the ledger (ISO 8601, UTC) as people write it; whatever else stays as it is."""
    return at.replace("T", " ").removesuffix("Z") if len(at) == len("2026-11-25T08:00:00Z") else at
