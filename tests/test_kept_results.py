"""A result that cannot be written stays in its claim, with the reason, until it can be; and at last in the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.ci.models import Progression
from faketencent.cos.models import Cause
from faketencent.cos.objects import Lock
from faketencent.cos.storage import Tier
from shared.domain.outcome import Reason
from shared.domain.result import Result, Verdict
from shared.settings import DAY
from tests.world import World, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from shared.domain.claim import Attempt

#: Says the same on every Python.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("short_way")]

HOUR = 3600
VIDEO = marked_video("Hello_1")
#: Leaves no room for even the shortest result, unless our own fields have shorter names.
FULL = {"x-cos-meta-title": "t" * 1895}


@pytest.fixture
def world() -> Iterator[World]:
    with deployed(timer=True) as world:
        yield world


def claim(world: World) -> Attempt:
    """What the one claim says."""
    (attempt,) = world.attempts("clip.mp4")
    return attempt


def bears_a_result(world: World) -> bool:
    return any(name.endswith("-seal") for name in world.get("clip.mp4").headers)


def levels(world: World) -> set[tuple[str, str]]:
    return {(line["level"], line["error"]) for line in world.log if line.get("outcome") == "pending"}


def fill(world: World) -> Callable[[], object]:
    world.upload("clip.mp4", VIDEO, FULL)
    world.cloud.settle()
    return lambda: world.configure(METADATA_PREFIX="w")


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
    pytest.param(fill, "MetadataFull", "shorten the object's own metadata", id="metadata full"),
    pytest.param(archive, "Unwritable", "is archived", id="archived meanwhile"),
    pytest.param(lock, "Blocked", "under retention", id="locked"),
    pytest.param(refuse_copies, "Blocked", "cos-watermark policy", id="copy refused"),
]


@pytest.mark.parametrize(("obstruct", "error", "remedy"), OBSTACLES)
def test_it_is_kept_with_the_reason_and_written_as_soon_as_that_is_possible(
    world: World, obstruct: Callable[[World], Callable[[], object]], error: str, remedy: str
) -> None:
    # Given a result that cannot be written for three hours
    clear = obstruct(world)
    world.cloud.advance(3 * HOUR)

    # Then it is in the claim, whole, with the reason, which the log shows as an error
    kept = claim(world)
    assert kept.result
    assert [kept.result.verdict, kept.result.text] == [Verdict.FOUND, "Hello_1"]
    assert remedy in kept.problem
    assert levels(world) == {("ERROR", error)}
    assert not bears_a_result(world)

    # When the obstacle is gone, it is written, without another job
    clear()
    world.cloud.advance(HOUR)
    assert bears_a_result(world)
    assert [len(world.jobs), world.claims] == [1, []]
    record = world.record("clip.mp4")
    assert [record.applied, record.text, record.reason] == [True, "Hello_1", None]


@pytest.mark.parametrize(("obstruct", "_error", "_remedy"), OBSTACLES)
def test_the_claim_is_written_once_and_not_again_to_say_the_same(
    world: World, obstruct: Callable[[World], Callable[[], object]], _error: str, _remedy: str
) -> None:
    obstruct(world)
    world.cloud.advance(2 * HOUR)
    world.cloud.journal.clear()

    world.cloud.advance(3 * HOUR)

    written = {call.key for call in world.cloud.journal if call.route.operation == "PutObject"}
    assert not [name for name in written if name.startswith("claims/")]
    # Whether its answer is kept is seen to at each look.
    assert {name for name in written if not name.startswith("answers/")} == {"status.json"}


@pytest.mark.parametrize(("obstruct", "_error", "remedy"), OBSTACLES)
def test_after_a_while_it_is_in_the_ledger_alone_and_nothing_is_lost(
    world: World, obstruct: Callable[[World], Callable[[], object]], _error: str, remedy: str
) -> None:
    world.configure(GIVE_UP_AFTER=str(DAY // 2))
    obstruct(world)

    world.cloud.advance(DAY)

    record = world.record("clip.mp4")
    assert [record.applied, record.reason, record.verdict] == [False, Reason.UNWRITABLE, Verdict.FOUND]
    assert [record.text, record.job] == ["Hello_1", world.jobs[0].id]
    assert remedy in (record.problem or "")
    assert [bears_a_result(world), world.claims, len(world.jobs)] == [False, [], 1]


def test_it_does_not_depend_on_ci_any_more(world: World) -> None:
    clear = fill(world)
    world.cloud.advance(HOUR)
    world.cloud.ci.backend.forget(world.jobs[0].id)

    clear()
    world.cloud.advance(HOUR)

    assert bears_a_result(world)
    assert world.jobs == []


def test_it_goes_with_its_upload(world: World) -> None:
    fill(world)
    world.upload("clip.mp4", marked_video("Other_2"))

    world.cloud.advance(2 * HOUR)

    assert world.answer("clip.mp4") == ("found", "Other_2")
    assert world.claims == []


def test_a_failure_that_cannot_be_written_is_kept_as_well(world: World) -> None:
    world.cloud.ci.backend.progression = Progression.MANUAL
    world.upload("clip.mp4", VIDEO, {"x-cos-meta-title": "t" * 1960})
    world.cloud.settle()
    world.cloud.ci.backend.fail(world.jobs[0].id, "InvalidVideo", "not a video")

    world.cloud.advance(3 * HOUR)

    kept = claim(world).result
    assert isinstance(kept, Result)
    assert [kept.verdict, kept.code] == [Verdict.FAILED, "InvalidVideo"]
