"""Jobs that wait can be called off: through the SDK, over both front ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from qcloud_cos import CosServiceError

from faketencent.cam import EVERYTHING
from faketencent.ci import JobState
from tests.faketencent.ci_fixtures import ADDRESS, BUCKET, error_of, extraction

if TYPE_CHECKING:
    from tests.faketencent.ci_fixtures import World
    from tests.faketencent.conftest import Connect

#: Says the same on every Python.
pytestmark = pytest.mark.once

DENIAL = {"version": "2.0", "statement": [{"effect": "deny", "action": ["ci:CancelMediaJob"], "resource": ["*"]}]}


def refusal(world: World, *job_ids: str) -> tuple[int, str]:
    """Status and code with which the jobs are not called off."""
    with pytest.raises(CosServiceError) as refused:
        world.cancel(*job_ids)
    return error_of(refused.value)


def test_jobs_that_wait_are_called_off_with_an_empty_reply(any_world: World) -> None:
    ci = any_world.ci
    job_ids = [any_world.submit() for _ in range(10)]
    ci.pause(job_ids[-1])

    assert any_world.cancel(*job_ids) == ""
    assert {job.state for job in ci.jobs.values()} == {JobState.CANCEL}
    assert any_world.detail(job_ids[0])["EndTime"] != "-"


def test_of_more_than_ten_none_is(any_world: World) -> None:
    job_ids = [any_world.submit() for _ in range(11)]

    assert refusal(any_world, *job_ids) == (400, "InvalidArgument")
    assert {job.state for job in any_world.ci.jobs.values()} == {JobState.SUBMITTED}


@pytest.mark.parametrize("step", ["start", "finish", "cancel"])
def test_what_has_started_or_ended_is_not_nor_what_was_named_with_it(any_world: World, step: str) -> None:
    ci = any_world.ci
    waiting, job_id = any_world.submit(), any_world.submit()
    getattr(ci, step)(job_id)
    state = ci.jobs[job_id].state

    assert refusal(any_world, waiting, job_id) == (400, "InvalidArgument")
    assert (ci.jobs[waiting].state, ci.jobs[job_id].state) == (JobState.SUBMITTED, state)


def test_a_cancelled_job_never_runs_and_never_calls_back(any_world: World) -> None:
    job_id = any_world.submit(extraction(CallBack=ADDRESS))
    any_world.cancel(job_id)
    any_world.cloud.settle()

    assert any_world.detail(job_id)["State"] == "Cancel"
    assert not any_world.ci.callbacks


def test_a_job_that_does_not_exist_cannot_be_called_off(any_world: World) -> None:
    assert refusal(any_world, "j1") == (400, "ResourceNotFound")


def test_nor_can_a_forgotten_one(any_world: World) -> None:
    job_id = any_world.submit()
    any_world.ci.forget(job_id)

    assert refusal(any_world, job_id) == (400, "ResourceNotFound")


def test_it_is_not_meant_without_its_parameter(any_world: World) -> None:
    assert any_world.send("PUT", f"/jobs/{any_world.submit()}").status_code == 405
    any_world.cloud.unknown.clear()


def test_who_may_not_is_refused(any_world: World, connect: Connect) -> None:
    any_world.cloud.cam.create_role("submitter", EVERYTHING, DENIAL)
    client = connect(any_world.cloud.cam.assume("submitter"))
    job_id = any_world.submit()

    with pytest.raises(CosServiceError) as refused:
        client.ci_cancel_jobs(Bucket=BUCKET, JobID=job_id)
    assert error_of(refused.value) == (401, "AccessDenied")
    assert any_world.ci.jobs[job_id].state is JobState.SUBMITTED
