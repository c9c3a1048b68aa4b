"""Whether an object is submitted, from what was seen of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ops.filters import FilterOptions
from ops.submit.decision import WORDS, LeftOut, Seen, Wish, why_left_out
from shared.domain.outcome import Reason
from shared.settings import read_settings
from tests.world import LEDGER, SECRET

#: Says the same on every Python.
pytestmark = pytest.mark.once

SETTINGS = read_settings(
    {
        "WATERMARK_SECRET": SECRET,
        "WATERMARK_LEDGER_BUCKET": LEDGER,
        "WATERMARK_EXCLUDE": "private/**",
        "WATERMARK_MAX_SIZE": "100",
    }
)
VIDEO = Seen("a/b.mp4", 10, "2026-11-25T08:00:00Z")
ANSWERED = replace(VIDEO, has_answer=True, has_record=True)
WISHES = {
    "all": Wish(FilterOptions().read(0, utc=True)),
    "again": Wish(FilterOptions().read(0, utc=True), again=True),
    "never": Wish(FilterOptions().read(0, utc=True), never=True),
    "young": Wish(FilterOptions(newer_than="2026-11-25T08:00:01Z").read(0, utc=True), again=True),
}


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        # What was seen, and what is said to: all, again, never, young (again, and newer than the object)
        (VIDEO, (None, None, None, LeftOut.FILTERED)),
        (Seen("none.mp4"), (LeftOut.GONE,) * 4),
        (Seen("none.txt"), (LeftOut.NOT_A_VIDEO,) * 4),
        (replace(VIDEO, key="a/"), (LeftOut.FOLDER,) * 4),
        (replace(VIDEO, key="private/a.mp4"), (LeftOut.EXCLUDED,) * 4),
        (replace(VIDEO, size=0), (LeftOut.EMPTY,) * 4),
        (replace(VIDEO, size=101), (LeftOut.TOO_LARGE,) * 4),
        (replace(VIDEO, size=100), (None, None, None, LeftOut.FILTERED)),
        (replace(VIDEO, obstacle=Reason.SYMLINK), (LeftOut.SYMLINK,) * 3 + (LeftOut.FILTERED,)),
        (replace(ANSWERED, obstacle=Reason.ARCHIVED), (LeftOut.ARCHIVED,) * 3 + (LeftOut.FILTERED,)),
        (replace(VIDEO, has_record=True), (None, None, LeftOut.RECORDED, LeftOut.FILTERED)),
        (ANSWERED, (LeftOut.ANSWERED, None, LeftOut.ANSWERED, LeftOut.FILTERED)),
        (replace(ANSWERED, is_in_flight=True), (LeftOut.IN_FLIGHT,) * 3 + (LeftOut.FILTERED,)),
        (replace(VIDEO, waits=True), (LeftOut.WAITING,) * 3 + (LeftOut.FILTERED,)),
        # An entry without `again` does nothing for what has an answer
        (replace(ANSWERED, waits=True), (LeftOut.WAITING, None, LeftOut.WAITING, LeftOut.FILTERED)),
        (replace(ANSWERED, waits=True, waits_again=True), (LeftOut.WAITING,) * 3 + (LeftOut.FILTERED,)),
    ],
)
def test_the_first_reason_counts(seen: Seen, expected: tuple[LeftOut | None, ...]) -> None:
    assert tuple(why_left_out(seen, wish, SETTINGS) for wish in WISHES.values()) == expected


@pytest.mark.parametrize("obstacle", [Reason.ARCHIVED, Reason.UNREADABLE, Reason.NO_CHECKSUM, Reason.UNNAMABLE])
def test_what_cannot_be_checked_is_left_out_for_its_own_reason(obstacle: Reason) -> None:
    assert why_left_out(replace(VIDEO, obstacle=obstacle), WISHES["again"], SETTINGS) == LeftOut(obstacle.value)


def test_each_reason_has_its_words_on_one_line_of_a_narrow_terminal() -> None:
    assert set(WORDS) == set(LeftOut)
    assert [words for words in WORDS.values() if len(words) > 60] == []


def test_what_is_asked_for_or_answered_is_refused_to_nobody() -> None:
    meant = {reason for reason in LeftOut if not reason.is_refusal}
    assert meant == {LeftOut.ANSWERED, LeftOut.IN_FLIGHT, LeftOut.WAITING, LeftOut.FILTERED, LeftOut.LIMIT}
