"""An event of COS may have several records: one that fails keeps no other from its job, and the event comes again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from ops.checkout import ROOT
from shared.use_cases import submit
from tests.channels import slowly
from tests.world import World, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Says the same on every Python.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("short_way")]

SAMPLE = (ROOT / "events" / "upload" / "put.json").read_text(encoding="utf-8")
KEY = json.loads(SAMPLE)["Records"][0]["cos"]["cosObject"]["key"].split("/", 3)[3]


@pytest.fixture
def world() -> Iterator[World]:
    with deployed() as world:
        yield world


def record(key: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SAMPLE.replace(KEY, key))["Records"][0]
    return found


def error_of(world: World, *records: dict[str, Any]) -> str:
    """What the run of `submit` ended with; the videos are there, their own events are still on their way."""
    for key in ("a.mp4", "b.mp4"):
        world.upload(key, marked_video(key))
    return world.cloud.scf.backend.invoke("submit", {"Records": [*records]}).error


def submitted(world: World) -> list[str]:
    return [job.request.key for job in world.jobs]


def test_one_that_cannot_be_read_fails_the_run_after_the_others_were_submitted(world: World) -> None:
    unreadable = {**record("a.mp4"), "cos": {}}

    assert "1 of 2 records are neither done nor claimed" in error_of(world, unreadable, record("b.mp4"))
    assert submitted(world) == ["b.mp4"]


def test_so_does_one_that_brings_out_a_bug(world: World) -> None:
    real = submit.submit

    def broken(event: Any, *rest: Any) -> Any:  # noqa: ANN401 - handed on
        if "a.mp4" in str(event):
            raise RuntimeError("a bug")
        return real(event, *rest)

    with patch("functions.submit.submit", broken):
        assert "1 of 2 records are neither done nor claimed" in error_of(world, record("a.mp4"), record("b.mp4"))
    assert submitted(world) == ["b.mp4"]
    assert any("a bug" in line.get("trace", "") for line in world.log)


def test_the_event_comes_again_if_time_runs_out(world: World) -> None:
    world.cloud.scf.backend.update_function("submit", timeout=20)
    slowly(world, "CreateMediaJobs", 15)

    assert "time ran out after 1 records of the event" in error_of(world, record("a.mp4"), record("b.mp4"))
    assert submitted(world) == ["a.mp4"]
