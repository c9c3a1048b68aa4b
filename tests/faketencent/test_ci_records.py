"""Jobs that CI forgets, or shows in no list: through the SDK, over both front ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.ci import Progression
from faketencent.ci.models import IllegalTransitionError
from tests.faketencent.ci_fixtures import BUCKET

if TYPE_CHECKING:
    from tests.faketencent.ci_fixtures import World

#: Says the same on every Python.
pytestmark = pytest.mark.once


class TestForgetting:
    def test_a_forgotten_job_does_not_exist_until_it_is_known_again(self, any_world: World) -> None:
        ci = any_world.ci
        first, second = any_world.submit(), any_world.submit()

        ci.forget(first)
        reply = any_world.sdk.ci_get_media_jobs(Bucket=BUCKET, JobIDs=f"{first},{second}")
        assert (reply["NonExistJobIds"], len(reply["JobsDetail"])) == (first, 1)
        assert any_world.listed() == [second]

        ci.remember(first)
        reply = any_world.sdk.ci_get_media_jobs(Bucket=BUCKET, JobIDs=f"{first},{second}")
        assert [job["JobId"] for job in reply["JobsDetail"]] == [first, second]
        assert any_world.listed() == [second, first]
        assert list(ci.jobs) == [first, second]

    @pytest.mark.parametrize("started", [True, False])
    def test_an_unfinished_one_goes_on_from_where_it_was(self, any_world: World, *, started: bool) -> None:
        job_id = any_world.submit()
        if started:
            any_world.ci.start(job_id)
        any_world.ci.progression = Progression.TIMED
        any_world.ci.forget(job_id)
        any_world.cloud.advance(3600)

        any_world.ci.remember(job_id)
        any_world.cloud.advance(3600)
        assert any_world.detail(job_id)["State"] == "Success"

    def test_it_goes_on_once_if_it_was_gone_for_a_moment(self, any_world: World) -> None:
        any_world.ci.progression = Progression.TIMED
        job_id = any_world.submit()
        any_world.ci.forget(job_id)
        any_world.ci.remember(job_id)

        any_world.cloud.advance(3600)
        assert any_world.detail(job_id)["State"] == "Success"

    def test_only_what_was_forgotten_can_be_remembered(self, any_world: World) -> None:
        job_id = any_world.submit()
        with pytest.raises(IllegalTransitionError):
            any_world.ci.remember(job_id)


class TestHiding:
    def test_a_hidden_job_is_in_no_list_but_exists(self, any_world: World) -> None:
        job_id, other = any_world.submit(), any_world.submit()

        any_world.ci.hide(job_id)
        assert any_world.listed() == [other]
        assert any_world.detail(job_id)["JobId"] == job_id

        any_world.ci.show(job_id)
        assert any_world.listed() == [other, job_id]

    def test_also_not_in_the_list_of_its_object(self, any_world: World) -> None:
        job_id = any_world.submit()
        assert job_id in any_world.send("GET", "/jobs?inputObject=a.mp4").text

        any_world.ci.hide(job_id)
        assert job_id not in any_world.send("GET", "/jobs?inputObject=a.mp4").text

    def test_it_may_be_hidden_for_a_while(self, any_world: World) -> None:
        job_id = any_world.submit()
        any_world.ci.hide(job_id, seconds=60)

        any_world.cloud.advance(59)
        assert any_world.listed() == []
        any_world.cloud.advance(1)
        assert any_world.listed() == [job_id]

    def test_every_new_job_may_be_late_in_the_lists(self, any_world: World) -> None:
        any_world.ci.records.listed_after = 60
        job_id = any_world.submit()

        any_world.cloud.advance(59)
        assert any_world.listed() == []
        any_world.cloud.advance(1)
        assert any_world.listed() == [job_id]
