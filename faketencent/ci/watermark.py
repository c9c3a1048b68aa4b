"""The fake's digital watermark: text that is really in the video's bytes, and is read from nowhere else.

The real watermark lies in the pictures. This one is a `uuid` box, the extension box that ISO/IEC 14496-12
gives to anyone and that players skip, at the end of the file at top level, so that no offset in it moves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from faketencent.ci.boxes import HEADER, boxes

if TYPE_CHECKING:
    from faketencent.ci.boxes import Box

#: Marks a `uuid` box as ours.
MARK = UUID("6f0f6c6e-5d4e-4b5a-9d5c-3b1f1e0c7a21").bytes


class NotAVideoError(ValueError):
    """These bytes are not a whole MP4 file."""


def is_mp4(video: bytes) -> bool:
    """Whether the bytes are a whole MP4 file: `ftyp` first, a `moov`, and no box cut off."""
    found = boxes(video)
    kinds = [box.kind for box in found]
    return kinds[:1] == [b"ftyp"] and b"moov" in kinds and found[-1].end == len(video)


def extract(video: bytes) -> str:
    """The watermark in the video; empty when there is none, whatever the bytes are."""
    marks = [box for box in boxes(video) if _is_mark(video, box)]
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
    return _without_mark(video) + HEADER.pack(HEADER.size + len(payload), b"uuid") + payload


def _without_mark(video: bytes) -> bytes:
    marked = bytearray(video)
    found = boxes(video)
    last = found[-1]
    # A last box may say 0 for "to the end of the file"; with a box behind it, it must say its size.
    if HEADER.unpack_from(video, last.start)[0] == 0:
        HEADER.pack_into(marked, last.start, last.end - last.start, last.kind)
    for box in found:
        if _is_mark(video, box):
            # Freed, not cut out: what lies behind it stays at the offset where the file's index has it.
            marked[box.start + 4 : box.start + 8] = b"free"
    return bytes(marked[: last.start] if _is_mark(video, last) else marked)


def _is_mark(video: bytes, box: Box) -> bool:
    return box.kind == b"uuid" and video[box.body : min(box.end, box.body + len(MARK))] == MARK
