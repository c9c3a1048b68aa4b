"""The pause: while the ledger has an object `paused`, no job is submitted, what is in flight ends, nothing is lost."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from faketencent.ci.jobs import JobState
from faketencent.ci.models import Progression
from faketencent.cos.buckets import Versioning
from faketencent.faults import Fault
from faketencent.refusals import INVALID_ARGUMENT
from faketencent.scf.cos_trigger import Delivery
from shared.domain.claim import Held
from shared.domain.next_step import MAX_CHAIN
from tests.asking import ask, waiting
from tests.direct import direct
from tests.world import LEDGER, REGION, World, deployed, marked_video, new_containers

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Says the same on every Python.
pytestmark = pytest.mark.once

MINUTE, HOUR, DAY = 60, 3600, 86_400


@pytest.fixture
def world() -> Iterator[World]:
    """A deployment whose jobs move by hand."""
    with by_hand() as world:
        yield world


@contextmanager
def by_hand() -> Iterator[World]:
    with deployed() as world, direct(world.cloud):
        world.cloud.ci.backend.progression = Progression.MANUAL
        yield world


def pause(world: World, body: bytes = b"") -> None:
    world.cloud.cos.backend.put(LEDGER, "paused", body)


def resume(world: World) -> None:
    world.cloud.cos.backend.delete(LEDGER, "paused")


def upload(world: World, key: str, text: str = "") -> None:
    world.upload(key, marked_video(text or key, text or key))
    world.cloud.settle()


def finish(world: World, *keys: str) -> None:
    """Let the live jobs on these keys end, or all, and call back."""
    for job in world.jobs:
        if job.state is JobState.SUBMITTED and (not keys or job.request.key in keys):
            world.cloud.ci.backend.finish(job.id)
    world.cloud.settle()


def hours(world: World, number: int) -> None:
    """The timer comes twice an hour; what it waits for needs no more."""
    for _ in range(2 * number):
        world.cloud.advance(HOUR / 2)
        world.sweep()


def errors(world: World) -> list[str]:
    return [line["message"] for line in world.log if line["level"] == "ERROR" and "message" in line]


class TestWhoPauses:
    @pytest.mark.parametrize(
        ("body", "told"),
        [
            (b"", {"by": "", "at": "", "why": ""}),
            (b"rubbish", {"by": "", "at": "", "why": ""}),
            (b"\xff\x00", {"by": "", "at": "", "why": ""}),
            (b"[1, 2]", {"by": "", "at": "", "why": ""}),
            (b'{"by": "ada", "why": "budget"}', {"by": "ada", "at": "", "why": "budget"}),
            (b'{"by": "ada", "at": 7}', {"by": "", "at": "", "why": ""}),
        ],
        ids=repr,
    )
    def test_an_operator_with_an_object_of_any_content(self, world: World, body: bytes, told: dict[str, str]) -> None:
        pause(world, body)
        upload(world, "a.mp4")

        hours(world, 2)

        assert (world.jobs, [attempt.held for attempt in world.attempts()][-1]) == ([], Held.PAUSED)
        assert json.loads(world.kept("status.json"))["paused"] == told

    @pytest.mark.parametrize("state", [Versioning.ENABLED, Versioning.SUSPENDED])
    def test_the_timer_once_it_finds_that_the_ledger_keeps_versions(self, world: World, state: Versioning) -> None:
        # Given containers that have looked, and found that it does not
        upload(world, "a.mp4")
        world.sweep()
        assert len(world.jobs) == 1

        world.cloud.cos.backend.bucket(LEDGER).set_versioning(state)
        world.sweep()
        world.cloud.advance(MINUTE)
        upload(world, "b.mp4")
        hours(world, 2)

        assert len(world.jobs) == 1
        said = [message for message in errors(world) if "WATERMARK_LEDGER_BUCKET" in message and "paused" in message]
        assert len(said) == 1
        assert json.loads(world.kept("status.json"))["paused"]["by"] == "cos-watermark"

    def test_what_is_in_flight_in_such_a_ledger_ends(self, world: World) -> None:
        upload(world, "a.mp4")
        world.cloud.cos.backend.bucket(LEDGER).set_versioning(Versioning.ENABLED)
        world.sweep()

        finish(world)

        assert world.answer("a.mp4") == ("found", "a.mp4")
        assert (len(world.jobs), world.record("a.mp4").applied) == (1, True)

    def test_a_pause_that_is_lifted_there_comes_back_with_the_next_tick(self, world: World) -> None:
        world.cloud.cos.backend.bucket(LEDGER).set_versioning(Versioning.SUSPENDED)
        world.sweep()
        resume(world)

        world.sweep()

        assert world.kept("paused") != b""
        assert len(errors(world)) == 2

    def test_in_a_ledger_that_never_did_all_goes_on(self, world: World) -> None:
        # Given one that keeps versions, and an upload that could not be claimed safely
        upload(world, "a.mp4")
        world.cloud.cos.backend.bucket(LEDGER).set_versioning(Versioning.SUSPENDED)
        world.sweep()
        world.cloud.advance(MINUTE)
        upload(world, "b.mp4")
        world.sweep()

        # When the operator does as he was told
        cos = world.cloud.cos.backend
        cos.create_bucket("notes-1250000000", REGION)
        for key in cos.keys(LEDGER):
            if key != "paused":
                cos.put("notes-1250000000", key, cos.get(LEDGER, key).body)
        new_containers()
        world.configure(LEDGER_BUCKET="notes-1250000000")
        hours(world, 2)
        finish(world)

        assert [world.answer(key) for key in ("a.mp4", "b.mp4")] == [("found", "a.mp4"), ("found", "b.mp4")]
        assert (len(world.jobs), cos.keys("notes-1250000000", "claims/")) == (2, [])


class TestWhenItIsRead:
    def test_submit_reads_it_when_a_container_needs_it_first_and_then_once_a_minute(self, world: World) -> None:
        for number in range(20):
            world.cloud.advance(10)
            upload(world, f"{number}.mp4")
        reads = [call for call in world.cloud.journal if call.key == "paused"]
        assert len(reads) == 4
        new_containers()

        upload(world, "new.mp4")

        assert len([call for call in world.cloud.journal if call.key == "paused"]) == 5

    def test_what_is_skipped_does_not_need_it(self, world: World) -> None:
        upload(world, "a.txt")

        assert [call for call in world.cloud.journal if call.key == "paused"] == []

    def test_an_upload_of_a_minute_later_is_held_at_the_latest(self, world: World) -> None:
        upload(world, "a.mp4")
        pause(world)

        world.cloud.advance(MINUTE)
        upload(world, "b.mp4")

        assert [job.request.key for job in world.jobs] == ["a.mp4"]

    def test_the_timer_reads_it_at_each_tick(self, world: World) -> None:
        world.sweep()
        pause(world)

        world.sweep()
        assert "paused" in json.loads(world.kept("status.json"))
        resume(world)
        world.sweep()

        assert "paused" not in json.loads(world.kept("status.json"))

    @pytest.mark.parametrize("fault", [Fault.ERROR_403, Fault.ERROR_500, Fault.TIMEOUT_BEFORE, Fault.MALFORMED])
    def test_as_long_as_nobody_knows_no_job_is_submitted(self, world: World, fault: Fault) -> None:
        pause(world)
        world.cloud.faults.when(lambda call: call.key == "paused", fault, times=None)
        upload(world, "a.mp4")
        hours(world, 2)
        assert world.jobs == []

        world.cloud.faults.clear()
        resume(world)
        hours(world, 2)

        assert len(world.jobs) == 1


def play(world: World, *, paused: bool) -> None:
    """A day of a deployment, some hours of which it may be paused."""
    world.cloud.scf.backend.cos_triggers.delivery = Delivery(copies=2)
    for key in ("ends.mp4", "replaced.mp4", "deleted.mp4", "late.mp4"):
        upload(world, key)
    world.cloud.faults.on("CreateMediaJobs", INVALID_ARGUMENT)
    upload(world, "refused.mp4")
    world.cloud.faults.on("CreateMediaJobs", Fault.TIMEOUT_AFTER)
    upload(world, "unknown.mp4")
    world.cloud.faults.on("CreateMediaJobs", Fault.KILL_BEFORE)
    upload(world, "killed.mp4")

    if paused:
        pause(world)
        world.cloud.advance(MINUTE)
    finish(world, "ends.mp4")
    for key in ("new.mp4", "new and replaced.mp4", "new and deleted.mp4"):
        upload(world, key)
    ask(world, "asked for.mp4")
    world.cloud.advance(10)
    for key in ("replaced.mp4", "new and replaced.mp4"):
        upload(world, key, f"newer {key}")
    for key in ("deleted.mp4", "new and deleted.mp4"):
        world.cloud.cos.backend.delete("videos-1250000000", key)
    world.cloud.cos.backend.copy("videos-1250000000", "ends.mp4", "copy.mp4", {"x-cos-metadata-directive": "Replaced"})
    upload(world, "same bytes.mp4", "ends.mp4")
    hours(world, 3)
    finish(world, "replaced.mp4")
    hours(world, 3)
    world.cloud.ci.backend.call_back(world.jobs[0].id)
    world.cloud.settle()
    if paused:
        resume(world)

    for _ in range(4):
        hours(world, 2)
        finish(world)


def came_to(world: World) -> dict[str, tuple[str, str]]:
    return {key: world.answer(key) for key in world.cloud.cos.backend.keys("videos-1250000000")}


class TestAsIfNothingHadBeen:
    def test_all_comes_to_the_same_end_for_the_same_number_of_jobs(self) -> None:
        ends, paid, records = [], [], []
        for paused in (False, True):
            with by_hand() as world:
                play(world, paused=paused)
                assert (world.claims, waiting(world)) == ([], [])
                ends.append(came_to(world))
                paid.append(sorted(job.request.key for job in world.jobs if job.state is not JobState.CANCEL))
                records.append(sorted((r.key, r.text) for r in world.records if r.applied))

        assert all(answer[0] == "found" for answer in ends[0].values())
        assert ends[0] == ends[1]
        assert paid[0] == paid[1]
        assert records[0] == records[1]

    def test_while_it_lasts_no_job_is_submitted_and_what_comes_is_held(self, world: World) -> None:
        upload(world, "a.mp4")
        pause(world)
        world.cloud.advance(MINUTE)

        for number in range(5):
            upload(world, f"{number}.mp4")
        ask(world, "a.mp4")
        hours(world, 10)

        assert len(world.jobs) == 1
        assert [attempt.held for attempt in world.attempts() if attempt.held] == [Held.PAUSED] * 5
        held = json.loads(world.kept("status.json"))["held"]
        assert held == {"paused": 5}

    def test_then_the_oldest_go_first_and_need_not_wait_for_their_hour(self, world: World) -> None:
        world.configure(MAX_JOBS_PER_DAY="3")
        pause(world)
        for number in range(5):
            upload(world, f"{number}.mp4")
            world.cloud.advance(1)
        hours(world, 10)
        resume(world)

        world.sweep()

        assert [job.request.key for job in world.jobs] == ["0.mp4", "1.mp4", "2.mp4"]

    @pytest.mark.parametrize("ticks", [40, 1])
    def test_a_job_that_is_refused_is_not_given_up_unheard(self, world: World, ticks: int) -> None:
        world.cloud.faults.on("CreateMediaJobs", INVALID_ARGUMENT, times=None)
        upload(world, "a.mp4")
        hours(world, 2)
        pause(world)
        for _ in range(ticks):
            world.cloud.advance(40 * DAY / ticks)
            world.sweep()
        resume(world)

        hours(world, 2)
        assert ([attempt.held for attempt in world.attempts()][-1], world.records) == (Held.REFUSED, [])
        world.cloud.faults.clear()
        hours(world, 2)
        finish(world)

        assert world.answer("a.mp4") == ("found", "a.mp4")
        assert (len(world.jobs), world.claims) == (1, [])

    def test_a_chain_goes_on_where_it_stopped(self, world: World) -> None:
        upload(world, "a.mp4")
        for number in range(MAX_CHAIN):
            world.cloud.ci.backend.start(world.jobs[-1].id)
            world.cloud.advance(10)
            upload(world, "a.mp4", f"newer {number}")
            pause(world)
            world.cloud.advance(MINUTE)
            world.cloud.ci.backend.finish(world.jobs[-1].id)
            world.cloud.settle()
            hours(world, 2)
            resume(world)
            hours(world, 2)

        assert len(world.jobs) == MAX_CHAIN
        assert [attempt.held for attempt in world.attempts()][-1] is Held.UNSETTLED
