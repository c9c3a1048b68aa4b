"""The right object and the right job, whatever others do between two of our calls."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from faketencent.ci.models import Progression
from faketencent.scf.cos_trigger import Delivery
from tests.world import BUCKET, World, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from faketencent.routes import Call

#: Says the same on every Python.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("short_way")]

HOUR = 3600
DAY = 86_400


@pytest.fixture
def world() -> Iterator[World]:
    with deployed(timer=True) as world:
        yield world


def before_the_write(world: World, interfere: Callable[[], object]) -> None:
    """Have something happen right before the first self-copy."""

    def watch(call: Call) -> None:
        if call.route.operation == "PutObjectCopy":
            world.cloud.watchers.remove(watch)
            interfere()

    world.cloud.watchers.append(watch)


class TestBetweenLookingAndWriting:
    def test_other_content_in_the_very_same_second_is_not_touched(self, world: World) -> None:
        new = {"x-cos-meta-title": "new"}
        before_the_write(world, lambda: world.upload("clip.mp4", marked_video("Other_2"), new))
        world.upload("clip.mp4", marked_video("Hello_1"), {"x-cos-meta-title": "old"})

        world.cloud.advance(2 * HOUR)

        assert world.answer("clip.mp4") == ("found", "Other_2")
        assert world.get("clip.mp4").headers["x-cos-meta-title"] == "new"

    def test_metadata_of_somebody_else_a_second_later_is_not_undone(self, world: World) -> None:
        def edit() -> None:
            world.cloud.clock.sleep(1)
            stored = world.get("clip.mp4")
            world.upload("clip.mp4", stored.body, {**stored.headers, "x-cos-meta-title": "new"})

        before_the_write(world, edit)
        world.upload("clip.mp4", marked_video("Hello_1"), {"x-cos-meta-title": "old"})

        world.cloud.advance(2 * HOUR)

        # COS tells nobody whether the bytes were written again too: it is another upload, but its answer is known.
        assert world.answer("clip.mp4") == ("found", "Hello_1")
        assert world.get("clip.mp4").headers["x-cos-meta-title"] == "new"
        assert len(world.jobs) == 1

    def test_metadata_that_is_replaced_all_the_time_costs_one_job(self, world: World) -> None:
        world.upload("clip.mp4", marked_video("Hello_1"))
        world.cloud.settle()

        for hour in range(24):
            world.upload("clip.mp4", marked_video("Hello_1"), {"x-cos-meta-title": str(hour)})
            world.cloud.advance(HOUR)
            assert world.answer("clip.mp4") == ("found", "Hello_1")

        assert [len(world.jobs), world.claims] == [1, []]

    def test_an_object_that_is_deleted_stays_deleted(self, world: World) -> None:
        before_the_write(world, lambda: world.cloud.cos.backend.delete(BUCKET, "clip.mp4"))
        world.upload("clip.mp4", marked_video("Hello_1"))

        world.cloud.settle()

        assert world.cloud.cos.backend.keys(BUCKET) == []

    def test_an_object_that_changes_all_the_time_is_answered_when_it_rests(self, world: World) -> None:
        edits = iter(range(5))

        def edit(call: Call) -> None:
            if call.route.operation == "PutObjectCopy" and (number := next(edits, None)) is not None:
                world.cloud.clock.sleep(1)
                world.upload("clip.mp4", marked_video("Hello_1", str(number)))

        world.cloud.watchers.append(edit)
        world.upload("clip.mp4", marked_video("Hello_1"))

        # On the first day it costs three jobs at most, on each other one
        world.cloud.advance(DAY // 2)
        assert len(world.jobs) == 3
        assert {line["level"] for line in world.log if line.get("reason") == "unsettled"} == {"ERROR"}
        world.cloud.advance(4 * DAY)

        assert world.answer("clip.mp4") == ("found", "Hello_1")
        assert [len(world.jobs), world.claims] == [6, []]


class TestTheRightJob:
    @pytest.fixture(autouse=True)
    def by_hand(self, world: World) -> None:
        world.cloud.ci.backend.progression = Progression.MANUAL

    def test_a_genuine_callback_about_one_video_with_the_job_of_another_is_refused(self, world: World) -> None:
        # Given two videos whose jobs have ended, and the callback about the first with the job id of the second
        world.configure(CALLBACK_URL="no")
        world.upload("clip.mp4", marked_video("Hello_1"))
        world.upload("film.mp4", marked_video("Other_2"))
        world.cloud.settle()
        clip, film = world.jobs
        for job in (clip, film):
            world.cloud.ci.backend.finish(job.id)
        document = (
            f"<Response><JobsDetail><JobId>{film.id}</JobId><Input><BucketId>{BUCKET}</BucketId>"
            f"<Object>clip.mp4</Object></Input><Operation><UserData>{clip.request.user_data}</UserData></Operation>"
            "</JobsDetail></Response>"
        )

        assert world.post(document.encode())["status"] == 403
        assert world.answer("clip.mp4") == ("", "")

    def test_a_result_is_not_written_onto_other_content(self, world: World) -> None:
        # Given a video that was replaced, which nobody has been told yet
        world.upload("clip.mp4", marked_video("Hello_1"))
        world.cloud.settle()
        world.cloud.scf.backend.cos_triggers.delivery = Delivery(copies=0)
        world.upload("clip.mp4", marked_video("Other_2"))

        world.cloud.ci.backend.finish(world.jobs[0].id)
        world.cloud.settle()
        assert world.fields("clip.mp4") == {}

        # Then the sweep records what the job said, and has the other checked, of which there was no event
        world.cloud.ci.backend.progression = Progression.IMMEDIATE
        world.cloud.advance(HOUR)
        assert world.answer("clip.mp4") == ("found", "Other_2")
        assert [len(world.jobs), world.claims] == [2, []]
        said = {record.applied: (record.unattributed, record.text) for record in world.records}
        assert said == {False: ("Other_2", None), True: (None, "Other_2")}

    def test_what_a_job_read_while_other_bytes_lay_there_is_not_written(self, world: World) -> None:
        # Given a video that makes way for another one while its job runs, and is back before the job calls back
        ci = world.cloud.ci.backend
        world.upload("clip.mp4", marked_video("Hello_1"))
        world.cloud.settle()
        [job] = world.jobs
        world.cloud.advance(10)
        world.upload("clip.mp4", marked_video("Other_2"))
        ci.finish(job.id)
        world.upload("clip.mp4", marked_video("Hello_1"))

        # When the callback comes, nobody believes that the answer is about these bytes
        world.cloud.settle()
        assert world.answer("clip.mp4") == ("", "")

        # Then the sweep has them checked again
        ci.progression = Progression.IMMEDIATE
        world.cloud.advance(HOUR)
        assert world.answer("clip.mp4") == ("found", "Hello_1")
        assert world.claims == []

    def test_nor_does_a_late_copy_of_its_callback_bring_it_back(self, world: World) -> None:
        # Given a callback that comes twice: while the other bytes lie there, and when the first ones are back
        ci = world.cloud.ci.backend
        world.upload("clip.mp4", marked_video("Hello_1"))
        world.cloud.settle()
        [job] = world.jobs
        world.cloud.advance(10)
        world.upload("clip.mp4", marked_video("Other_2"))
        ci.finish(job.id)
        world.cloud.settle()
        world.cloud.advance(10)
        world.upload("clip.mp4", marked_video("Hello_1"))

        ci.call_back(job.id)
        world.cloud.settle()

        assert world.answer("clip.mp4") == ("", "")

    def test_a_failure_that_comes_late_does_not_replace_a_success(self, world: World) -> None:
        # Given two jobs for one content, for CI had forgotten the first for a while; the second one succeeded
        ci = world.cloud.ci.backend
        world.upload("clip.mp4", marked_video("Hello_1"))
        world.cloud.settle()
        [first] = world.jobs
        ci.forget(first.id)
        world.cloud.advance(HOUR)
        ci.finish(world.jobs[0].id)
        world.cloud.settle()
        assert world.answer("clip.mp4") == ("found", "Hello_1")

        # When the first one is back, and fails
        ci.jobs[first.id] = first
        ci.fail(first.id)
        world.cloud.advance(HOUR)

        assert world.answer("clip.mp4") == ("found", "Hello_1")

    def test_the_clocks_of_cos_and_ci_are_never_compared(self, world: World) -> None:
        # Given a job whose times are hours before those of the object
        world.upload("clip.mp4", marked_video("Hello_1"))
        world.cloud.settle()
        [job] = world.jobs
        early = job.created_at - 5 * HOUR
        world.cloud.ci.backend.jobs[job.id] = replace(job, created_at=early, started_at=early)

        world.cloud.ci.backend.finish(job.id)
        world.cloud.settle()

        assert world.answer("clip.mp4") == ("found", "Hello_1")
