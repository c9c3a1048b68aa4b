"""What an operator asks for waits in the ledger, and the timer takes it up as if it were uploaded now."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from faketencent.ci.models import Progression
from faketencent.faults import Fault
from faketencent.refusals import INVALID_ARGUMENT, UNAVAILABLE_FOR_LEGAL_REASONS
from shared.domain.claim import Held
from shared.domain.outcome import Reason
from shared.domain.result import Verdict
from shared.use_cases.submit_upload import submit_upload
from tests.asking import LATER_RUN, RUN, ask, waiting
from tests.world import LEDGER, World, deployed, marked_video, new_containers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faketencent.routes import Call

#: Says the same on every Python.
pytestmark = pytest.mark.once

HOUR, DAY = 3600, 86_400


@pytest.fixture
def world() -> Iterator[World]:
    """A deployment whose bucket had videos before anybody subscribed to its events; jobs move by hand."""
    with deployed() as world:
        world.cloud.ci.backend.progression = Progression.MANUAL
        yield world


def stored(world: World, *keys: str) -> None:
    """Videos of which no event tells, each marked with its own key."""
    triggers = world.cloud.scf.backend.cos_triggers
    with patch.object(triggers, "deliver", lambda *_: None):
        for key in keys:
            world.upload(key, marked_video(key, key))
        world.cloud.settle()


def finish(world: World, *keys: str) -> None:
    """Let the jobs on these keys end, or all."""
    for job in world.jobs:
        if job.state.value == "Submitted" and (not keys or job.request.key in keys):
            world.cloud.ci.backend.finish(job.id)
    world.cloud.settle()


def told(world: World) -> list[tuple[str, str | None]]:
    """What the timer said of each: outcome and reason."""
    return [(line["outcome"], line.get("reason")) for line in world.log if line["event"] == "sweep"]


def keys_of_jobs(world: World) -> list[str]:
    return [job.request.key for job in world.jobs]


class TestTakenUp:
    def test_it_has_a_job_and_its_answer_as_an_upload_has(self, world: World) -> None:
        stored(world, "a.mp4")
        ask(world, "a.mp4")

        world.sweep()
        assert (waiting(world), keys_of_jobs(world), len(world.claims)) == ([], ["a.mp4"], 1)
        finish(world)

        assert world.answer("a.mp4") == ("found", "a.mp4")
        assert (world.record("a.mp4").applied, world.record("a.mp4").run, world.claims) == (True, None, [])

    def test_its_job_has_the_lowest_priority_whatever_that_of_uploads_is(self, world: World) -> None:
        world.configure(JOB_LEVEL="2")
        stored(world, "a.mp4")
        ask(world, "a.mp4")

        world.sweep()
        world.upload("b.mp4", marked_video("b"))
        world.cloud.settle()

        assert [(job.request.key, job.request.job_level) for job in world.jobs] == [("a.mp4", "0"), ("b.mp4", "2")]

    @pytest.mark.parametrize("why", [Held.PAUSED, Held.LIMIT, Held.REFUSED, Held.YOUNG])
    def test_also_after_it_was_held(self, world: World, why: Held) -> None:
        world.configure(JOB_LEVEL="2")
        stored(world, "a.mp4")
        ask(world, "a.mp4")
        hold_the_next(world, why)
        world.sweep()
        assert [attempt.held for attempt in world.attempts()] == [why]

        release(world, why)
        world.cloud.advance(DAY)
        world.sweep()

        assert [job.request.job_level for job in world.jobs] == ["0"]

    def test_the_oldest_run_comes_first_whenever_its_entries_were_written(self, world: World) -> None:
        world.configure(WAITING_IN_FLIGHT="1")
        keys = ["a.mp4", "b.mp4", "c.mp4"]
        stored(world, *keys)
        ask(world, "a.mp4", run="20260103T000000Z-0000")
        ask(world, "b.mp4", run="20260101T000000Z-ffff")
        ask(world, "c.mp4", run="20260101T000001Z-0000")

        for _ in keys:
            world.sweep()
            finish(world)

        assert keys_of_jobs(world) == ["b.mp4", "c.mp4", "a.mp4"]

    def test_a_tick_reads_the_first_page_alone(self, world: World) -> None:
        for number in range(1001):
            world.cloud.cos.backend.put(LEDGER, f"waiting/{RUN}/{number:064x}", b"")
        world.configure(WAITING_IN_FLIGHT="1")

        world.sweep()

        listed = [call for call in world.cloud.journal if call.request.params.get("prefix") == "waiting/"]
        assert len(listed) == 1
        assert json.loads(world.kept("status.json"))["waiting"] == 1000


def hold_the_next(world: World, why: Held) -> None:
    """Something that the timer learns only when the first is taken up."""
    if why is Held.PAUSED:
        world.cloud.watchers.append(lambda call: pause(world) if is_claimed(call) else None)
    elif why is Held.LIMIT:
        world.configure(MAX_JOBS_PER_DAY="1")
        world.cloud.watchers.append(lambda call: take_the_slot(world) if is_claimed(call) else None)
    elif why is Held.REFUSED:
        world.cloud.faults.on("CreateMediaJobs", INVALID_ARGUMENT)
    else:
        world.configure(MIN_AGE="60")


def is_claimed(call: Call) -> bool:
    return call.route.operation == "PutObject" and call.key.startswith("claims/")


def pause(world: World) -> None:
    world.cloud.cos.backend.put(LEDGER, "paused", b"")
    new_containers()


def take_the_slot(world: World) -> None:
    world.cloud.cos.backend.put(LEDGER, "slots/2026-01-01/99999998", b"")


def release(world: World, why: Held) -> None:
    world.cloud.watchers.clear()
    if why is Held.PAUSED:
        world.cloud.cos.backend.delete(LEDGER, "paused")


class TestHowMany:
    def test_no_more_jobs_are_in_flight_than_are_allowed(self, world: World) -> None:
        world.configure(WAITING_IN_FLIGHT="3")
        keys = [f"{number}.mp4" for number in range(6)]
        stored(world, *keys)
        ask(world, *keys)

        world.sweep()
        assert (len(world.jobs), len(waiting(world))) == (3, 3)
        world.sweep()
        assert len(world.jobs) == 3
        finish(world, keys_of_jobs(world)[0])
        world.sweep()

        assert (len(world.jobs), len(waiting(world))) == (4, 2)

    def test_jobs_of_uploads_count_too_so_that_these_find_a_short_queue(self, world: World) -> None:
        world.configure(WAITING_IN_FLIGHT="2")
        stored(world, "a.mp4", "b.mp4")
        ask(world, "a.mp4", "b.mp4")
        world.upload("new.mp4", marked_video("new"))
        world.cloud.settle()

        world.sweep()

        assert len(world.jobs) == 2
        assert len(waiting(world)) == 1

    def test_a_claim_of_which_nothing_is_heard_for_a_day_does_not_count_any_more(self, world: World) -> None:
        world.configure(WAITING_IN_FLIGHT="1")
        stored(world, "a.mp4", "b.mp4")
        ask(world, "a.mp4", "b.mp4")
        world.sweep()
        assert len(world.jobs) == 1

        world.cloud.advance(DAY)
        world.sweep()

        assert len(world.jobs) == 2

    def test_a_job_that_began_after_a_day_of_waiting_counts(self, world: World) -> None:
        world.configure(WAITING_IN_FLIGHT="1", MIN_AGE=str(DAY))
        stored(world, "a.mp4")
        ask(world, "a.mp4")
        world.upload("new.mp4", marked_video("new"))
        world.cloud.settle()
        world.cloud.advance(DAY + HOUR)

        for _ in range(2):
            world.sweep()

        assert (len(waiting(world)), keys_of_jobs(world)) == (1, ["new.mp4"])

    def test_a_claim_that_is_held_does_not_count_in_a_new_container_either(self, world: World) -> None:
        world.configure(WAITING_IN_FLIGHT="1", MIN_AGE=str(HOUR))
        stored(world, "a.mp4")
        ask(world, "a.mp4")
        world.cloud.advance(HOUR)
        world.upload("young.mp4", marked_video("young"))
        world.cloud.settle()
        world.cloud.advance(HOUR // 6)

        new_containers()
        world.sweep()

        assert (waiting(world), keys_of_jobs(world)) == ([], ["a.mp4"])

    def test_nothing_is_taken_up_while_the_deployment_is_paused(self, world: World) -> None:
        stored(world, "a.mp4")
        ask(world, "a.mp4")
        pause(world)

        world.sweep()
        assert (len(waiting(world)), world.claims) == (1, [])
        release(world, Held.PAUSED)
        world.sweep()

        assert (waiting(world), len(world.jobs)) == ([], 1)

    def test_nothing_is_taken_up_once_the_limit_of_the_day_is_reached(self, world: World) -> None:
        world.configure(MAX_JOBS_PER_DAY="2")
        keys = [f"{number}.mp4" for number in range(5)]
        stored(world, *keys)
        ask(world, *keys)

        for _ in range(3):
            world.sweep()
        assert (len(world.jobs), len(waiting(world)), len(world.claims)) == (2, 2, 3)
        world.cloud.advance(DAY)
        world.sweep()

        assert len(world.jobs) == 4

    def test_one_that_is_refused_is_enough_until_another_job_is_accepted(self, world: World) -> None:
        stored(world, "a.mp4", "b.mp4", "c.mp4")
        ask(world, "a.mp4", "b.mp4", "c.mp4")
        world.cloud.faults.on("CreateMediaJobs", INVALID_ARGUMENT, times=2)

        for _ in range(3):
            world.sweep()
        assert (len(waiting(world)), len(world.attempts())) == (2, 1)
        # CI accepts the same claim at last.
        for _ in range(2):
            world.cloud.advance(HOUR)
            world.sweep()

        assert (waiting(world), len(world.jobs)) == ([], 3)

    def test_a_lost_reply_counts_as_a_job_and_ends_nothing(self, world: World) -> None:
        world.configure(WAITING_IN_FLIGHT="2")
        stored(world, "a.mp4", "b.mp4", "c.mp4")
        ask(world, "a.mp4", "b.mp4", "c.mp4")
        world.cloud.faults.on("CreateMediaJobs", Fault.TIMEOUT_AFTER)

        world.sweep()

        assert (len(world.jobs), len(waiting(world))) == (2, 1)

    def test_three_failures_are_enough_for_one_tick(self, world: World) -> None:
        keys = [f"{number}.mp4" for number in range(6)]
        stored(world, *keys)
        ask(world, *keys)
        world.cloud.faults.when(lambda call: call.key in keys, Fault.ERROR_500, times=None)

        world.sweep()
        assert told(world) == [("failed", None)] * 3
        world.cloud.faults.clear()
        world.sweep()

        assert (waiting(world), len(world.jobs)) == ([], 6)


class TestWhenAnEntryGoes:
    """Only once its object has a claim, or needs none."""

    def test_not_while_nobody_could_look_at_the_object(self, world: World) -> None:
        stored(world, "a.mp4")
        ask(world, "a.mp4")
        world.deny("cos:HeadObject", "cos:GetObject", resource="*a.mp4")

        world.sweep()
        assert (len(waiting(world)), world.jobs) == (1, [])
        assert [(line["level"], line["detail"]) for line in world.log if line.get("outcome") == "failed"] == [
            ("ERROR", waiting(world)[0])
        ]
        world.deny()
        world.sweep()

        assert (waiting(world), len(world.jobs)) == ([], 1)

    @pytest.mark.parametrize("fault", [Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER, Fault.ERROR_503, Fault.KILL_AFTER])
    def test_not_before_the_claim_is_there_and_never_with_a_second_job(self, world: World, fault: Fault) -> None:
        stored(world, "a.mp4")
        ask(world, "a.mp4")
        world.cloud.faults.when(is_claimed, fault)

        for _ in range(3):
            world.cloud.scf.backend.invoke("callback", {"Type": "Timer", "TriggerName": "sweep"})
            world.cloud.advance(HOUR)
            world.sweep()

        assert (waiting(world), len(world.jobs), len(world.claims) > 0) == ([], 1, True)

    @pytest.mark.parametrize("fault", [Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER, Fault.KILL_BEFORE])
    def test_one_whose_deletion_was_lost_goes_with_the_next_tick_and_costs_nothing(
        self, world: World, fault: Fault
    ) -> None:
        stored(world, "a.mp4")
        ask(world, "a.mp4")
        world.cloud.faults.on("DeleteObject", fault)

        world.cloud.scf.backend.invoke("callback", {"Type": "Timer", "TriggerName": "sweep"})
        world.sweep()

        assert (waiting(world), len(world.jobs)) == ([], 1)

    def test_an_object_that_is_gone_needs_no_claim(self, world: World) -> None:
        ask(world, "a.mp4")

        world.sweep()

        assert (waiting(world), world.claims, world.records) == ([], [], [])
        assert told(world) == [("skipped", "gone")]

    def test_an_object_that_nobody_can_read_is_recorded(self, world: World) -> None:
        stored(world, "a.mp4")
        ask(world, "a.mp4")
        world.cloud.faults.when(lambda call: call.key == "a.mp4", UNAVAILABLE_FOR_LEGAL_REASONS, times=None)

        world.sweep()

        assert (waiting(world), world.jobs, world.claims) == ([], [], [])
        record = world.record("a.mp4")
        assert (record.verdict, record.reason) == (Verdict.SKIPPED, Reason.UNREADABLE)

    def test_an_archived_object_is_recorded(self, world: World) -> None:
        stored(world, "a.mp4")
        world.archive("a.mp4")
        ask(world, "a.mp4")

        world.sweep()

        assert (waiting(world), world.jobs) == ([], [])
        assert world.record("a.mp4").reason is Reason.ARCHIVED

    @pytest.mark.parametrize(
        ("settings", "reason"),
        [({"EXCLUDE": "**"}, "excluded"), ({"SUFFIXES": "mov"}, "not_a_video"), ({"MAX_SIZE": "1"}, "too_large")],
    )
    def test_what_is_not_to_be_checked_needs_no_claim(
        self, world: World, settings: dict[str, str], reason: str
    ) -> None:
        world.configure(**settings)
        stored(world, "a.mp4")
        ask(world, "a.mp4")

        world.sweep()

        assert (waiting(world), world.claims, world.records) == ([], [], [])
        assert told(world) == [("skipped", reason)]

    def test_an_object_in_flight_has_its_claim(self, world: World) -> None:
        world.upload("a.mp4", marked_video("a"))
        world.cloud.settle()
        ask(world, "a.mp4")

        world.sweep()

        assert (waiting(world), len(world.jobs), len(world.claims)) == ([], 1, 1)
        assert told(world) == [("skipped", "in_flight")]

    def test_an_object_with_an_answer_needs_no_claim(self, world: World) -> None:
        world.upload("a.mp4", marked_video("a"))
        world.cloud.settle()
        finish(world)
        ask(world, "a.mp4")

        world.sweep()

        assert (waiting(world), len(world.jobs), world.claims) == ([], 1, [])
        assert told(world) == [("skipped", "done")]

    def test_an_object_that_is_replaced_while_it_is_taken_up_is_taken_up_as_it_is_then(self, world: World) -> None:
        stored(world, "a.mp4")
        ask(world, "a.mp4")

        def replace_it(call: Call) -> None:
            if is_claimed(call):
                world.cloud.watchers.remove(replace_it)
                world.cloud.clock.sleep(1)
                stored(world, "a.mp4")

        world.cloud.watchers.append(replace_it)

        world.sweep()
        assert (len(waiting(world)), world.jobs, world.claims) == (1, [], [])
        world.sweep()

        assert (waiting(world), keys_of_jobs(world)) == ([], ["a.mp4"])

    def test_one_that_is_removed_while_it_is_read_asks_for_nothing(self, world: World) -> None:
        stored(world, "a.mp4")
        ask(world, "a.mp4")

        def remove(call: Call) -> None:
            if call.route.operation == "GetObject" and call.key.startswith("waiting/"):
                world.cloud.cos.backend.delete(LEDGER, call.key)

        world.cloud.watchers.append(remove)

        world.sweep()

        assert (world.jobs, world.claims) == ([], [])

    def test_one_that_has_changed_since_it_was_listed_is_left_to_the_next_tick(self, world: World) -> None:
        stored(world, "a.mp4")
        [name] = ask(world, "a.mp4")

        def change(call: Call) -> None:
            if call.route.operation == "GetObject" and call.key == name:
                world.cloud.watchers.remove(change)
                ask(world, "a.mp4", again=True)

        world.cloud.watchers.append(change)

        world.sweep()
        assert (waiting(world), world.jobs) == ([name], [])
        world.sweep()

        assert (waiting(world), [attempt.asked_by for attempt in world.attempts()]) == ([], [RUN])


class TestWrittenAgain:
    """By a command that was killed, and run again with the same run: the same entries, with the same content."""

    def test_while_the_job_runs(self, world: World) -> None:
        stored(world, "a.mp4")
        for _ in range(3):
            ask(world, "a.mp4", at="2026-01-01T00:00:00Z")
            world.sweep()

        finish(world)

        assert (waiting(world), len(world.jobs), world.claims) == ([], 1, [])

    @pytest.mark.parametrize("again", [False, True])
    def test_after_the_answer_was_written(self, world: World, again: bool) -> None:
        stored(world, "a.mp4")
        ask(world, "a.mp4", again=again, at="2026-01-01T00:00:00Z")
        world.cloud.advance(60)
        world.sweep()
        finish(world)
        world.cloud.advance(DAY)

        ask(world, "a.mp4", again=again, at="2026-01-01T00:00:00Z")
        world.sweep()

        assert (waiting(world), len(world.jobs), world.writes) == ([], 1, 1)

    def test_after_the_job_failed(self, world: World) -> None:
        stored(world, "a.mp4")
        ask(world, "a.mp4", at="2026-01-01T00:00:00Z")
        world.sweep()
        world.cloud.ci.backend.fail(world.jobs[0].id)
        world.cloud.settle()

        ask(world, "a.mp4", at="2026-01-01T00:00:00Z")
        world.sweep()

        assert (waiting(world), len(world.jobs)) == ([], 1)
        assert world.answer("a.mp4")[0] == "failed"

    def test_by_another_run_meanwhile(self, world: World) -> None:
        stored(world, "a.mp4")
        ask(world, "a.mp4")
        ask(world, "a.mp4", run=LATER_RUN)

        world.sweep()

        assert (waiting(world), len(world.jobs), len(world.claims)) == ([], 1, 1)


def test_claims_that_are_due_leave_it_a_share_of_the_time(world: World) -> None:
    # Given more claims to look at than a tick has time for, of calls that take a second
    stored(world, "a.mp4")
    for number in range(40):
        world.upload(f"{number}.mp4", marked_video(str(number)))
    world.cloud.settle()
    world.cloud.advance(HOUR)
    ask(world, "a.mp4")
    world.configure(WAITING_IN_FLIGHT="100")
    world.cloud.watchers.append(lambda _: world.cloud.clock.sleep(1))

    summary = world.sweep()

    assert (summary["complete"], waiting(world)) == (False, [])


class TestWhatIsNoEntry:
    BODIES = (b"", b"rubbish", b"{}", b'{"v": 2}', b"[]", b"\xff")

    def test_is_reported_by_name_and_left_alone_and_keeps_nothing_behind_it_waiting(self, world: World) -> None:
        for number, body in enumerate(self.BODIES):
            world.cloud.cos.backend.put(LEDGER, f"waiting/{number}", body)
        stored(world, "a.mp4", "b.mp4")
        ask(world, "a.mp4", "b.mp4")

        for _ in range(4):
            world.sweep()

        names = [f"waiting/{number}" for number in range(len(self.BODIES))]
        assert (waiting(world), sorted(keys_of_jobs(world))) == (names, ["a.mp4", "b.mp4"])
        reported = [line for line in world.log if line.get("outcome") == "failed"]
        assert {(line["level"], line["error"]) for line in reported} == {("ERROR", "Claim")}
        assert {line["detail"] for line in reported} == set(names)
        assert all(f"{LEDGER}/{line['detail']} " in line["message"] for line in reported)

    def test_a_bug_that_one_brings_out_keeps_neither_the_others_nor_the_status_from_coming(self, world: World) -> None:
        stored(world, "a.mp4", "b.mp4")
        first, _ = sorted(ask(world, "a.mp4", "b.mp4"))
        bugs = ["a bug"]

        def submit(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - whatever the real one takes
            if bugs:
                raise RuntimeError(bugs.pop())
            return submit_upload(*args, **kwargs)

        with patch("shared.use_cases.take_up.submit_upload", submit):
            world.sweep()

        assert (waiting(world), len(world.jobs)) == ([first], 1)
        [line] = [line for line in world.log if "trace" in line]
        assert (line["level"], line["detail"], "a bug" in line["trace"]) == ("ERROR", first, True)
        assert "status.json" in world.ledger("")
        world.sweep()
        assert (waiting(world), len(world.jobs)) == ([], 2)


def test_in_a_deployment_with_a_prefix_of_its_own_it_waits_there(world: World) -> None:
    stored(world, "a.mp4", "b.mp4")
    [of_another] = ask(world, "a.mp4")
    world.configure(LEDGER_PREFIX="team/")
    ask(world, "b.mp4")

    world.sweep()

    assert keys_of_jobs(world) == ["b.mp4"]
    assert [name for name in world.cloud.cos.backend.keys(LEDGER) if "waiting/" in name] == [of_another]
