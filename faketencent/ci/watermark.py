"""The fake's digital watermark: text that is really in the video's bytes, and is read from nowhere else.

The real watermark lies in the pictures. This one is a `uuid` box, the extension box that ISO/IEC 14496-12
gives to anyone and that players skip, at the end of the file at top level, so that no offset in it moves.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from uuid import UUID

#: Marks a `uuid` box as ours.
MARK = UUID("6f0f6c6e-5d4e-4b5a-9d5c-3b1f1e0c7a21").bytes

_HEADER = struct.Struct(">I4s")
_LARGE_SIZE = struct.Struct(">Q")


class NotAVideoError(ValueError):
    """These bytes are not a whole MP4 file."""


@dataclass(frozen=True)
class _Box:
    kind: bytes
    start: int
    body: int
    end: int


def is_mp4(video: bytes) -> bool:
    """Whether the bytes are a whole MP4 file: `ftyp` first, a `moov`, and no box cut off."""
    boxes = _boxes(video)
    kinds = [box.kind for box in boxes]
    return kinds[:1] == [b"ftyp"] and b"moov" in kinds and boxes[-1].end == len(video)


def extract(video: bytes) -> str:
    """The watermark in the video; empty when there is none, whatever the bytes are."""
    marks = [box for box in _boxes(video) if _is_mark(video, box)]
    return video[marks[-1].body + len(MARK) : marks[-1].end].decode(errors="replace") if marks else ""


def embed(video: bytes, text: str) -> bytes:
    """The video with this watermark instead of any that it had.

    `text` may be anything: the rules of the DigitalWatermark job are the job's, so that a test can put
    into a video what an attacker would.

    Raises:
        NotAVideoError: not a whole MP4 file.
    """
    if not is_mp4(video):
        raise NotAVideoError("not a whole MP4 file")
    payload = MARK + text.encode()
    return _without_mark(video) + _HEADER.pack(_HEADER.size + len(payload), b"uuid") + payload


def _without_mark(video: bytes) -> bytes:
    marked = bytearray(video)
    boxes = _boxes(video)
    last = boxes[-1]
    # A last box may say 0 for "to the end of the file"; with a box behind it, it must say its size.
    if _HEADER.unpack_from(video, last.start)[0] == 0:
        _HEADER.pack_into(marked, last.start, last.end - last.start, last.kind)
    for box in boxes:
        if _is_mark(video, box):
            # Freed, not cut out: what lies behind it stays at the offset where the file's index has it.
            marked[box.start + 4 : box.start + 8] = b"free"
    return bytes(marked[: last.start] if _is_mark(video, last) else marked)


def _is_mark(video: bytes, box: _Box) -> bool:
    return box.kind == b"uuid" and video[box.body : min(box.end, box.body + len(MARK))] == MARK


def _boxes(video: bytes) -> list[_Box]:
    boxes = []
    start = 0
    while (box := _box_at(video, start)) is not None:
        boxes.append(box)
        start = box.end
    return boxes


def _box_at(video: bytes, start: int) -> _Box | None:
    """The box that begins there; None at the end and where no whole box fits."""
    if start + _HEADER.size > len(video):
        return None
    size, kind = _HEADER.unpack_from(video, start)
    body = start + _HEADER.size
    if size == 0:
        size = len(video) - start
    elif size == 1:
        if body + _LARGE_SIZE.size > len(video):
            return None
        (size,) = _LARGE_SIZE.unpack_from(video, body)
        body += _LARGE_SIZE.size
    end = start + size
    return _Box(kind, start, body, end) if body <= end <= len(video) else None
