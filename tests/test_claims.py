"""The claims: where they lie, whose they are, and that nobody can forge them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from faketencent.ci.models import Progression
from faketencent.cos.buckets import Versioning
from faketencent.faults import Fault
from tests.world import BUCKET, CLAIMS, REGION, SECRET, TIMER_PERIOD, World, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator

HOUR = 3600
CLAIMS_BUCKET = "claims-1250000000"
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


def refused(world: World, key: str = "clip.mp4") -> None:
    """Upload a video whose job is not accepted."""
    world.cloud.faults.on("CreateMediaJobs", Fault.ERROR_503)
    world.upload(key, VIDEO)
    world.cloud.settle()


def age(world: World) -> None:
    world.cloud.advance(TIMER_PERIOD)


class TestWhere:
    def test_they_are_no_videos_themselves(self, world: World) -> None:
        world.configure(CLAIMS_PREFIX="in/flight.mp4/")
        world.upload("in/flight.mp4/000001.mp4", VIDEO)

        world.cloud.settle()

        assert world.jobs == []
        assert {line["reason"] for line in world.log} == {"claim"}

    def test_they_may_lie_in_a_bucket_of_their_own(self, world: World) -> None:
        world.cloud.cos.backend.create_bucket(CLAIMS_BUCKET, REGION)
        world.configure(CLAIMS_BUCKET=CLAIMS_BUCKET, CLAIMS_PREFIX="c/")
        world.upload("clip.mp4", VIDEO)
        world.cloud.settle()
        assert [len(world.cloud.cos.backend.keys(bucket)) for bucket in (BUCKET, CLAIMS_BUCKET)] == [1, 1]

        age(world)
        world.sweep()

        assert world.answer("clip.mp4") == ("found", "Hello_1")
        assert world.cloud.cos.backend.keys(CLAIMS_BUCKET) == []

    @pytest.mark.parametrize("state", [Versioning.ENABLED, Versioning.SUSPENDED])
    def test_not_in_a_bucket_that_keeps_versions(self, world: World, state: Versioning) -> None:
        world.cloud.cos.backend.bucket(BUCKET).set_versioning(state)
        world.upload("clip.mp4", VIDEO)

        world.cloud.advance(HOUR)

        [line, *_] = world.log
        assert [line["level"], line["error"]] == ["ERROR", "Configuration"]
        assert "WATERMARK_CLAIMS_BUCKET" in line["message"]
        assert world.jobs == []
        # The event is not lost: it went through the platform's retries to where they end.
        assert len(world.cloud.scf.backend.dead_letters) == 1

    def test_that_is_asked_once_per_container(self, world: World) -> None:
        in_flight(world, "1.mp4", "2.mp4", "3.mp4")

        assert world.cloud.operations().count("GetBucketVersioning") == 1


class TestSeveralBuckets:
    @pytest.fixture(autouse=True)
    def second_bucket(self, world: World) -> None:
        world.cloud.cos.backend.create_bucket(SECOND, REGION)
        world.cloud.ci.backend.bind_bucket(SECOND)
        world.cloud.scf.backend.add_cos_trigger("submit", SECOND)
        world.configure(BUCKETS=f"{BUCKET},{SECOND}")

    def test_all_are_swept(self, world: World) -> None:
        for bucket in (BUCKET, SECOND):
            world.cloud.cos.backend.put(bucket, "clip.mp4", VIDEO)
        world.cloud.settle()
        age(world)

        assert world.sweep()["in_flight"] == 2
        assert [job.bucket for job in world.jobs] == [BUCKET, SECOND]
        for bucket in (BUCKET, SECOND):
            assert "x-cos-meta-watermark" in world.cloud.cos.backend.get(bucket, "clip.mp4").headers

    def test_one_that_cannot_be_listed_does_not_stop_the_others(self, world: World) -> None:
        # Given a bucket in the settings that does not exist any more, before and after one that does
        world.upload("clip.mp4", VIDEO)
        world.cloud.settle()
        age(world)
        world.configure(BUCKETS=f"gone-1250000000,{BUCKET},lost-1250000000")

        summary = world.sweep()

        assert world.answer("clip.mp4") == ("found", "Hello_1")
        assert summary["complete"] is False
        assert [line["detail"] for line in world.log if line.get("code") == "NoSuchBucket"] != []

    def test_an_upload_to_a_bucket_that_is_not_swept_is_refused(self, world: World) -> None:
        world.configure(BUCKETS=BUCKET)
        world.cloud.cos.backend.put(SECOND, "clip.mp4", VIDEO)

        world.cloud.settle()

        assert world.jobs == []
        assert "WATERMARK_BUCKETS" in world.log[-1]["message"]


class TestForgery:
    """Who may upload may be able to write among the claims as well, but has not our secret."""

    RUBBISH = (b"", b"{}", b"\xff", b'{"claim": "{}", "signature": "00"}')

    @pytest.mark.parametrize("body", RUBBISH)
    def test_an_object_that_is_no_claim_is_logged_and_left_alone(self, world: World, body: bytes) -> None:
        key = f"{CLAIMS}{'0' * 64}/000001"
        world.cloud.cos.backend.put(BUCKET, key, body)
        world.cloud.settle()
        age(world)
        world.cloud.journal.clear()

        world.sweep()

        [line] = [line for line in world.log if line["event"] == "sweep"]
        assert [line["level"], line["error"], line["detail"]] == ["ERROR", "ForgedClaim", f"{BUCKET}/{key}"]
        assert set(world.cloud.operations()) == {"GetBucket", "GetObject"}
        assert world.claims == [key]

    @pytest.mark.parametrize("name", ["note.txt", "0/1", f"{'0' * 64}/1", f"{'G' * 64}/000001", f"{'0' * 64}/000001/x"])
    def test_an_object_that_is_not_named_like_a_claim_is_not_even_read(self, world: World, name: str) -> None:
        world.cloud.cos.backend.put(BUCKET, CLAIMS + name, b"x")
        age(world)

        assert world.sweep()["in_flight"] == 0

    def test_a_claim_copied_to_another_place_is_as_good_as_forged(self, world: World) -> None:
        # Given a genuine claim on one video, put where the claim on another would be
        refused(world)
        [genuine] = world.claims
        planted = f"{CLAIMS}{'0' * 64}/000001"
        world.cloud.cos.backend.put(BUCKET, planted, world.get(genuine).body)
        age(world)

        world.sweep()
        world.cloud.settle()
        age(world)
        world.sweep()

        assert world.answer("clip.mp4") == ("found", "Hello_1")
        assert world.claims == [planted]
        assert {line["detail"] for line in world.log if line.get("error") == "ForgedClaim"} == {f"{BUCKET}/{planted}"}

    PLANTS = (
        b"mine",
        b"<Error><Code>NoSuchKey</Code></Error>",
        b"<Error><Code>SlowDown</Code></Error>",
        b"x" * 1_100_000,
    )

    @pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: repr(plant[:32]))
    @pytest.mark.parametrize("storage_class", ["STANDARD", "ARCHIVE"])
    def test_nothing_planted_in_the_place_of_a_claim_keeps_a_video_unchecked(
        self, world: World, plant: bytes, storage_class: str
    ) -> None:
        # Given a video whose claim's name is known before it is uploaded, because its bytes are
        in_flight(world, "clip.mp4")
        [name] = world.claims
        with deployed() as other:
            other.cloud.cos.backend.put(BUCKET, name, plant, {"x-cos-storage-class": storage_class})
            in_flight(other, "clip.mp4")

            assert len(other.jobs) == 1
            assert b"signature" in other.get(name).body

    @pytest.mark.parametrize("fault", [Fault.MALFORMED, Fault.TRUNCATED])
    def test_a_claim_of_ours_that_is_garbled_on_its_way_is_not_taken_for_forged(
        self, world: World, fault: Fault
    ) -> None:
        in_flight(world, "clip.mp4")
        world.cloud.faults.on("GetObject", fault)

        in_flight(world, "clip.mp4")

        assert len(world.jobs) == 1

    def test_nor_does_a_later_attempt_that_was_planted(self, world: World) -> None:
        # Given a genuine claim without a job, and rubbish in the places of the attempts to come
        refused(world)
        [first] = world.claims
        for attempt in (2, 3, 999_999):
            world.cloud.cos.backend.put(BUCKET, first.replace("000001", f"{attempt:06d}"), b"mine")

        for _ in range(2):
            world.cloud.advance(HOUR)
            world.sweep()
            world.cloud.settle()

        assert world.answer("clip.mp4") == ("found", "Hello_1")
        assert len(world.jobs) == 1

    def test_a_claim_with_a_job_of_somebody_elses_video_is_not_believed_to_be_about_ours(self, world: World) -> None:
        # Given a claim whose signature is right for its text alone
        refused(world)
        [name] = world.claims
        stored = json.loads(world.get(name).body)
        stored["claim"] = stored["claim"].replace("clip.mp4", "film.mp4")
        world.cloud.cos.backend.put(BUCKET, name, json.dumps(stored).encode())
        age(world)

        world.sweep()

        assert world.jobs == []
        assert world.log[-2]["error"] == "ForgedClaim"


class TestRotation:
    def test_work_in_flight_outlives_a_rotation_of_the_secret(self, world: World) -> None:
        in_flight(world, "running.mp4")
        refused(world)

        world.configure(SECRET="the next secret of thirty-two bytes", SECRET_PREVIOUS=SECRET)
        world.cloud.ci.backend.progression = Progression.IMMEDIATE
        world.cloud.ci.backend.finish(world.jobs[0].id)
        for _ in range(2):
            age(world)
            world.sweep()
            world.cloud.settle()

        assert world.answer("running.mp4") == ("found", "running.mp4")
        assert world.answer("clip.mp4") == ("found", "Hello_1")
        assert [len(world.jobs), world.claims] == [2, []]

    def test_without_the_previous_secret_claims_are_strangers_which_the_log_says(self, world: World) -> None:
        refused(world)

        world.configure(SECRET="the next secret of thirty-two bytes")
        age(world)
        world.sweep()

        assert "ForgedClaim" in {line.get("error") for line in world.log}
        assert len(world.claims) == 1
