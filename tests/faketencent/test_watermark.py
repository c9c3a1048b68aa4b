"""A watermark is in the bytes of the video, and nowhere else."""

from __future__ import annotations

import io
import struct

import av
import hypothesis.strategies as st
import pytest
from hypothesis import given

from faketencent.ci.watermark import MARK, NotAVideoError, embed, extract, is_mp4
from faketencent.video import make_video, tiny_mp4

#: Says the same on every Python.
pytestmark = pytest.mark.once

#: Any text that can be written as UTF-8.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


def box(kind: bytes, body: bytes, size: int | None = None) -> bytes:
    return struct.pack(">I4s", 8 + len(body) if size is None else size, kind) + body


def large_box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4sQ", 1, kind, 16 + len(body)) + body


def top_level(video: bytes) -> list[bytes]:
    """The kinds of the boxes, none of which is large."""
    kinds, at = [], 0
    while at < len(video):
        size, kind = struct.unpack_from(">I4s", video, at)
        kinds.append(kind)
        at += size
    assert at == len(video)
    return kinds


@given(text=TEXTS)
def test_what_was_embedded_is_extracted(text: str) -> None:
    assert extract(embed(tiny_mp4(), text)) == text


@given(first=TEXTS, second=TEXTS)
def test_a_second_watermark_replaces_the_first(first: str, second: str) -> None:
    twice = embed(embed(tiny_mp4(), first), second)
    assert twice == embed(tiny_mp4(), second)


def test_a_video_without_watermark_has_none() -> None:
    assert extract(tiny_mp4()) == ""


def test_the_video_itself_stays_as_it_is() -> None:
    assert embed(tiny_mp4(), "text").startswith(tiny_mp4())


def test_a_marked_video_still_plays() -> None:
    video = make_video(seconds=0.4)
    with av.open(io.BytesIO(embed(embed(video, "first"), "second")), mode="r") as container:
        assert sum(1 for _ in container.decode(video=0)) == 10


def test_the_mark_is_one_box_that_players_skip() -> None:
    assert top_level(embed(tiny_mp4(), "text")) == [b"ftyp", b"moov", b"mdat", b"uuid"]


def test_an_old_mark_in_the_middle_is_freed_so_that_offsets_stay() -> None:
    # given a marked video to which somebody appended a box
    longer = embed(tiny_mp4(), "old") + box(b"free", b"padding")

    marked = embed(longer, "new")

    assert extract(marked) == "new"
    assert top_level(marked) == [b"ftyp", b"moov", b"mdat", b"free", b"free", b"uuid"]
    assert marked.index(b"padding") == longer.index(b"padding")


def test_a_last_box_without_size_gets_one() -> None:
    video = box(b"ftyp", b"isom") + box(b"moov", b"") + box(b"mdat", b"picture", size=0)
    marked = embed(video, "text")
    assert extract(marked) == "text"
    assert top_level(marked) == [b"ftyp", b"moov", b"mdat", b"uuid"]


def test_a_mark_that_is_a_last_box_without_size_is_found_and_replaced() -> None:
    video = tiny_mp4() + box(b"uuid", MARK + b"old", size=0)
    assert extract(video) == "old"
    assert embed(video, "new") == embed(tiny_mp4(), "new")


def test_boxes_with_large_sizes_are_walked() -> None:
    video = box(b"ftyp", b"isom") + large_box(b"moov", b"") + large_box(b"mdat", b"picture")
    assert extract(embed(video, "text")) == "text"
    assert extract(video + large_box(b"uuid", MARK + b"large")) == "large"


@pytest.mark.parametrize(
    "other",
    [
        box(b"uuid", bytes(16) + b"somebody else's"),
        box(b"uuid", MARK[:-1]),
        box(b"free", MARK + b"text"),
        box(b"udta", box(b"uuid", MARK + b"text")),
        MARK + b"text",
    ],
)
def test_other_boxes_are_no_watermark(other: bytes) -> None:
    assert extract(tiny_mp4() + other) == ""


@given(video=st.binary() | st.binary().map(lambda tail: tiny_mp4() + tail) | st.binary().map(lambda b: MARK + b))
def test_any_bytes_have_a_watermark_or_none(video: bytes) -> None:
    assert isinstance(extract(video), str)


@given(data=st.data())
def test_a_damaged_video_has_a_watermark_or_none(data: st.DataObject) -> None:
    video = bytearray(embed(tiny_mp4(), "text"))
    for at in data.draw(st.lists(st.integers(0, len(video) - 1), max_size=8)):
        video[at] = data.draw(st.integers(0, 255))
    assert isinstance(extract(bytes(video[: data.draw(st.integers(0, len(video)))])), str)


@given(video=st.binary())
def test_bytes_that_are_no_video_cannot_be_marked(video: bytes) -> None:
    assert not is_mp4(video)
    with pytest.raises(NotAVideoError):
        embed(video, "text")


@pytest.mark.parametrize(
    "video",
    [
        b"",
        tiny_mp4()[:-1],
        tiny_mp4() + b"trailing",
        tiny_mp4() + box(b"free", b"", size=7),
        tiny_mp4() + struct.pack(">I4sQ", 1, b"free", 0),
        box(b"ftyp", b"isom"),
        box(b"moov", b"") + box(b"ftyp", b"isom"),
        b"\x1aE\xdf\xa3 matroska",
    ],
)
def test_a_part_of_a_video_is_none(video: bytes) -> None:
    assert not is_mp4(video)
