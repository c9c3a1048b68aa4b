"""A result that cannot be written stays in its claim, with the reason, until it can be or is no longer wanted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from faketencent.ci.models import Progression
from faketencent.cos.models import Cause
from faketencent.cos.objects import Lock
from faketencent.cos.storage import Tier
from tests.world import BUCKET, World, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

VIDEO = marked_video("Hello_1")
#: Leaves no room for even the shortest result.
FULL = {"x-cos-meta-title": "t" * 1990}
ARCHIVED = {"x-cos-storage-class": "ARCHIVE"}


@pytest.fixture
def world() -> Iterator[World]:
    with deployed(timer=True) as world:
        yield world


def claim(world: World) -> dict[str, Any]:
    """What the one claim says."""
    [key] = world.claims
    stored = json.loads(world.get(key).body)
    said: dict[str, Any] = json.loads(stored["claim"])
    return said


def levels(world: World) -> set[tuple[str, str]]:
    return {(line["level"], line["error"]) for line in world.log if line.get("outcome") == "pending"}


def fill(world: World) -> Callable[[], object]:
    world.upload("clip.mp4", VIDEO, FULL)
    world.cloud.settle()
    return lambda: world.upload("clip.mp4", VIDEO, {"x-cos-meta-title": "short"})


def archive(world: World) -> Callable[[], object]:
    """A lifecycle rule archives the video before its job has ended."""
    world.cloud.ci.backend.progression = Progression.MANUAL
    world.upload("clip.mp4", VIDEO)
    world.cloud.settle()
    world.cloud.ci.backend.finish(world.jobs[0].id)
    world.archive("clip.mp4")
    world.cloud.settle()
    restoration = Tier.EXPEDITED, 1, Cause("Post")
    return lambda: world.cloud.cos.backend.restore(world.get("clip.mp4"), *restoration)


def lock(world: World) -> Callable[[], object]:
    """The video is put under retention while its job runs."""
    world.cloud.ci.backend.progression = Progression.MANUAL
    world.upload("clip.mp4", VIDEO)
    world.cloud.settle()
    cos = world.cloud.cos.backend
    cos.change(world.get("clip.mp4"), lock=Lock.LOCKED)
    world.cloud.ci.backend.finish(world.jobs[0].id)
    world.cloud.settle()
    return lambda: cos.change(world.get("clip.mp4"), lock=Lock.UNLOCKED)


def refuse_copies(world: World) -> Callable[[], object]:
    world.deny("cos:GetObject", resource="*clip.mp4")
    world.upload("clip.mp4", VIDEO)
    world.cloud.settle()
    return world.deny


OBSTACLES = [
    pytest.param(fill, "MetadataFull", "Shorten the object's own metadata", id="metadata full"),
    pytest.param(archive, "Unwritable", "restore it", id="archived meanwhile"),
    pytest.param(lock, "Blocked", "under retention", id="locked"),
    pytest.param(refuse_copies, "Blocked", "cos-watermark policy", id="copy refused"),
]


@pytest.mark.parametrize(("obstruct", "error", "remedy"), OBSTACLES)
def test_it_is_kept_with_the_reason_and_written_as_soon_as_that_is_possible(
    world: World, obstruct: Callable[[World], Callable[[], object]], error: str, remedy: str
) -> None:
    # Given a result that cannot be written for three days
    clear = obstruct(world)
    world.cloud.advance(3 * 3600)

    # Then it is in the claim, whole, with the reason, which the log shows as an error
    kept = claim(world)
    assert [kept["result"]["verdict"], kept["result"]["text"]] == ["found", "Hello_1"]
    assert remedy in kept["problem"]
    assert levels(world) == {("ERROR", error)}
    assert world.answer("clip.mp4") == ("", "")

    # When the obstacle is gone, it is written, without another job
    clear()
    world.cloud.advance(900)
    assert world.answer("clip.mp4") == ("found", "Hello_1")
    assert [len(world.jobs), world.claims] == [1, []]


@pytest.mark.parametrize(("obstruct", "_error", "_remedy"), OBSTACLES)
def test_the_claim_is_not_written_again_to_say_the_same(
    world: World, obstruct: Callable[[World], Callable[[], object]], _error: str, _remedy: str
) -> None:
    obstruct(world)
    world.cloud.journal.clear()

    world.cloud.advance(3 * 3600)

    assert world.cloud.operations().count("PutObject") == 0


def test_it_does_not_depend_on_ci_any_more(world: World) -> None:
    clear = fill(world)
    world.cloud.ci.backend.forget(world.jobs[0].id)

    clear()
    world.cloud.advance(900)

    assert world.answer("clip.mp4") == ("found", "Hello_1")
    assert world.jobs == []


def test_it_goes_with_its_content(world: World) -> None:
    fill(world)
    world.upload("clip.mp4", marked_video("Other_2"))

    world.cloud.advance(900)

    assert world.answer("clip.mp4") == ("found", "Other_2")
    assert world.claims == []


def test_a_failure_that_cannot_be_written_is_kept_as_well(world: World) -> None:
    world.cloud.ci.backend.unbind_bucket(BUCKET)
    world.configure(GIVE_UP_AFTER="600")
    fill(world)

    world.cloud.advance(3 * 3600)

    assert claim(world)["result"]["code"] == "MediaBucketUnBinded"
