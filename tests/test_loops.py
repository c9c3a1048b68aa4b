"""Replication, and deployments that see each other's writes: no write of ours causes another job for ever."""

from __future__ import annotations

import pytest

from faketencent.cos.buckets import Versioning
from shared.domain.outcome import Reason
from tests.world import BUCKET, REGION, World, deployed, marked_video

#: Says the same on every Python.
pytestmark = pytest.mark.once

COPIES = "copies-1250000000"
HOUR = 3600


def replicated(world: World, *, both_ways: bool) -> None:
    """A second bucket with media processing and a trigger of its own, that gets what is written into the first."""
    cos = world.cloud.cos.backend
    cos.create_bucket(COPIES, REGION, versioning=True)
    # Replication asks for versions in both.
    cos.bucket(BUCKET).set_versioning(Versioning.ENABLED)
    world.buckets = (BUCKET, COPIES)
    world.deny()
    world.cloud.ci.backend.bind_bucket(COPIES)
    world.cloud.scf.backend.add_cos_trigger("submit", COPIES)
    cos.replicate(BUCKET, COPIES, delay=1)
    if both_ways:
        cos.replicate(COPIES, BUCKET, delay=1)


@pytest.mark.parametrize("both_ways", [False, True], ids=["one way", "both ways"])
def test_replication_costs_one_job_for_each_bucket_at_most_and_then_there_is_silence(both_ways: bool) -> None:
    with deployed(timer=True) as world:
        replicated(world, both_ways=both_ways)
        world.upload("clip.mp4", marked_video("Hello_1"))
        world.cloud.advance(3 * HOUR)
        jobs, writes = len(world.jobs), world.writes
        assert jobs <= 2
        assert world.answer("clip.mp4") == ("found", "Hello_1")

        world.cloud.advance(6 * HOUR)

        assert (len(world.jobs), world.writes, world.claims) == (jobs, writes, [])
        copy = world.cloud.cos.backend.get(COPIES, "clip.mp4")
        assert copy.headers["x-cos-meta-watermark"] == "found"


def test_an_answer_that_is_replicated_before_its_copy_is_heard_of_costs_nothing() -> None:
    with deployed(timer=True) as world:
        world.upload("clip.mp4", marked_video("Hello_1"))
        world.cloud.settle()
        replicated(world, both_ways=True)

        world.cloud.cos.backend.rename(BUCKET, "clip.mp4", "film.mp4")
        world.cloud.advance(3 * HOUR)

        assert len(world.jobs) == 1
        assert world.cloud.cos.backend.get(COPIES, "film.mp4").headers["x-cos-meta-watermark"] == "found"


def test_an_object_that_is_appended_to_is_recorded_and_costs_nothing() -> None:
    with deployed(timer=True) as world:
        cos = world.cloud.cos.backend
        for _ in range(3):
            cos.append(BUCKET, "live.mp4", marked_video("Hello_1"))
            world.cloud.advance(60)

        world.cloud.advance(2 * HOUR)

        assert world.jobs == []
        assert {(record.key, record.verdict.value, record.reason) for record in world.records} == {
            ("live.mp4", "skipped", Reason.APPENDABLE)
        }
