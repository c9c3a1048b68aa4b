"""Our own write never causes another job, whichever events the trigger is subscribed to."""

from __future__ import annotations

import re

import pytest

from faketencent.scf.cos_event import Dialect, EventNaming, KeyEncoding
from faketencent.scf.cos_trigger import Delivery
from tests.world import deployed, marked_video

#: Says the same on every Python.
pytestmark = pytest.mark.once

KEYS = [
    "clip.mp4",
    "a b/c+d.mp4",
    "100%.mp4",
    "100%25.mp4",
    "%E6%B0%B4.mp4",
    "水印/视频.MP4",
    "🎬.mov",
    "/leading.mp4",
    "a//b.mp4",
    "1250000000/videos/again.mp4",
    "/1250000000/videos/again.mp4",
    "a/../b.mp4",
    "q?x=1#f&g=%2F.mp4",
]


#: A URL that is not percent-encoded cannot be told from one that is, if the key has what looks like an escape.
SPELLINGS = [
    (key, encoding)
    for key in KEYS
    for encoding in KeyEncoding
    if encoding is not KeyEncoding.UNQUOTED or not re.search("%[0-9A-F]{2}", key)
]


@pytest.mark.parametrize(("key", "encoding"), SPELLINGS)
def test_one_upload_is_one_job_and_one_write_and_then_silence(key: str, encoding: KeyEncoding) -> None:
    with deployed(timer=True) as world:
        world.cloud.scf.backend.cos_triggers.dialect = Dialect(key=encoding)
        world.upload(key, marked_video("Hello_1"))

        world.cloud.settle()
        world.cloud.advance(3600)

        assert world.answer(key) == ("found", "Hello_1")
        assert [len(world.jobs), world.writes, world.claims] == [1, 1, []]


@pytest.mark.parametrize("naming", EventNaming, ids=lambda naming: naming.name.lower())
@pytest.mark.parametrize("copies", [1, 3])
def test_duplicated_events_change_nothing(naming: EventNaming, copies: int) -> None:
    with deployed() as world:
        triggers = world.cloud.scf.backend.cos_triggers
        triggers.dialect, triggers.delivery = Dialect(naming=naming), Delivery(copies=copies)
        world.upload("clip.mp4", marked_video("Hello_1"))

        world.cloud.settle()

        assert world.answer("clip.mp4") == ("found", "Hello_1")
        assert [len(world.jobs), world.writes] == [1, 1]


def test_a_copy_without_the_metadata_has_the_answer_that_is_known_and_no_job() -> None:
    with deployed(timer=True) as world:
        world.upload("clip.mp4", marked_video("Hello_1"))
        world.cloud.settle()

        world.upload("copy.mp4", world.get("clip.mp4").body)
        world.cloud.advance(3600)

        assert world.answer("copy.mp4") == ("found", "Hello_1")
        assert world.fields("copy.mp4")["job"] == world.fields("clip.mp4")["job"]
        assert [len(world.jobs), world.writes, world.claims] == [1, 2, []]


def test_where_answers_are_not_to_be_reused_it_is_a_new_video() -> None:
    with deployed(REUSE_ANSWERS="no") as world:
        world.upload("clip.mp4", marked_video("Hello_1"))
        world.cloud.settle()

        world.upload("copy.mp4", world.get("clip.mp4").body)
        world.cloud.settle()

        assert world.answer("copy.mp4") == ("found", "Hello_1")
        assert world.fields("copy.mp4")["job"] != world.fields("clip.mp4")["job"]


def test_new_content_under_an_old_key_with_the_old_metadata_is_checked_anew() -> None:
    with deployed() as world:
        world.upload("clip.mp4", marked_video("Hello_1"))
        world.cloud.settle()

        world.upload("clip.mp4", marked_video("Other_2"), world.get("clip.mp4").headers)
        world.cloud.settle()

        assert world.answer("clip.mp4") == ("found", "Other_2")


def test_several_records_in_one_event_are_all_dealt_with() -> None:
    with deployed() as world:
        world.cloud.scf.backend.cos_triggers.delivery = Delivery(batch=10)
        for n in range(5):
            world.upload(f"{n}.mp4", marked_video(f"Video_{n}", str(n)))

        world.cloud.settle()

        assert [world.answer(f"{n}.mp4") for n in range(5)] == [("found", f"Video_{n}") for n in range(5)]
