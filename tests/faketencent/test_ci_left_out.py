"""What CI may leave out of Input: through the SDK, over both front ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from faketencent.ci import InputField, Place
from tests.faketencent.ci_fixtures import ADDRESS, BUCKET, extraction
from tests.faketencent.sdk import REGION

if TYPE_CHECKING:
    from tests.faketencent.ci_fixtures import World

#: Says the same on every Python.
pytestmark = pytest.mark.once

FULL = {"BucketId": BUCKET, "Object": "a.mp4", "Region": REGION}
PARTS = [
    ([InputField.BUCKET_ID], {"Object": "a.mp4", "Region": REGION}),
    ([InputField.BUCKET_ID, InputField.REGION], {"Object": "a.mp4"}),
    ([InputField.OBJECT], {"BucketId": BUCKET, "Region": REGION}),
]


def inputs(world: World, **fields: str) -> dict[Place, Any]:
    """Submit a job; return its Input wherever a reply shows it."""
    created = world.sdk.ci_create_media_jobs(
        Bucket=BUCKET, Jobs=extraction(**fields), Lst={}, ContentType="application/xml"
    )["JobsDetail"][0]
    listed = world.sdk.ci_list_media_jobs(Bucket=BUCKET, Tag="ExtractDigitalWatermark")["JobsDetail"][0]
    described = world.detail(created["JobId"])
    shown = {Place.CREATED: created, Place.DESCRIBED: described, Place.LISTED: listed}
    return {place: job["Input"] for place, job in shown.items()}


@pytest.mark.parametrize(("fields", "left"), PARTS)
def test_parts_of_the_input_may_be_missing_everywhere(
    any_world: World, fields: list[InputField], left: dict[str, str]
) -> None:
    any_world.ci.left_out.leave_out(*fields)

    shown = inputs(any_world, CallBack=ADDRESS, CallBackFormat="JSON")
    (job_id,) = any_world.ci.jobs
    any_world.ci.finish(job_id)
    any_world.cloud.settle()

    (callback,) = any_world.receiver.requests
    assert [*shown.values(), json.loads(callback.body)["JobsDetail"]["Input"]] == [left] * 4


@pytest.mark.parametrize("place", [Place.CREATED, Place.DESCRIBED, Place.LISTED])
def test_or_at_one_place_only(any_world: World, place: Place) -> None:
    any_world.ci.left_out.leave_out(InputField.BUCKET_ID, at=[place])

    shown = inputs(any_world)

    assert shown == {**dict.fromkeys(shown, FULL), place: {"Object": "a.mp4", "Region": REGION}}


def test_until_nothing_is_left_out_any_more(any_world: World) -> None:
    any_world.ci.left_out.leave_out(InputField.BUCKET_ID)
    any_world.ci.left_out.leave_out()

    shown = inputs(any_world)

    assert shown == dict.fromkeys(shown, FULL)
