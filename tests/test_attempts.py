"""The claims of a deployment: where they lie, one job for an object at a time, and strangers among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.ci.models import Progression
from faketencent.cos.buckets import Versioning
from faketencent.cos.models import Cause
from faketencent.faults import Fault
from shared.domain.claim import Held
from shared.domain.outcome import Reason
from tests.world import BUCKET, LEDGER, REGION, SECRET, World, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Says the same on every Python.
pytestmark = pytest.mark.once

HOUR = 3600
SECOND = "second-1250000000"
VIDEO = marked_video("Hello_1")


@pytest.fixture
def world() -> Iterator[World]:
    with deployed(CALLBACK_URL="no") as world:
        yield world


def in_flight(world: World, *keys: str) -> None:
    """Upload videos whose jobs do not end."""
    world.cloud.ci.backend.progression = Progression.MANUAL
    for key in keys:
        world.upload(key, marked_video(key))
    world.cloud.settle()


def not_accepted(world: World, key: str = "clip.mp4") -> None:
    """Upload a video whose job is not accepted."""
    world.cloud.faults.on("CreateMediaJobs", Fault.ERROR_503)
    world.upload(key, VIDEO)
    world.cloud.settle()


def sweep_later(world: World, times: int = 1) -> None:
    """Sweep after an hour, so that every claim is due."""
    for _ in range(times):
        world.cloud.advance(HOUR)
        world.sweep()
        world.cloud.settle()


class TestWhere:
    def test_they_lie_in_the_ledger_and_nothing_of_ours_beside_the_videos(self, world: World) -> None:
        in_flight(world, "clip.mp4")

        assert world.cloud.cos.backend.keys(BUCKET) == ["clip.mp4"]
        assert [len(world.claims), world.claims] == [1, world.cloud.cos.backend.keys(LEDGER)]

    def test_deployments_that_share_a_ledger_have_a_prefix_each(self, world: World) -> None:
        world.cloud.cos.backend.put(LEDGER, "two/claims/not-ours", b"x")
        world.configure(LEDGER_PREFIX="one/")
        world.upload("clip.mp4", VIDEO)
        world.cloud.settle()

        sweep_later(world)

        assert world.answer("clip.mp4") == ("found", "Hello_1")
        assert {name.split("/")[0] for name in world.cloud.cos.backend.keys(LEDGER)} == {"one", "two"}
        assert {line["level"] for line in world.log} == {"INFO"}

    @pytest.mark.parametrize("state", [Versioning.ENABLED, Versioning.SUSPENDED])
    def test_not_in_a_ledger_that_keeps_versions(self, world: World, state: Versioning) -> None:
        world.cloud.cos.backend.bucket(LEDGER).set_versioning(state)
        world.upload("clip.mp4", VIDEO)

        world.cloud.advance(HOUR)

        [line, *_] = world.log
        assert [line["level"], line["error"]] == ["ERROR", "Configuration"]
        assert "WATERMARK_LEDGER_BUCKET" in line["message"]
        assert world.jobs == []
        # The event is not lost: it went through the platform's retries to where they end.
        assert len(world.cloud.scf.backend.dead_letters) == 1

    def test_claims_of_all_video_buckets_are_swept(self, world: World) -> None:
        world.cloud.cos.backend.create_bucket(SECOND, REGION)
        world.cloud.ci.backend.bind_bucket(SECOND)
        world.cloud.scf.backend.add_cos_trigger("submit", SECOND)
        world.buckets = (BUCKET, SECOND)
        world.configure()
        for bucket in world.buckets:
            world.cloud.cos.backend.put(bucket, "clip.mp4", VIDEO)
        world.cloud.settle()

        sweep_later(world)

        assert [job.bucket for job in world.jobs] == [BUCKET, SECOND]
        for bucket in world.buckets:
            assert "x-cos-meta-watermark" in world.cloud.cos.backend.get(bucket, "clip.mp4").headers
        assert world.claims == []


class TestOneJobForAnObjectAtATime:
    def test_an_upload_that_replaces_one_whose_job_runs_is_held_until_that_has_ended(self, world: World) -> None:
        in_flight(world, "clip.mp4")
        world.cloud.ci.backend.start(world.jobs[0].id)
        world.cloud.advance(60)

        world.upload("clip.mp4", VIDEO)
        world.cloud.settle()

        assert len(world.jobs) == 1
        assert sorted(str(attempt.held) for attempt in world.attempts()) == [str(Held.ANOTHER), "None"]
        sweep_later(world, 3)
        assert len(world.jobs) == 1

        world.cloud.ci.backend.finish(world.jobs[0].id)
        world.cloud.ci.backend.progression = Progression.IMMEDIATE
        sweep_later(world, 3)
        assert world.answer("clip.mp4") == ("found", "Hello_1")
        assert [len(world.jobs), world.claims] == [2, []]

    def test_of_many_uploads_while_a_job_runs_only_the_last_is_paid_for(self, world: World) -> None:
        in_flight(world, "clip.mp4")
        world.cloud.ci.backend.start(world.jobs[0].id)
        for number in range(5):
            world.cloud.advance(60)
            world.upload("clip.mp4", marked_video(f"Edit_{number}"))
            world.cloud.settle()

        world.cloud.ci.backend.finish(world.jobs[0].id)
        world.cloud.ci.backend.progression = Progression.IMMEDIATE
        sweep_later(world, 4)

        assert world.answer("clip.mp4") == ("found", "Edit_4")
        assert [len(world.jobs), world.claims] == [2, []]
        reasons = sorted(record.reason.value for record in world.records if record.reason)
        assert reasons == ["replaced"] * 5

    def test_an_event_that_comes_twice_finds_its_claim(self, world: World) -> None:
        in_flight(world, "clip.mp4")
        stored = world.get("clip.mp4")
        world.cloud.cos.backend.notify("cos:ObjectCreated:Put", stored, Cause("Put"))

        world.cloud.settle()

        assert [line.get("reason") for line in world.log] == [None, Reason.IN_FLIGHT.value]
        assert len(world.jobs) == 1


class TestStrangers:
    """Only our roles and the operator write there; what is none of ours is named and left alone."""

    RUBBISH = (b"", b"{}", b"\xff", b'{"v": 1}')

    @pytest.mark.parametrize("body", RUBBISH)
    @pytest.mark.parametrize("name", [f"{'0' * 64}/{'1' * 64}/000001", "note.txt", "copy of a claim"])
    def test_an_object_that_is_no_claim_is_logged_by_name_and_left_alone(
        self, world: World, name: str, body: bytes
    ) -> None:
        world.cloud.cos.backend.put(LEDGER, f"claims/{name}", body)
        world.upload("clip.mp4", VIDEO)
        world.cloud.settle()

        sweep_later(world)

        [line] = [line for line in world.log if line["event"] == "sweep" and line["level"] == "ERROR"]
        assert [line["error"], line["detail"]] == ["Claim", f"claims/{name}"]
        assert f"{LEDGER}/claims/{name}" in line["message"]
        assert world.claims == [f"claims/{name}"]
        assert world.answer("clip.mp4") == ("found", "Hello_1")

    def test_one_that_is_filed_under_an_object_holds_it_back_and_is_named(self, world: World) -> None:
        # Whether somebody else has a job for the object cannot be known: nothing is paid for twice.
        not_accepted(world)
        folder = world.claims[0].rsplit("/", 2)[0]
        world.cloud.cos.backend.put(LEDGER, f"{folder}/{'f' * 64}/000001", b"mine")

        sweep_later(world)
        assert world.jobs == []
        assert any("is not a claim" in line.get("message", "") for line in world.log)

        world.cloud.cos.backend.delete(LEDGER, f"{folder}/{'f' * 64}/000001")
        sweep_later(world, 2)
        assert world.answer("clip.mp4") == ("found", "Hello_1")


class TestRotation:
    def test_work_in_flight_outlives_a_rotation_of_the_secret(self, world: World) -> None:
        in_flight(world, "running.mp4")
        not_accepted(world)

        world.configure(SECRET="the next secret of thirty-two bytes", SECRET_PREVIOUS=SECRET)
        world.cloud.ci.backend.progression = Progression.IMMEDIATE
        world.cloud.ci.backend.finish(world.jobs[0].id)
        sweep_later(world, 2)

        assert world.answer("running.mp4") == ("found", "running.mp4")
        assert world.answer("clip.mp4") == ("found", "Hello_1")
        assert [len(world.jobs), world.claims] == [2, []]

    def test_even_without_the_previous_secret_a_job_that_the_claim_names_is_brought_to_its_end(
        self, world: World
    ) -> None:
        in_flight(world, "running.mp4")

        world.configure(SECRET="the next secret of thirty-two bytes")
        world.cloud.ci.backend.finish(world.jobs[0].id)
        sweep_later(world)

        assert world.answer("running.mp4") == ("found", "running.mp4")
        assert [len(world.jobs), world.claims] == [1, []]
