"""One reply that is odd, late or missing costs time at most: no upload, no result and no second job."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from faketencent.ci.models import Progression
from faketencent.cos.buckets import Versioning
from faketencent.faults import Fault
from faketencent.pacing import Pacing
from faketencent.refusals import INVALID_ARGUMENT, BareReply
from shared.cloud.tdmq import Queue
from shared.domain.claim import Held
from shared.domain.head import Head
from shared.domain.outcome import Reason
from shared.domain.result import Verdict
from tests.world import BUCKET, LEDGER, TICK, World, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faketencent.routes import Call

#: Says the same on every Python.
pytestmark = pytest.mark.once

HOUR, DAY = 3600, 86_400
ON_VIDEO = [BareReply(404, b""), BareReply(404, b"<html>"), BareReply(400, b"<html>400 Bad Request</html>")]
every_odd_head = pytest.mark.parametrize("reply", ON_VIDEO, ids=["404", "404 of a proxy", "400 of a proxy"])


@pytest.fixture
def world() -> Iterator[World]:
    with deployed(CALLBACK_URL="no") as made:
        yield made


def upload(world: World, key: str = "clip.mp4", text: str = "Hello_1") -> None:
    world.upload(key, marked_video(text))
    world.cloud.settle()


def sweeps(world: World, hours: int = 3) -> None:
    for _ in range(hours):
        world.cloud.advance(HOUR)
        world.sweep()


def strike(world: World, reply: BareReply) -> None:
    """The next look at the video goes wrong, and so does the second question about it."""
    world.cloud.faults.on("HeadObject", reply, times=1)
    world.cloud.faults.when(lambda call: call.route.operation == "GetObject" and BUCKET in call.request.host, reply)


class TestLooksAtTheVideo:
    @every_odd_head
    @pytest.mark.parametrize("skip", [0, 1])
    def test_an_upload_is_not_taken_for_gone(self, world: World, reply: BareReply, skip: int) -> None:
        world.cloud.faults.on("HeadObject", reply, times=1, skip=skip)

        upload(world)
        world.cloud.advance(120)
        sweeps(world)

        assert world.answer("clip.mp4") == ("found", "Hello_1")

    @every_odd_head
    def test_a_job_that_waits_is_not_cancelled(self, world: World, reply: BareReply) -> None:
        world.cloud.ci.backend.progression = Progression.MANUAL
        upload(world)
        strike(world, reply)
        sweeps(world)
        world.cloud.ci.backend.finish(world.jobs[0].id)

        sweeps(world)

        assert (world.answer("clip.mp4"), len(world.jobs)) == (("found", "Hello_1"), 1)

    @every_odd_head
    def test_a_paid_answer_is_written_all_the_same(self, world: World, reply: BareReply) -> None:
        upload(world)
        strike(world, reply)

        sweeps(world)

        assert (world.answer("clip.mp4"), len(world.jobs)) == (("found", "Hello_1"), 1)


class TestLooksAtJobs:
    @pytest.mark.parametrize(
        "reply",
        [BareReply(200, b"<Response></Response>", "application/xml"), BareReply(404, b""), BareReply(404, b"<html>")],
        ids=["empty", "404", "404 of a proxy"],
    )
    def test_a_job_is_not_taken_for_forgotten(self, world: World, reply: BareReply) -> None:
        world.cloud.ci.backend.progression = Progression.MANUAL
        upload(world)
        world.cloud.faults.on("DescribeMediaJob", reply, times=1)

        sweeps(world)

        assert len(world.jobs) == 1

    def test_a_job_of_another_object_answers_nothing(self, world: World) -> None:
        # Given a claim that names the job of another object
        upload(world, "other.mp4", "Other_2")
        world.cloud.ci.backend.progression = Progression.MANUAL
        upload(world)
        (name,) = (name for name in world.claims if b"clip.mp4" in world.kept(name))
        note = world.kept(name).replace(world.jobs[1].id.encode(), world.jobs[0].id.encode())
        world.cloud.cos.backend.put(LEDGER, name, note)

        sweeps(world)

        assert world.answer("clip.mp4") == ("", "")
        complaint = next(line for line in world.log if line["level"] == "ERROR")
        assert "was not submitted for it; it was left as it is" in complaint["message"]


class TestRefusals:
    def test_a_month_of_them_leaves_two_notes_and_a_callback_the_usual_calls(self) -> None:
        with deployed() as world:
            world.cloud.faults.on("CreateMediaJobs", INVALID_ARGUMENT, times=None)
            upload(world)
            sweeps(world, 50)
            assert [attempt.held for attempt in world.attempts()] == [Held.REFUSED] * 2
            assert world.attempts()[-1].number > 40

            world.cloud.faults.clear()
            sweeps(world, 1)
            before = len(world.cloud.journal)
            world.cloud.advance(60)

            # the job, the look, ACL, copy, read back, record, list, two deletes; and the look at our own write
            assert len(world.cloud.journal) - before <= 12
            assert (world.answer("clip.mp4"), world.claims) == (("found", "Hello_1"), [])

    def test_one_before_an_outage_is_not_given_up_for_it(self) -> None:
        with deployed(CALLBACK_URL="no", GIVE_UP_AFTER=str(DAY)) as world:
            world.cloud.faults.on("CreateMediaJobs", INVALID_ARGUMENT, times=1)
            upload(world)
            world.cloud.faults.on("CreateMediaJobs", Fault.ERROR_503, times=None)
            sweeps(world, 30)
            assert world.records == []

            world.cloud.faults.clear()
            sweeps(world)

            assert world.answer("clip.mp4") == ("found", "Hello_1")


class TestKeptResults:
    def test_one_that_could_not_be_written_is_recorded_as_it_is_when_its_object_goes(self, world: World) -> None:
        # Given a result for which there is no room, and which CI then forgets
        world.upload("clip.mp4", marked_video("Hello_1"), {"x-cos-meta-a": "x" * 1980})
        world.cloud.settle()
        sweeps(world, 1)
        assert world.attempts()[0].result
        world.cloud.ci.backend.forget(world.jobs[0].id)

        world.cloud.cos.backend.delete(BUCKET, "clip.mp4")
        sweeps(world)

        record = world.record("clip.mp4")
        assert (record.verdict, record.text, record.reason) == (Verdict.FOUND, "Hello_1", Reason.GONE)
        assert world.claims == []

    def test_a_header_that_cannot_be_sent_again_is_a_problem_with_an_end(self) -> None:
        with deployed(CALLBACK_URL="no", GIVE_UP_AFTER=str(HOUR)) as world:
            world.upload("clip.mp4", marked_video("Hello_1"), {"x-cos-meta-odd": "\x0cform feed"})
            world.cloud.settle()

            sweeps(world, 6)

            record = world.record("clip.mp4")
            assert (record.text, record.reason) == ("Hello_1", Reason.UNWRITABLE)
            assert record.problem


class TestTheLedger:
    def test_once_it_keeps_versions_nothing_is_submitted_by_a_container_that_looked_before(self, world: World) -> None:
        upload(world, "first.mp4")
        world.cloud.cos.backend.bucket(LEDGER).set_versioning(Versioning.ENABLED)

        upload(world, "second.mp4")

        assert len(world.jobs) == 1
        assert any("keeps versions" in line.get("message", "") for line in world.log)


class TestUnexpected:
    def test_a_record_that_brings_out_a_bug_does_not_keep_the_others_from_their_claims(self, world: World) -> None:
        real = Head.read

        def read(target: object, headers: object) -> Head:
            if "first" in str(target):
                raise RuntimeError("a bug")
            return real(target, headers)  # type: ignore[arg-type]

        upload(world, "first.mp4")
        first = world.cloud.scf.backend.invocations[-1].event
        both = json.loads(json.dumps(first).replace("first.mp4", "second.mp4"))
        world.upload("second.mp4", marked_video("Hello_2"))
        both["Records"] = [*first["Records"], *both["Records"]]

        with patch.object(Head, "read", read):
            world.cloud.scf.backend.invoke("submit", both)

        assert any(b"second.mp4" in world.kept(name) for name in world.claims)
        assert any("a bug" in line.get("trace", "") for line in world.log)

    @pytest.mark.parametrize("method", ["receive", "delete"])
    def test_a_bug_about_the_queue_does_not_keep_the_sweep_from_its_work(self, method: str) -> None:
        with deployed(CALLBACK_URL="no", MQ_REGION="bj", MQ_NAME="results") as world:
            world.cloud.tdmq.backend.create_queue("results", "bj")
            upload(world)
            world.cloud.advance(HOUR)
            with patch.object(Queue, method, side_effect=RuntimeError("a bug")):
                world.cloud.scf.backend.invoke("callback", TICK)

            assert world.answer("clip.mp4") == ("found", "Hello_1")

    def test_nor_does_a_queue_that_hangs_however_short_the_time_out_is(self) -> None:
        with deployed(CALLBACK_URL="no", MQ_REGION="bj", MQ_NAME="results") as world:
            world.cloud.tdmq.backend.create_queue("results", "bj")
            world.cloud.scf.backend.update_function("callback", timeout=20)
            world.cloud.faults.on("BatchReceiveMessage", Pacing(before=1000), times=None)
            upload(world)
            world.cloud.advance(HOUR)

            world.cloud.scf.backend.invoke("callback", TICK)

            assert world.answer("clip.mp4") == ("found", "Hello_1")


def calls_of(journal: list[Call], operation: str) -> int:
    return sum(call.route.operation == operation for call in journal)


def test_more_claims_than_a_tick_has_time_for_are_looked_at_as_often_as_few(world: World) -> None:
    # Given twenty jobs that live, and ticks that have time for eight looks
    world.cloud.ci.backend.progression = Progression.MANUAL
    for number in range(20):
        upload(world, f"clip-{number}.mp4")
    world.cloud.advance(DAY)
    world.cloud.faults.on("DescribeMediaJob", Pacing(before=7), times=None)
    before = len(world.cloud.journal)

    for _ in range(4 * 60):
        world.cloud.advance(60)
        world.cloud.scf.backend.invoke("callback", TICK)

    # Then each is looked at once an hour, and once when the container begins; not each minute
    looks = calls_of(list(world.cloud.journal)[before:], "DescribeMediaJob")
    assert 20 * 4 <= looks <= 20 * 6
