"""The main job again, with both functions run from the zip as SCF would run them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.faults import Fault
from faketencent.scf.instances import instances
from faketencent.server import serve
from shared.domain.claim import GRACE
from tests.faketencent.api.scf_client import Scf, in_base64
from tests.ops.bundle.instance import deployed_bundle
from tests.test_end_to_end import (
    test_a_marked_video_ends_with_its_watermark_on_the_object,
    test_an_unmarked_video_ends_with_none,
)
from tests.world import World, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ops.bundle.build import Bundle

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


def test_deployed_through_the_api_it_does_the_same(bundle: Bundle) -> None:
    with deployed() as world:
        _deploy(world, bundle)

        world.upload("a.mp4", marked_video("Hello_1"))
        world.cloud.settle()

        assert world.answer("a.mp4") == ("found", "Hello_1")


def test_so_it_does_in_processes_of_its_own(python: Path, bundle: Bundle) -> None:
    with (
        deployed(SCHEME="http") as world,
        serve(world.cloud) as server,
        instances(world.cloud, server.url, python=python),
    ):
        _deploy(world, bundle)

        world.upload("a.mp4", marked_video("Hello_1"))
        world.cloud.settle()

        assert world.answer("a.mp4") == ("found", "Hello_1")


def _deploy(world: World, bundle: Bundle) -> None:
    scf = Scf(world.cloud.cam.account)
    for function in ("submit", "callback"):
        code = in_base64(bundle.archive.read_bytes())
        scf.ask("UpdateFunctionCode", function, ZipFile=code, Handler=f"{function}.main_handler")
    world.cloud.clock.sleep(2)
    shown = scf.ask("GetFunction", "submit")
    assert (shown["Status"], shown["CodeSize"]) == ("Active", bundle.archive.stat().st_size)
