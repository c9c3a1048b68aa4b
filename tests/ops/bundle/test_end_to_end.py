"""The main job again, with both functions run from the zip as SCF would run them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.faults import Fault
from shared.domain.claim import GRACE
from tests.ops.bundle.instance import deployed_bundle
from tests.test_end_to_end import (
    test_a_marked_video_ends_with_its_watermark_on_the_object,
    test_an_unmarked_video_ends_with_none,
)
from tests.world import World, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.once

__all__ = [
    "test_a_marked_video_ends_with_its_watermark_on_the_object",
    "test_an_unmarked_video_ends_with_none",
]


@pytest.fixture
def world(python: Path, unzipped: Path) -> Iterator[World]:
    with deployed_bundle(python, unzipped) as world:
        yield world


def test_a_job_whose_submission_was_lost_is_made_up_for_by_the_sweep(world: World) -> None:
    world.cloud.faults.on("CreateMediaJobs", Fault.RESET)
    world.upload("a.mp4", marked_video("Hello_1"))
    world.cloud.settle()

    world.cloud.advance(2 * GRACE)

    assert world.answer("a.mp4") == ("found", "Hello_1")
    assert [len(world.jobs), world.claims] == [1, []]


def test_results_that_wait_in_a_queue_are_fetched(python: Path, unzipped: Path) -> None:
    queue = {"CALLBACK_TYPE": "TDMQ", "MQ_REGION": "bj", "MQ_NAME": "results", "MQ_POLL_WAIT": "0"}
    with deployed_bundle(python, unzipped, **queue) as world:
        waiting = world.cloud.tdmq.backend.create_queue("results", "bj")
        world.upload("a.mp4", marked_video("Hello_1"))
        world.cloud.settle()

        world.tick()

        assert world.answer("a.mp4") == ("found", "Hello_1")
        assert len(waiting) == 0


def test_nothing_but_our_own_lines_is_logged(world: World) -> None:
    world.upload("a.mp4", marked_video("Hello_1"))

    world.cloud.settle()

    lines = [line for run in world.cloud.scf.backend.invocations for line in run.log.splitlines()]
    assert len(lines) == len(world.log) > 0
    assert not any(secret in line for line in lines for secret in (world.settings["SECRET"], "AKID", "token-of"))


def test_running_leaves_the_code_folder_as_it_was(world: World, unzipped: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in unzipped.rglob("*")}
    world.upload("a.mp4", marked_video("Hello_1"))

    world.cloud.settle()

    assert {path: path.stat().st_mtime_ns for path in unzipped.rglob("*")} == before
