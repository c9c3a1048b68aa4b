"""Videos for tests and the demo, made on the spot.

`make_video` makes a real clip that any player shows, with PyAV. `tiny_mp4` is an MP4 file by its structure
only, and costs nothing.
"""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av import VideoFrame

_RATE = 25
_SIDE = 24
#: The eight bars of a television test card, as (luma, blue difference, red difference).
_BARS = (
    (180, 128, 128), (162, 44, 142), (131, 156, 44), (112, 72, 58),
    (84, 184, 198), (65, 100, 212), (35, 212, 114), (16, 128, 128),
)  # fmt: skip


def tiny_mp4(content: bytes = b"not a picture", seconds: float = 0) -> bytes:
    """An MP4 file without any track; `content` is what its `mdat` box holds, to tell one from another.

    That it lasts for those seconds is said in its header alone.
    """
    movie_header = struct.pack(">IIIII", 0, 0, 0, 1000, round(seconds * 1000)) + struct.pack(
        ">IH10x", 0x00010000, 0x0100
    )
    movie_header += struct.pack(">9I", 0x00010000, 0, 0, 0, 0x00010000, 0, 0, 0, 0x40000000)
    movie_header += struct.pack(">24xI", 1)
    return b"".join((
        _box(b"ftyp", b"isom", struct.pack(">I", 512), b"isommp41"),
        _box(b"moov", _box(b"mvhd", movie_header)),
        _box(b"mdat", content),
    ))  # fmt: skip


def make_video(seconds: float = 2, width: int = 160, height: int = 120) -> bytes:
    """A silent H.264 clip in MP4: colour bars, and a white square that crosses them once.

    Args:
        seconds: the length.
        width: pixels, even, at least 32.
        height: pixels, even, at least 32.
    """
    import av  # noqa: PLC0415 - large, and only the demo makes real videos

    out = io.BytesIO()
    frames = max(1, round(seconds * _RATE))
    # Without versions and dates in the file, and in one thread, the same PyAV makes the same bytes again.
    with av.open(out, mode="w", format="mp4", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("libx264", rate=_RATE, options={"flags": "+bitexact", "threads": "1"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(frames):
            frame = av.VideoFrame(width, height, "yuv420p")
            _paint(frame, progress=number / frames)
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return out.getvalue()


def _paint(frame: VideoFrame, progress: float) -> None:
    left = int(progress * (frame.width - _SIDE))
    top = (frame.height - _SIDE) // 2
    white = (235, 128, 128)
    for channel, plane in enumerate(frame.planes):
        shrink = frame.width // plane.width
        bars = bytes(_BARS[x * len(_BARS) // plane.width][channel] for x in range(plane.width))
        first, last = left // shrink, (left + _SIDE) // shrink
        crossed = bars[:first] + bytes([white[channel]]) * (last - first) + bars[last:]
        # A row in memory may be longer than the picture is wide.
        bars, crossed = (row.ljust(plane.line_size, b"\0") for row in (bars, crossed))
        square = range(top // shrink, (top + _SIDE) // shrink)
        plane.update(b"".join(crossed if y in square else bars for y in range(plane.height)))


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body
