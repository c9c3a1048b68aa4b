"""Videos made on the spot: one that plays, and one that only has the structure."""

from __future__ import annotations

import io

import av
import pytest

from faketencent.ci.watermark import is_mp4
from faketencent.video import make_video, tiny_mp4

#: Says the same on every Python.
pytestmark = pytest.mark.once


def frames(video: bytes) -> list[av.VideoFrame]:
    with av.open(io.BytesIO(video), mode="r") as container:
        return list(container.decode(video=0))


def luma(frame: av.VideoFrame, x: int, y: int) -> int:
    plane = frame.planes[0]
    return bytes(plane)[y * plane.line_size + x]


class TestMakeVideo:
    def test_is_a_playable_mp4_of_that_length_and_size(self) -> None:
        video = make_video(seconds=1, width=96, height=64)

        with av.open(io.BytesIO(video), mode="r") as container:
            assert "mp4" in container.format.name
            stream = container.streams.video[0]
            assert (stream.codec_context.name, stream.width, stream.height) == ("h264", 96, 64)
            assert stream.duration is not None
            assert stream.time_base is not None
            assert stream.duration * stream.time_base == 1
        assert len(frames(video)) == 25

    def test_is_two_seconds_of_160_by_120_unless_told(self) -> None:
        decoded = frames(make_video())
        assert (len(decoded), decoded[0].width, decoded[0].height) == (50, 160, 120)

    @pytest.mark.parametrize("size", [(32, 32), (66, 50), (1280, 720)])
    def test_takes_even_sizes(self, size: tuple[int, int]) -> None:
        (frame,) = frames(make_video(0.04, *size))
        assert (frame.width, frame.height) == size

    def test_shows_a_white_square_that_crosses_colour_bars(self) -> None:
        first, *_, last = frames(make_video())
        # where the square is, and is not, in the beginning and in the end
        assert luma(first, 12, 60) > 220 > luma(last, 12, 60)
        assert luma(last, 140, 60) > 220 > luma(first, 140, 60)
        # from bright to dark
        assert luma(first, 10, 5) > luma(first, 70, 5) > luma(first, 150, 5)

    def test_is_the_same_every_time(self) -> None:
        assert make_video(0.4) == make_video(0.4)


class TestTinyMp4:
    def test_is_an_mp4_by_its_structure(self) -> None:
        assert is_mp4(tiny_mp4())
        assert len(tiny_mp4()) < 200

    def test_differs_with_its_content(self) -> None:
        assert tiny_mp4(b"one") != tiny_mp4(b"two")

    def test_is_recognised_by_ffmpeg(self) -> None:
        with av.open(io.BytesIO(tiny_mp4()), mode="r") as container:
            assert "mp4" in container.format.name
            assert not container.streams
