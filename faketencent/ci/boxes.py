"""The boxes that an MP4 file is made of (ISO/IEC 14496-12), and what the fake reads in them."""

from __future__ import annotations

import struct
from dataclasses import dataclass

#: Size and kind, with which every box begins.
HEADER = struct.Struct(">I4s")
_LARGE_SIZE = struct.Struct(">Q")
#: Times, time scale and duration of a movie header, by its version; its flags come first.
_MOVIE_HEADERS = {0: struct.Struct(">4xIIII"), 1: struct.Struct(">4xQQIQ")}


@dataclass(frozen=True)
class Box:
    """A whole box: where it starts, where its content does, and where it ends."""

    kind: bytes
    start: int
    body: int
    end: int


def boxes(video: bytes, start: int = 0, end: int | None = None) -> list[Box]:
    """The boxes one behind the other, up to the first that is not whole."""
    end = len(video) if end is None else end
    found = []
    while (box := _box_at(video, start, end)) is not None:
        found.append(box)
        start = box.end
    return found


def seconds(video: bytes) -> float | None:
    """How long the movie header says that it lasts; `None` where there is no such header."""
    for movie in (box for box in boxes(video) if box.kind == b"moov"):
        for header in (box for box in boxes(video, movie.body, movie.end) if box.kind == b"mvhd"):
            return _duration(video[header.body : header.end])
    return None


def tracks(video: bytes) -> int:
    """How many pictures, sounds and texts run side by side in it."""
    movies = (box for box in boxes(video) if box.kind == b"moov")
    return sum(box.kind == b"trak" for movie in movies for box in boxes(video, movie.body, movie.end))


def _duration(header: bytes) -> float | None:
    layout = _MOVIE_HEADERS.get(header[0]) if header else None
    if layout is None or len(header) < layout.size:
        return None
    _, _, scale, duration = layout.unpack_from(header)
    return duration / scale if scale else None


def _box_at(video: bytes, start: int, limit: int) -> Box | None:
    """The box that begins there; None at the end and where no whole box fits."""
    if start + HEADER.size > limit:
        return None
    size, kind = HEADER.unpack_from(video, start)
    body = start + HEADER.size
    if size == 0:
        size = limit - start
    elif size == 1:
        if body + _LARGE_SIZE.size > limit:
            return None
        (size,) = _LARGE_SIZE.unpack_from(video, body)
        body += _LARGE_SIZE.size
    end = start + size
    return Box(kind, start, body, end) if body <= end <= limit else None
