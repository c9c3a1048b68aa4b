"""What operators leave out costs nothing and leaves nothing behind, however its upload comes to be known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from faketencent.ci import Progression
from faketencent.scf.cos_event import Dialect, KeyEncoding
from tests.world import World, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator

SMALL, LARGE = marked_video("Hello_1"), marked_video("Hello_1") + bytes(2048)
ANSWER = ("found", "Hello_1")
#: The one lets the small video pass, and not the large one.
CHOICE = {"INCLUDE": "uploads/**", "EXCLUDE": "**/tmp/**,**/*.part.mp4", "MAX_SIZE": str(len(SMALL) + 1)}


@pytest.fixture
def world() -> Iterator[World]:
    with deployed(timer=False, **CHOICE) as world:
        yield world


def reasons(world: World) -> list[object]:
    return [line.get("reason") for line in world.log]


def nothing_came_of_it(world: World) -> bool:
    return [world.jobs, world.claims, world.records, world.writes] == [[], [], [], 0]


def calls(world: World) -> list[str]:
    """What was asked of the cloud."""
    return [call.route.operation for call in world.cloud.journal]


@pytest.mark.parametrize(
    ("key", "body", "reason"),
    [
        ("elsewhere/clip.mp4", SMALL, "excluded"),
        ("uploads/tmp/clip.mp4", SMALL, "excluded"),
        ("uploads/clip.mp4", LARGE, "too_large"),
    ],
)
def test_what_is_left_out_takes_no_call(world: World, key: str, body: bytes, reason: str) -> None:
    world.upload(key, body)

    world.cloud.settle()

    assert (reasons(world), calls(world)) == ([reason], [])
    assert nothing_came_of_it(world)


def test_what_is_chosen_is_checked(world: World) -> None:
    world.upload("uploads/clip.mp4", SMALL)

    world.cloud.settle()

    assert world.answer("uploads/clip.mp4") == ANSWER


def submit_without_a_size(world: World) -> None:
    """Give `submit` its last event again, as one that does not tell the size."""
    event: Any = world.cloud.scf.backend.invocations[-1].event
    del event["Records"][0]["cos"]["cosObject"]["size"]
    world.cloud.scf.backend.invoke("submit", event)


def test_where_the_event_does_not_tell_the_size_the_object_does(world: World) -> None:
    world.upload("uploads/clip.mp4", LARGE)
    world.cloud.settle()

    submit_without_a_size(world)

    assert (reasons(world), calls(world)) == (["too_large"] * 2, ["HeadObject"])
    assert nothing_came_of_it(world)


@pytest.mark.parametrize(("include", "answer"), [("raw%20*", ANSWER), ("raw *", ("", ""))])
def test_an_event_that_may_mean_two_keys_is_about_the_one_that_is_there(
    world: World, include: str, answer: tuple[str, str]
) -> None:
    # Neither key nor URL is encoded, so that the key looks as if it were.
    world.cloud.scf.backend.cos_triggers.dialect = Dialect(key=KeyEncoding.UNQUOTED)
    world.configure(INCLUDE=include)

    world.upload("raw%20cut.mp4", SMALL)
    world.cloud.settle()

    assert world.answer("raw%20cut.mp4") == answer
    assert answer == ANSWER or nothing_came_of_it(world)


def test_a_video_that_is_replaced_by_one_that_is_left_out_ends_there(world: World) -> None:
    # Given a video whose job runs
    world.cloud.ci.backend.progression = Progression.MANUAL
    world.upload("uploads/clip.mp4", SMALL)
    world.cloud.settle()
    # When a larger one takes its place
    world.upload("uploads/clip.mp4", LARGE)
    world.cloud.ci.backend.finish(world.jobs[0].id)
    world.cloud.advance(7200)
    world.sweep()

    assert world.answer("uploads/clip.mp4") == ("", "")
    assert (len(world.jobs), world.claims) == (1, [])
    assert [record.unattributed for record in world.records] == ["Hello_1"]
