"""How things stand: `status.json` in the ledger after each tick, and a line in the log if there is something to say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from faketencent.ci.models import Progression
from faketencent.faults import Fault
from faketencent.refusals import INVALID_ARGUMENT
from shared.digest import code_digest, settings_digest
from shared.domain.status import Status
from shared.settings import read_settings
from tests.asking import ask, waiting
from tests.direct import direct
from tests.world import LEDGER, World, deployed, marked_video, new_containers

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Says the same on every Python.
pytestmark = pytest.mark.once

MINUTE, HOUR, DAY = 60, 3600, 86_400


@pytest.fixture
def world() -> Iterator[World]:
    """A deployment whose jobs move by hand."""
    with deployed() as world, direct(world.cloud):
        world.cloud.ci.backend.progression = Progression.MANUAL
        yield world


def upload(world: World, *keys: str) -> None:
    for key in keys:
        world.upload(key, marked_video(key, key))
    world.cloud.settle()


def status(world: World) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(world.kept("status.json"))
    return told


def lines(world: World) -> int:
    return sum(line["event"] == "sweep_done" for line in world.log)


class TestTheStatus:
    def test_of_a_deployment_with_nothing_to_do(self, world: World) -> None:
        world.sweep()

        settings = read_settings(world.variables)
        assert status(world) == {
            "v": 1,
            "at": "2026-01-01T00:00:00Z",
            "code": code_digest(),
            "settings": settings_digest(settings),
            "in_flight": 0,
            "oldest": 0,
            "held": {},
            "looked_at": 0,
            "complete": True,
            "waiting": 0,
        }

    def test_of_one_with_everything(self, world: World) -> None:
        world.configure(MAX_JOBS_PER_DAY="2")
        upload(world, "a.mp4", "b.mp4", "c.mp4")
        world.cloud.advance(HOUR)
        ask(world, "d.mp4", "e.mp4")
        world.cloud.cos.backend.put(LEDGER, "paused", b'{"by": "ada", "at": "2026-01-01T00:59:00Z", "why": "budget"}')

        world.sweep()

        told = status(world)
        assert (told["at"], told["in_flight"], told["oldest"], told["looked_at"]) == (
            "2026-01-01T01:00:00Z", 3, HOUR, 3,
        )  # fmt: skip
        assert (told["waiting"], told["jobs_today"], told["limit"], told["complete"]) == (2, 2, 2, True)
        assert told["paused"] == {"by": "ada", "at": "2026-01-01T00:59:00Z", "why": "budget"}
        # Why a claim is held is known once it was looked at, and has not changed since.
        for _ in range(2):
            world.cloud.advance(HOUR)
            world.sweep()
        assert status(world)["held"] == {"paused": 1}

    def test_names_a_refusal_while_it_stands(self, world: World) -> None:
        world.cloud.faults.on("CreateMediaJobs", INVALID_ARGUMENT, times=2)
        upload(world, "a.mp4")
        world.cloud.advance(HOUR)
        world.sweep()
        assert "400 InvalidArgument" in status(world)["refusal"]

        world.cloud.advance(HOUR)
        world.sweep()

        assert ("refusal" in status(world), len(world.jobs)) == (False, 1)

    def test_names_it_no_longer_than_an_hour_if_nobody_tries(self, world: World) -> None:
        world.cloud.faults.on("CreateMediaJobs", INVALID_ARGUMENT, times=None)
        upload(world, "a.mp4")
        world.cloud.advance(HOUR)
        world.sweep()
        assert "refusal" in status(world)
        world.cloud.cos.backend.delete("videos-1250000000", "a.mp4")
        world.cloud.advance(HOUR)

        world.sweep()

        assert ("refusal" in status(world), world.claims) == (False, [])

    def test_of_a_tick_that_could_not_see_all_says_so(self, world: World) -> None:
        upload(world, "a.mp4")
        world.cloud.faults.when(lambda call: call.request.params.get("prefix") == "claims/", Fault.ERROR_403)

        world.sweep()

        assert (status(world)["complete"], status(world)["in_flight"]) == (False, 0)

    def test_that_cannot_be_written_keeps_nothing_from_its_end(self, world: World) -> None:
        upload(world, "a.mp4")
        ask(world, "a.mp4")
        world.cloud.faults.when(lambda call: call.key == "status.json", Fault.ERROR_403, times=None)

        world.sweep()

        assert waiting(world) == []
        assert [line["detail"] for line in world.log if line.get("outcome") == "failed"] == ["the status in the ledger"]

    def test_is_written_by_each_tick_that_knows_the_time(self, world: World) -> None:
        world.sweep()
        world.cloud.advance(MINUTE)
        world.sweep()
        assert status(world)["at"] == "2026-01-01T00:01:00Z"
        upload(world, "a.mp4")
        world.cloud.advance(HOUR)
        world.cloud.faults.on("GetBucketVersioning", Fault.ERROR_403)

        summary = world.sweep()

        # The ledger told it; the claims were looked at all the same.
        assert (summary["in_flight"], status(world)["at"]) == (1, "2026-01-01T00:01:00Z")

    def test_has_every_field_described(self) -> None:
        assert all(field.description for field in Status.model_fields.values())


class TestTheLine:
    def test_comes_once_an_hour_while_nothing_is_in_flight(self, world: World) -> None:
        for _ in range(2 * 12):
            world.sweep()
            world.cloud.advance(5 * MINUTE)

        assert lines(world) == 2

    def test_comes_with_each_tick_while_something_is(self, world: World) -> None:
        upload(world, "a.mp4")

        for _ in range(10):
            world.sweep()
            world.cloud.advance(MINUTE)
        assert lines(world) == 10
        world.cloud.ci.backend.finish(world.jobs[0].id)
        world.cloud.settle()
        for _ in range(10):
            world.sweep()
            world.cloud.advance(MINUTE)

        assert lines(world) == 10

    def test_comes_with_the_first_tick_of_a_container(self, world: World) -> None:
        world.sweep()
        new_containers()
        world.sweep()

        assert lines(world) == 2
