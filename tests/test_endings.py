"""Long and strange stories, each of which has to end right: through both functions, on the fake cloud."""

from __future__ import annotations

import os
import string
from typing import TYPE_CHECKING

import pytest

from faketencent.ci.jobs import JobState
from faketencent.ci.models import Progression
from faketencent.cos.buckets import Versioning
from faketencent.faults import Fault
from shared.domain.claim import GRACE
from shared.domain.outcome import Reason
from shared.domain.result import Verdict
from shared.settings import DAY
from tests.direct import direct
from tests.world import BUCKET, IDLE_TICK, LEDGER, REGION, World, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faketencent.routes import Call

#: Says the same on every Python, and takes its time.
pytestmark = pytest.mark.once

HOUR = 3600
#: Timers slower than the real one: hours and days pass here.
PERIOD, RARELY = HOUR, 6 * HOUR
OTHER = "other-1250000000"
A, B = marked_video("Alpha"), marked_video("Beta")


@pytest.fixture
def world() -> Iterator[World]:
    with deployed() as world:
        world.cloud.scf.backend.add_timer("callback", "sweep", PERIOD)
        yield world


@pytest.fixture
def slow_world() -> Iterator[World]:
    with deployed() as world:
        world.cloud.scf.backend.add_timer("callback", "sweep", RARELY)
        yield world


def upload(world: World, body: bytes = A, key: str = "clip.mp4") -> None:
    world.upload(key, body)
    world.cloud.settle()


def by_hand(world: World) -> None:
    """Jobs move when a test says so."""
    world.cloud.ci.backend.progression = Progression.MANUAL


def by_themselves(world: World) -> None:
    """Jobs that are made from now on run as soon as they are there, and those that wait do so too."""
    ci = world.cloud.ci.backend
    ci.progression = Progression.IMMEDIATE
    for job in world.jobs:
        if job.state in (JobState.SUBMITTED, JobState.RUNNING):
            ci.finish(job.id)
    world.cloud.settle()


def answered(world: World, text: str, jobs: int, key: str = "clip.mp4") -> bool:
    """Whether the object bears this text, recorded, after so many jobs, with nothing left in flight."""
    applied = [record.text for record in world.records if record.key == key and record.applied]
    assert (world.answer(key), applied[-1:]) == (("found", text), [text])
    assert [len(world.jobs), world.claims] == [jobs, []]
    return True


class TestWaiting:
    @pytest.mark.parametrize("callbacks", ["with callbacks", "without callbacks"])
    def test_a_job_that_is_five_days_in_the_queue(self, slow_world: World, callbacks: str) -> None:
        world = slow_world
        if callbacks == "without callbacks":
            world.configure(CALLBACK_URL="no")
        by_hand(world)
        upload(world)

        world.cloud.advance(5 * DAY)
        assert [world.answer("clip.mp4"), world.records, len(world.claims)] == [("", ""), [], 1]
        by_themselves(world)
        world.cloud.advance(2 * RARELY)

        assert answered(world, "Alpha", jobs=1)

    def test_two_days_of_throttling_then_one_refusal(self, slow_world: World) -> None:
        world = slow_world
        world.cloud.faults.on("CreateMediaJobs", Fault.ERROR_503, times=10**6)
        upload(world)
        world.cloud.advance(2 * DAY)
        world.cloud.faults.clear()
        world.cloud.faults.on("CreateMediaJobs", Fault.ERROR_403)

        world.cloud.advance(3 * RARELY)

        assert "refused" in {line.get("reason") for line in world.log}
        assert answered(world, "Alpha", jobs=1)

    def test_a_callback_url_that_ci_refuses_for_a_day_and_is_then_corrected(self, slow_world: World) -> None:
        world = slow_world
        # Given a typing mistake, and a dozen videos
        right = world.settings["CALLBACK_URL"]
        wrong = right.replace("https://", "https://www.")
        world.cloud.ci.backend.callback_rules.refuse(wrong)
        world.configure(CALLBACK_URL=wrong)
        keys = [f"{number}.mp4" for number in range(12)]
        for key in keys:
            upload(world, marked_video(key), key)
        world.cloud.advance(DAY)
        assert [world.jobs, world.records] == [[], []]
        refused = [line for line in world.log if line.get("code") == "InvalidArgument"]
        assert {line["level"] for line in refused} == {"ERROR"}

        # When it is corrected
        world.configure(CALLBACK_URL=right)
        world.cloud.advance(4 * RARELY)

        # Then no video is `failed`, and all are answered
        assert [world.answer(key) for key in keys] == [("found", key) for key in keys]
        assert {record.verdict for record in world.records} == {Verdict.FOUND}
        assert [len(world.jobs), world.claims] == [12, []]


LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
#: `make test-long` also loses the reply of each call; `make test` refuses every third one.
STRIKES, STEP = ([Fault.ERROR_403, Fault.TIMEOUT_AFTER], 1) if LONG else ([Fault.ERROR_403], 3)


class TestReplaced:
    @pytest.mark.parametrize("fault", STRIKES, ids=lambda fault: fault.name.lower())
    def test_a_then_b_then_a_again_with_any_one_call_refused(self, fault: Fault) -> None:
        calls = 0
        while a_b_a(calls, fault):
            calls += STEP
        assert calls > 30

    def test_three_edits_of_metadata_in_a_row_while_jobs_run(self, world: World) -> None:
        by_hand(world)
        upload(world)
        for number in range(3):
            world.cloud.ci.backend.start(world.jobs[-1].id)
            world.cloud.advance(HOUR)
            world.cloud.cos.backend.edit(BUCKET, "clip.mp4", {"x-cos-meta-title": str(number)})
            world.cloud.settle()
            for job in world.jobs:
                if job.state is JobState.RUNNING:
                    world.cloud.ci.backend.finish(job.id)
            world.cloud.advance(2 * HOUR)

        by_themselves(world)
        world.cloud.advance(DAY)

        # Three jobs whose answer came too late, and one on the next day for what rests by now
        assert answered(world, "Alpha", jobs=4)
        assert world.get("clip.mp4").headers["x-cos-meta-title"] == "2"
        assert [record.unattributed for record in world.records if not record.applied] == ["Alpha"] * 3

    @pytest.mark.parametrize("replaced", [True, False], ids=["replaced", "deleted"])
    def test_while_its_job_is_queued_which_is_cancelled_and_costs_nothing(self, world: World, replaced: bool) -> None:
        by_hand(world)
        upload(world)
        world.cloud.advance(60)
        take_away(world, replaced=replaced)

        world.cloud.advance(2 * HOUR)
        assert world.jobs[0].state is JobState.CANCEL
        by_themselves(world)
        world.cloud.advance(2 * HOUR)

        first = next(record for record in world.records if record.job == world.jobs[0].id)
        assert [first.reason, first.unattributed, first.applied] == [Reason.CANCELLED, None, False]
        assert answered(world, "Beta", jobs=2) if replaced else world.claims == []

    @pytest.mark.parametrize("replaced", [True, False], ids=["replaced", "deleted"])
    def test_while_its_job_runs_whose_paid_answer_is_in_the_ledger(self, world: World, replaced: bool) -> None:
        by_hand(world)
        upload(world)
        job = world.jobs[0].id
        world.cloud.ci.backend.start(job)
        world.cloud.advance(60)
        take_away(world, replaced=replaced)
        world.cloud.ci.backend.finish(job)

        by_themselves(world)
        world.cloud.advance(3 * HOUR)

        first = next(record for record in world.records if record.job == job)
        reason = Reason.REPLACED if replaced else Reason.GONE
        assert [first.reason, first.unattributed, first.applied] == [reason, "Alpha", False]
        assert answered(world, "Beta", jobs=2) if replaced else world.claims == []


def take_away(world: World, *, replaced: bool) -> None:
    if replaced:
        upload(world, B)
    else:
        world.cloud.cos.backend.delete(BUCKET, "clip.mp4")


def a_b_a(at_call: int, fault: Fault) -> bool:
    """A, then B, then A under one key while jobs run, with one call of ours struck; whether there was such a call."""
    with deployed() as world, direct(world.cloud):
        by_hand(world)
        world.cloud.scf.backend.add_timer("callback", "sweep", PERIOD)
        ours: list[Call] = []
        world.cloud.watchers.append(ours.append)
        world.cloud.faults.at_call(at_call, fault)
        for body in (A, B, A):
            upload(world, body)
            for job in world.jobs:
                if job.state is JobState.SUBMITTED:
                    world.cloud.ci.backend.start(job.id)
            world.cloud.advance(HOUR)
        by_themselves(world)
        for _ in range(30):
            world.cloud.advance(HOUR)
            if not world.claims:
                break

        assert world.answer("clip.mp4") == ("found", "Alpha"), f"call {at_call}"
        assert world.claims == [], f"call {at_call}"
        # A result on the object is about its own upload; of no upload is there more than one job.
        applied = [record for record in world.records if record.applied]
        assert [record.text for record in applied] == ["Alpha"] * len(applied)
        tickets = [job.request.user_data for job in world.jobs]
        assert len(set(tickets)) == len(tickets) <= 3
        return len(ours) > at_call


class TestLedger:
    @pytest.mark.parametrize("fault", [Fault.TIMEOUT_AFTER, Fault.RESET_AFTER, Fault.TIMEOUT_BEFORE])
    def test_a_delete_whose_reply_is_lost(self, world: World, fault: Fault) -> None:
        world.cloud.faults.on("DeleteObject", fault)
        upload(world)
        deleted = [call.request.path for call in world.cloud.journal if call.route.operation == "DeleteObject"]
        assert len(deleted) == 1

        world.cloud.advance(2 * HOUR)

        assert answered(world, "Alpha", jobs=1)
        assert len(world.records) == 1

    def test_a_listing_of_a_thousand_entries_with_the_longest_names(self, world: World) -> None:
        world.configure(CALLBACK_URL="no")
        upload(world)
        world.cloud.advance(GRACE)
        name = "claims/{:04d}" + "産" * 279
        assert len(name.format(0).encode()) == 848
        for number in range(1000):
            world.cloud.cos.backend.put(LEDGER, name.format(number), b"x")

        summary = world.sweep()

        assert world.answer("clip.mp4") == ("found", "Alpha")
        assert [summary["in_flight"], summary["handled"], summary["complete"]] == [1001, 1, True]


class TestUnusualObjects:
    def test_an_appended_video(self, world: World) -> None:
        cos = world.cloud.cos.backend
        cos.append(BUCKET, "live.mp4", A)
        world.cloud.settle()
        cos.append(BUCKET, "live.mp4", b"more")
        world.cloud.settle()

        world.cloud.advance(HOUR)

        assert [world.jobs, world.claims] == [[], []]
        assert {(record.verdict, record.reason) for record in world.records} == {(Verdict.SKIPPED, Reason.APPENDABLE)}

    def test_a_video_with_a_hundred_and_fifty_metadata_headers(self, world: World) -> None:
        # They leave room for our fields only if those have short names.
        world.configure(METADATA_PREFIX="w")
        letters = string.ascii_lowercase
        names = [*letters, *(one + other for one in "abcde" for other in letters)]
        metadata = {f"x-cos-meta-{name}": "" for name in names if name != "w"}
        metadata = dict(list(metadata.items())[:150])
        before = world.upload("clip.mp4", A, metadata)

        world.cloud.settle()

        after = world.get("clip.mp4")
        own = {name: value for name, value in after.headers.items() if name in metadata}
        assert own == {name: before.headers[name] for name in metadata}
        assert len(own) == 150
        assert after.headers["x-cos-meta-w"] == "found"
        assert [len(world.jobs), world.claims, world.record("clip.mp4").applied] == [1, [], True]


class TestCopies:
    @pytest.mark.parametrize("move", ["copy", "rename"])
    def test_a_checked_video_that_is_copied_or_renamed_keeps_its_answer(self, world: World, move: str) -> None:
        upload(world)
        world.cloud.advance(60)

        getattr(world.cloud.cos.backend, move)(BUCKET, "clip.mp4", "film.mp4")
        world.cloud.advance(2 * HOUR)

        assert world.answer("film.mp4") == ("found", "Alpha")
        assert [len(world.jobs), world.writes, world.claims] == [1, 1, []]

    def test_two_way_replication_between_two_watched_buckets(self, world: World) -> None:
        cos = world.cloud.cos.backend
        cos.bucket(BUCKET).set_versioning(Versioning.ENABLED)
        cos.create_bucket(OTHER, REGION, versioning=True)
        world.cloud.ci.backend.bind_bucket(OTHER)
        world.cloud.scf.backend.add_cos_trigger("submit", OTHER)
        world.buckets = (BUCKET, OTHER)
        world.configure()
        cos.replicate(BUCKET, OTHER)
        cos.replicate(OTHER, BUCKET)

        upload(world)
        world.cloud.advance(DAY)

        # At most one job in each, then nothing but ticks
        assert 1 <= len(world.jobs) <= 2
        assert len({job.bucket for job in world.jobs}) == len(world.jobs)
        for bucket in world.buckets:
            assert cos.get(bucket, "clip.mp4").headers["x-cos-meta-watermark-text"] == "Alpha"
        assert world.claims == []
        world.cloud.journal.clear()
        world.cloud.advance(DAY)
        assert world.cloud.operations() == IDLE_TICK * (DAY // PERIOD)
