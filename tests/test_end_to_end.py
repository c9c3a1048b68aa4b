"""The main job: upload, job, callback, metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.world import World, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def world() -> Iterator[World]:
    with deployed() as world:
        yield world


@pytest.mark.parametrize("callback_format", ["XML", "JSON"])
def test_a_marked_video_ends_with_its_watermark_on_the_object(world: World, callback_format: str) -> None:
    world.configure(CALLBACK_FORMAT=callback_format)
    world.upload("a/b c+d.MP4", marked_video("Hello_1"))

    world.cloud.settle()

    assert world.answer("a/b c+d.MP4") == ("found", "Hello_1")
    assert [len(world.jobs), world.writes, world.claims] == [1, 1, []]


def test_an_unmarked_video_ends_with_none(world: World) -> None:
    world.upload("plain.mp4", marked_video(""))

    world.cloud.settle()

    assert world.answer("plain.mp4") == ("none", "")
