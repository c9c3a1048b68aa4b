"""A job reads its object when it starts: through the SDK, over both front ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.ci import JobState, Progression
from tests.faketencent.ci_fixtures import BUCKET

if TYPE_CHECKING:
    from tests.faketencent.ci_fixtures import World

#: Says the same on every Python.
pytestmark = pytest.mark.once


def test_what_was_there_before_and_what_comes_later_is_not_seen(any_world: World) -> None:
    job_id = any_world.submit()
    any_world.put_video(text="at the start")
    any_world.ci.start(job_id)
    any_world.put_video(text="later")

    assert any_world.detail(job_id)["State"] == "Running"
    any_world.ci.finish(job_id)
    ended = any_world.detail(job_id)
    assert (ended["State"], ended["Operation"]["ExtractDigitalWatermark"]["Message"]) == ("Success", "at the start")


def test_what_is_deleted_while_the_job_runs_was_read_already(any_world: World) -> None:
    job_id = any_world.submit()
    any_world.ci.start(job_id)
    any_world.sdk.delete_object(Bucket=BUCKET, Key="a.mp4")

    assert any_world.ci.finish(job_id).watermark == "first"
    assert any_world.cloud.cos.backend.keys(BUCKET) == []


def test_what_is_missing_at_the_start_fails_the_job_at_its_end(any_world: World) -> None:
    job_id = any_world.submit()
    any_world.sdk.delete_object(Bucket=BUCKET, Key="a.mp4")
    any_world.ci.start(job_id)
    any_world.put_video(text="too late")

    assert any_world.ci.jobs[job_id].state is JobState.RUNNING
    assert any_world.ci.finish(job_id).code == "ResourceNotFound"


def test_timed_jobs_read_at_their_own_start_too(any_world: World) -> None:
    ci = any_world.ci
    ci.progression = Progression.TIMED
    job_id = any_world.submit()
    any_world.cloud.advance(ci.durations.waiting)
    any_world.put_video(text="later")
    any_world.cloud.advance(ci.durations.running)

    assert ci.jobs[job_id].watermark == "first"
