"""Whether an object is submitted: decided from what was seen of it, without any I/O."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from shared.domain.choice import why_unchecked

if TYPE_CHECKING:
    from ops.filters import Filters
    from shared.domain.outcome import Reason
    from shared.settings import Settings


class LeftOut(Enum):
    """Why an object is not submitted."""

    GONE = "gone"
    FOLDER = "folder"
    EMPTY = "empty"
    NOT_A_VIDEO = "not_a_video"
    EXCLUDED = "excluded"
    TOO_LARGE = "too_large"
    FILTERED = "filtered"
    ARCHIVED = "archived"
    UNREADABLE = "unreadable"
    NO_CHECKSUM = "no_checksum"
    UNNAMABLE = "unnamable"
    APPENDABLE = "appendable"
    SYMLINK = "symlink"
    ANSWERED = "answered"
    RECORDED = "recorded"
    IN_FLIGHT = "in_flight"
    WAITING = "waiting"
    LIMIT = "limit"

    @property
    def is_refusal(self) -> bool:
        """Whether an object that somebody named is not checked, nor will be, though that was asked for."""
        return self not in _MEANT


#: What was asked for is done, on its way, or was left out by the command itself.
_MEANT = (LeftOut.ANSWERED, LeftOut.IN_FLIGHT, LeftOut.WAITING, LeftOut.FILTERED, LeftOut.LIMIT)


@dataclass(frozen=True)
class Seen:
    """An object, and what there is about it. `size` is `None` if there is no object; `modified` is UTC, ISO 8601."""

    key: str
    size: int | None = None
    modified: str = ""
    obstacle: Reason | None = None
    has_answer: bool = False
    has_record: bool = False
    is_in_flight: bool = False
    waits: bool = False
    waits_again: bool = False


@dataclass(frozen=True)
class Wish:
    """What is asked for of each object. `never`: only videos that were never checked."""

    filters: Filters
    again: bool = False
    never: bool = False


def why_left_out(seen: Seen, wish: Wish, settings: Settings) -> LeftOut | None:  # noqa: PLR0911 - one line a reason
    """Why the object is not submitted, from the first line that applies; `None` if it is."""
    if reason := why_unchecked(seen.key, seen.size, settings):
        return LeftOut(reason.value)
    if seen.size is None:
        return LeftOut.GONE
    if not wish.filters.passes(seen.key, seen.modified, seen.size):
        return LeftOut.FILTERED
    if seen.obstacle:
        return LeftOut(seen.obstacle.value)
    if seen.is_in_flight:
        return LeftOut.IN_FLIGHT
    # An entry without `again` does nothing for an object that has an answer.
    if seen.waits_again or (seen.waits and not (wish.again and seen.has_answer)):
        return LeftOut.WAITING
    if seen.has_answer and not wish.again:
        return LeftOut.ANSWERED
    return LeftOut.RECORDED if wish.never and seen.has_record else None


#: What each means, for people.
WORDS = {
    LeftOut.GONE: "no such object",
    LeftOut.FOLDER: "a folder",
    LeftOut.EMPTY: "empty",
    LeftOut.NOT_A_VIDEO: "not a video, by its name (WATERMARK_SUFFIXES)",
    LeftOut.EXCLUDED: "excluded by WATERMARK_INCLUDE or WATERMARK_EXCLUDE",
    LeftOut.TOO_LARGE: "over WATERMARK_MAX_SIZE",
    LeftOut.FILTERED: "left out by the options of this command",
    LeftOut.ARCHIVED: "archived: restore it first",
    LeftOut.UNREADABLE: "encrypted with a customer's key (SSE-C): it cannot be read",
    LeftOut.NO_CHECKSUM: "without a CRC-64: upload it again",
    LeftOut.UNNAMABLE: "with a key that Cloud Infinite does not accept",
    LeftOut.APPENDABLE: "appendable: COS cannot copy it",
    LeftOut.SYMLINK: "a symbolic link",
    LeftOut.ANSWERED: "with a result: --again pays for one more check",
    LeftOut.RECORDED: "with a record: ./cos-watermark list shows it",
    LeftOut.IN_FLIGHT: "in flight already",
    LeftOut.WAITING: "waiting already",
    LeftOut.LIMIT: "over --limit",
}
