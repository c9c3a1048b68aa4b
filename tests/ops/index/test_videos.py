"""The buckets' part of the index: one look at each video that is new, whatever its key is."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ops.index.index import open_index
from ops.index.videos import VideoIndex
from ops.progress import follower
from shared.domain.objects import ObjectRef
from shared.errors import CloudError
from tests.ops.at_work import AtWork, at_work
from tests.ops.ledgers import access_of
from tests.world import BUCKET, REGION, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.index.index import Index

#: Says the same on every Python.
pytestmark = pytest.mark.once

#: At page boundaries: before and after what two units of UTF-16, or bytes as characters, would put elsewhere.
ODD = ["a\n.mp4", "a'\".mp4", "a%00.mp4", "é.mp4", "\ue000.mp4", "\uffff.mp4", "\U00010000.mp4", "😀.mp4", "水/假.mp4"]


@contextmanager
def index_of(stand: AtWork) -> Iterator[tuple[Index, VideoIndex]]:
    access = access_of(stand.operator)
    with open_index(stand.operator.folder / "index.sqlite") as index, patch("ops.tencent.videos._PAGE", "2"):
        yield index, VideoIndex(access, index, follower(quiet=True))


def put(stand: AtWork, *keys: str) -> None:
    for key in keys:
        stand.world.cloud.cos.backend.put(BUCKET, key, marked_video("", key))
    # Nobody is told of them.
    stand.world.cloud.clock._due.clear()


def update(stand: AtWork, prefix: str = "") -> set[str]:
    """The keys that are known after an update."""
    with index_of(stand) as (index, videos):
        videos.update(BUCKET, prefix)
        return {row["key"] for row in index.rows("SELECT key FROM objects")}


def heads(stand: AtWork) -> int:
    """How many objects were looked at since this was asked last."""
    operations = stand.world.cloud.operations()
    stand.world.cloud.journal.clear()
    return operations.count("HeadObject")


def test_each_video_is_looked_at_once_whatever_its_key(stand: AtWork) -> None:
    put(stand, *ODD)

    assert update(stand) == {*ODD}
    assert heads(stand) == len(ODD)
    assert update(stand) == {*ODD}
    assert heads(stand) == 0


@given(
    there=st.sets(st.sampled_from(ODD)), before=st.sets(st.sampled_from(ODD)), prefix=st.sampled_from(["", "a", "水"])
)
@settings(max_examples=25)
def test_what_comes_and_goes_is_followed_below_a_prefix_alone(
    tmp_path_factory: pytest.TempPathFactory, there: set[str], before: set[str], prefix: str
) -> None:
    with at_work(tmp_path_factory.mktemp("x")) as stand:
        put(stand, *before)
        assert update(stand) == before
        for key in before - there:
            stand.world.cloud.cos.backend.delete(BUCKET, key)
        put(stand, *(there - before))
        heads(stand)

        expected = {key for key in before if not key.startswith(prefix)} | {k for k in there if k.startswith(prefix)}
        assert update(stand, prefix) == expected
        assert heads(stand) == len([key for key in there - before if key.startswith(prefix)])


def test_only_what_may_be_checked_by_key_and_size_is_in_it(stand: AtWork) -> None:
    put(stand, "a.mp4", "b.txt", "c.MP4", "tmp/d.mp4", "e.mp4/")
    stand.world.cloud.cos.backend.put(BUCKET, "empty.mp4", b"")
    stand.configure(WATERMARK_EXCLUDE="tmp/**")

    assert update(stand) == {"a.mp4", "c.MP4"}
    stand.configure(WATERMARK_EXCLUDE="*.MP4")
    assert update(stand) == {"a.mp4", "tmp/d.mp4"}


def test_what_is_on_the_object_is_kept(stand: AtWork) -> None:
    stand.world.upload("a.mp4", marked_video("水印"))
    stand.world.cloud.settle()
    put(stand, "b.mp4")
    stand.world.archive("b.mp4")

    with index_of(stand) as (index, videos):
        videos.update(BUCKET)
        rows = {row["key"]: row for row in index.rows("SELECT * FROM objects")}
    assert [rows["a.mp4"][name] for name in ("verdict", "text", "storage", "obstacle")] == [
        "found", "水印", "STANDARD", None,
    ]  # fmt: skip
    assert [rows["b.mp4"][name] for name in ("verdict", "seal", "storage", "obstacle")] == [
        None, None, "ARCHIVE", "archived",
    ]  # fmt: skip


def test_a_video_that_is_written_again_or_archived_is_looked_at_again(stand: AtWork) -> None:
    put(stand, "a.mp4", "b.mp4", "c.mp4")
    update(stand)
    heads(stand)

    stand.world.cloud.advance(1)
    put(stand, "a.mp4")
    stand.world.archive("b.mp4")

    update(stand)
    assert heads(stand) == 2


def test_with_another_name_of_the_fields_all_are_looked_at_again(stand: AtWork) -> None:
    stand.world.upload("a.mp4", marked_video("x"))
    stand.world.cloud.settle()
    update(stand)

    stand.configure(WATERMARK_METADATA_PREFIX="another")

    with index_of(stand) as (index, videos):
        videos.update(BUCKET)
        assert index.one("SELECT seal FROM objects") is None


def test_what_one_look_saw_can_be_kept(stand: AtWork) -> None:
    put(stand, "a.mp4")
    target = ObjectRef(REGION, BUCKET, "a.mp4")
    with index_of(stand) as (index, videos):
        seen = videos.look(target)
        assert seen
        videos.keep(target, seen)
        assert index.one("SELECT etag FROM objects WHERE key = 'a.mp4'") == seen["etag"]
        stand.world.cloud.cos.backend.delete(BUCKET, "a.mp4")
        assert videos.look(target) is None
        videos.keep(target, None)
        assert index.one("SELECT count(*) FROM objects") == 0


def test_a_video_with_a_key_of_the_customers_is_known_by_its_listing(stand: AtWork) -> None:
    prefix = "x-cos-server-side-encryption-customer"
    key = {"key": "MDEyMzQ1Njc4OUFCQ0RFRjAxMjM0NTY3ODlBQkNERUY=", "key-MD5": "U5L61r7jcwdNvT7frmUG8g=="}
    headers = {f"{prefix}-algorithm": "AES256", **{f"{prefix}-{name}": value for name, value in key.items()}}
    stand.world.upload("a.mp4", marked_video("x"), headers)

    assert update(stand) == {"a.mp4"}
    heads(stand)
    update(stand)
    assert heads(stand) == 0
    with index_of(stand) as (index, _):
        assert index.one("SELECT obstacle FROM objects") == "unreadable"


def test_a_bucket_that_is_gone_empties_nothing(stand: AtWork) -> None:
    put(stand, "a.mp4")
    update(stand)
    with index_of(stand) as (index, videos):
        with pytest.raises(CloudError):
            videos.update("other-1250000000")
        with pytest.raises(CloudError):
            videos.look(ObjectRef(REGION, "other-1250000000", "a.mp4"))
        assert index.one("SELECT count(*) FROM objects") == 1
