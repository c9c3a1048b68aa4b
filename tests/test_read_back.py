"""The first write of each container is read back: should COS change what we wrote, everything is paused."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from faketencent.cos import copying
from faketencent.faults import Fault
from shared.domain.claim import Held
from shared.use_cases import write_result
from tests.direct import direct
from tests.world import BUCKET, LEDGER, World, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from faketencent.cos.objects import Properties
    from faketencent.routes import Call

#: Says the same on every Python.
pytestmark = pytest.mark.once

HOUR = 3600
OURS = "x-cos-meta-watermark"


@pytest.fixture
def world() -> Iterator[World]:
    with deployed(timer=True) as world, direct(world.cloud):
        yield world


def upper(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value.upper() if name.startswith(OURS) else value for name, value in headers.items()}


def without_the_seal(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if not name.endswith("-seal")}


def without_any(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if not name.startswith(OURS)}


def encoded_once_more(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value.replace(":", "%3A") if name.startswith(OURS) else value for name, value in headers.items()}


@contextmanager
def changing(change: Callable[[Mapping[str, str]], dict[str, str]]) -> Iterator[None]:
    """A COS that stores other metadata with a copy than it was sent."""
    real = copying.copied_properties

    def changed(source: Any, headers: Any) -> Properties:  # noqa: ANN401 - as the real one
        properties = real(source, headers)
        return replace(properties, headers=change(properties.headers))

    with patch.object(copying, "copied_properties", changed):
        yield


def upload(world: World, key: str) -> None:
    world.upload(key, marked_video(key, key))
    world.cloud.settle()


def at_the_read_back(world: World, act: Callable[[], object]) -> None:
    """Do something right before the object is looked at that was just written."""

    def watch(call: Call) -> None:
        if call.route.operation == "HeadObject" and world.writes:
            world.cloud.watchers.remove(watch)
            act()

    world.cloud.watchers.append(watch)


def paused(world: World) -> bool:
    return world.ledger("paused") != []


def errors(world: World) -> list[dict[str, Any]]:
    return [line for line in world.log if line["event"] == "write" and line["level"] == "ERROR"]


@pytest.mark.parametrize("change", [upper, without_the_seal, without_any, encoded_once_more])
def test_a_write_that_comes_back_changed_pauses_everything(
    world: World, change: Callable[[Mapping[str, str]], dict[str, str]]
) -> None:
    with changing(change):
        upload(world, "a.mp4")
        assert paused(world)
        # Also what the same container gets to see at once.
        upload(world, "b.mp4")
        world.cloud.advance(2 * HOUR)

    assert len(world.jobs) == 1
    assert [attempt.held for attempt in world.attempts("b.mp4")][-1] is Held.PAUSED
    [line] = errors(world)
    assert (line["bucket"], line["key"], "`paused`" in line["message"]) == (BUCKET, "a.mp4", True)


def test_a_write_that_comes_back_as_it_was_sent_pauses_nothing_and_is_the_only_one_to_be_read_back(
    world: World,
) -> None:
    for number in range(3):
        upload(world, f"{number}.mp4")

    assert not paused(world)
    assert errors(world) == []
    looks = [call for call in world.cloud.journal if call.route.operation == "HeadObject"]
    # Each upload: its event, the look again, the callback, the event of our write; and one read back.
    assert len(looks) == 3 * 4 + 1


def test_a_pause_that_somebody_began_before_keeps_its_words(world: World) -> None:
    at_the_read_back(world, lambda: world.cloud.cos.backend.put(LEDGER, "paused", b"budget"))

    with changing(upper):
        upload(world, "a.mp4")

    assert (world.kept("paused"), len(errors(world))) == (b"budget", 1)


def test_an_edit_by_somebody_right_after_it_pauses_nothing_and_the_next_write_is_read_back(world: World) -> None:
    def edit() -> None:
        world.cloud.clock.sleep(1)
        world.upload("a.mp4", world.get("a.mp4").body, {"x-cos-meta-title": "mine"})

    at_the_read_back(world, edit)
    upload(world, "a.mp4")
    assert not paused(world)

    with changing(upper):
        upload(world, "b.mp4")

    assert paused(world)


def test_a_deletion_by_somebody_right_after_it_pauses_nothing_and_the_result_is_recorded_as_written(
    world: World,
) -> None:
    at_the_read_back(world, lambda: world.cloud.cos.backend.delete(BUCKET, "a.mp4"))

    upload(world, "a.mp4")

    assert not paused(world)
    assert (world.record("a.mp4").applied, world.claims) == (True, [])


@pytest.mark.parametrize("fault", [Fault.TIMEOUT_BEFORE, Fault.ERROR_503, Fault.ERROR_403])
def test_a_pause_that_could_not_be_written_is_told_of_and_written_after_the_next_write(
    world: World, fault: Fault
) -> None:
    with changing(upper):
        world.cloud.faults.when(lambda call: call.key == "paused" and call.request.method == "PUT", fault, times=None)
        upload(world, "a.mp4")
        assert not paused(world)
        assert errors(world) != []
        world.cloud.faults.clear()

        upload(world, "b.mp4")

    assert paused(world)


def test_an_object_that_cannot_be_read_back_is_found_by_the_timer_with_its_answer(world: World) -> None:
    at_the_read_back(world, lambda: world.cloud.faults.on("HeadObject", Fault.ERROR_500, times=3))
    upload(world, "a.mp4")
    assert write_result._read_back == []

    world.cloud.advance(HOUR)

    assert (world.record("a.mp4").applied, world.claims, len(world.jobs)) == (True, [], 1)
