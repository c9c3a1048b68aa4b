"""What docs/operations.md tells an operator to do has the effect that it says."""

from __future__ import annotations

import json

import pytest
from qcloud_cos import CosConfig, CosS3Client

from faketencent.ci import JobState, Progression
from faketencent.faults import Fault
from tests.test_documented_calls import deployment
from tests.world import BUCKET, REGION, SECRET, TIMER_PERIOD, World, marked_video

NEW = "the next secret of thirty-two bytes"
#: WATERMARK_SECRET and WATERMARK_SECRET_PREVIOUS, as deployed before and in each step of a rotation.
ROTATION = [(SECRET, ""), (SECRET, NEW), (NEW, SECRET), (NEW, "")]


def deploy_one(world: World, function: str, secret: str, previous: str) -> None:
    settings = world.variables | {"WATERMARK_SECRET": secret}
    if previous:
        settings["WATERMARK_SECRET_PREVIOUS"] = previous
    world.cloud.scf.backend.update_function(function, environment=settings)


def end_all_jobs(world: World) -> None:
    for job in world.jobs:
        if job.state in (JobState.SUBMITTED, JobState.RUNNING):
            world.cloud.ci.backend.finish(job.id)
    world.cloud.settle()


@pytest.mark.parametrize("order", [("submit", "callback"), ("callback", "submit")], ids="-then-".join)
def test_rotating_the_secret_costs_nothing_whichever_function_is_deployed_first(order: tuple[str, ...]) -> None:
    with deployment() as world:
        world.cloud.ci.backend.progression = Progression.MANUAL
        keys = []
        for step, (secret, previous) in enumerate(ROTATION[1:]):
            for function in order:
                # Jobs are in flight before, between and after, and the timer ticks.
                deploy_one(world, function, secret, previous)
                keys.append(f"{step}-{function}.mp4")
                world.upload(keys[-1], marked_video("Hello_1", keys[-1]))
                world.cloud.advance(TIMER_PERIOD)
                world.sweep()
            # The wait at the end of a step.
            end_all_jobs(world)
            assert world.claims == []

        assert [world.answer(key) for key in keys] == [("found", "Hello_1")] * len(keys)
        assert [line for line in world.log if "error" in line] == []


def without_seal(world: World, key: str) -> None:
    """Remove the seal as the console does: by a copy onto itself."""
    account = world.cloud.cam.account
    config = CosConfig(Region=REGION, SecretId=account.secret_id, SecretKey=account.secret_key)
    headers = world.get(key).headers
    kept = {
        name: value for name, value in headers.items() if name.startswith("x-cos-meta-") and not name.endswith("-seal")
    }
    source = {"Bucket": BUCKET, "Key": key, "Region": REGION}
    client = CosS3Client(config, retry=0)
    client.copy_object(Bucket=BUCKET, Key=key, CopySource=source, CopyStatus="Replaced", Metadata=kept)
    world.cloud.settle()


def test_a_failed_one_is_tried_again_once_its_seal_is_gone() -> None:
    with deployment() as world:
        # Given an object on which a failure is recorded
        world.cloud.ci.backend.progression = Progression.MANUAL
        world.upload("clip.mp4", marked_video("Hello_1"))
        world.cloud.settle()
        world.cloud.ci.backend.fail(world.jobs[-1].id, "Unlucky", "once")
        world.cloud.settle()
        assert world.answer("clip.mp4") == ("failed", "")
        event = [run.event for run in world.cloud.scf.backend.invocations if run.function == "submit"][-1]
        world.cloud.ci.backend.progression = Progression.IMMEDIATE

        # When its event comes again, then nothing happens, as long as it has a seal
        world.cloud.scf.backend.invoke("submit", event)
        world.cloud.settle()
        assert world.answer("clip.mp4") == ("failed", "")

        without_seal(world, "clip.mp4")
        world.cloud.scf.backend.invoke("submit", event)
        world.cloud.settle()
        assert world.answer("clip.mp4") == ("found", "Hello_1")


def test_a_dead_letter_is_replayed_from_its_client_context() -> None:
    with deployment() as world:
        # Given an upload for which not even a claim could be written
        world.upload("clip.mp4", marked_video("Hello_1"))
        world.cloud.faults.on("PutObject", Fault.ERROR_403, times=3)
        world.cloud.advance(TIMER_PERIOD)
        [letter] = world.cloud.scf.backend.dead_letters
        assert world.answer("clip.mp4") == ("", "")

        # When the operator replays it, twice by mistake
        event = json.loads(letter.message["Body"]["ClientContext"])
        for _ in range(2):
            world.cloud.scf.backend.invoke("submit", event)
        world.cloud.settle()

        assert world.answer("clip.mp4") == ("found", "Hello_1")
        assert len(world.jobs) == 2, "the first video's, and one for this one"
