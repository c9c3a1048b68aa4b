"""What an operator leaves out by key and size, and in which words."""

from __future__ import annotations

import pytest

from shared.domain.choice import why_unchecked
from shared.domain.outcome import Reason
from tests.shared.samples import settings

CHOSEN = {"INCLUDE": "uploads/**, in/*.mp4", "EXCLUDE": "**/tmp/**,**/*.part.mp4", "MAX_SIZE": "1KB"}


@pytest.mark.parametrize(
    ("key", "size", "reason"),
    [
        ("uploads/a.mp4", 1024, None),
        ("uploads/a.mp4", None, None),
        ("uploads/x/y/a.MOV", 1, None),
        ("in/a.mp4", 1, None),
        ("in/x/a.mp4", 1, Reason.EXCLUDED),
        ("a.mp4", 1, Reason.EXCLUDED),
        ("Uploads/a.mp4", 1, Reason.EXCLUDED),
        ("uploads/tmp/a.mp4", 1, Reason.EXCLUDED),
        ("uploads/a.part.mp4", 1, Reason.EXCLUDED),
        ("uploads/a.mp4", 1025, Reason.TOO_LARGE),
        ("uploads/a.mp4", 0, Reason.EMPTY),
        ("uploads/a.txt", 1, Reason.NOT_A_VIDEO),
        ("uploads/a.mp4/", 1, Reason.FOLDER),
    ],
)
def test_what_is_chosen_by_key_and_size(key: str, size: int | None, reason: Reason | None) -> None:
    assert why_unchecked(key, size, settings(**CHOSEN)) is reason


@pytest.mark.parametrize(
    ("key", "size", "reason"),
    [
        ("tmp/x/", 0, Reason.FOLDER),
        ("tmp/a.txt", 0, Reason.NOT_A_VIDEO),
        ("tmp/a.txt", 4096, Reason.NOT_A_VIDEO),
        ("tmp/a.mp4", 0, Reason.EXCLUDED),
        ("tmp/a.mp4", 4096, Reason.EXCLUDED),
    ],
)
def test_of_several_reasons_the_first_is_told(key: str, size: int, reason: Reason) -> None:
    assert why_unchecked(key, size, settings(**CHOSEN)) is reason


def test_without_a_choice_every_video_of_any_size_is_checked() -> None:
    assert why_unchecked("x/tmp/a.mp4", 50 * 1024**4, settings()) is None


def test_what_is_excluded_need_not_be_included_first() -> None:
    assert why_unchecked("raw/a.mp4", 1, settings(EXCLUDE="raw/**")) is Reason.EXCLUDED
    assert why_unchecked("new/a.mp4", 1, settings(EXCLUDE="raw/**")) is None


@pytest.mark.parametrize(
    ("key", "size", "reason"),
    [
        ("a", 1, None),
        ("a.txt", 1, None),
        ("a.mp4", 1, None),
        ("a/", 1, Reason.FOLDER),
        ("a", 0, Reason.EMPTY),
    ],
)
def test_with_any_suffix_all_but_folders_and_the_empty_are_videos(key: str, size: int, reason: Reason | None) -> None:
    assert why_unchecked(key, size, settings(SUFFIXES="*")) is reason
