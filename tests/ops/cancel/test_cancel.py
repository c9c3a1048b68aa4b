"""`cancel`: takes back what was asked for, as long as nothing was paid for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from faketencent.ci import Progression
from faketencent.faults import Fault
from ops.cancel.command import cancel
from ops.policies import Deployment, operator_policy
from ops.submit.command import submit
from tests.ops.operating import Desk, operating
from tests.ops.screens import shows
from tests.ops.submit.asked import asked, entries, jobs, work_off
from tests.world import BUCKET, LEDGER, REGION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from faketencent.routes import Call

#: Says the same on every Python.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("short_way")]

KEYS = ["a/1.mp4", "a/2.mp4", "假期/3.mp4"]
RUN = "20261125T080000Z-1a2b"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with operating(tmp_path) as desk:
        desk.cloud.ci.backend.progression = Progression.MANUAL
        desk.store(*KEYS)
        yield desk


def ask(desk: Desk, *arguments: str) -> str:
    """Ask for objects; the run."""
    before = {entry.run for entry in entries(desk)}
    assert desk.run(submit, *(arguments or ("--all",)), "--yes")[0] == 0
    (run,) = {entry.run for entry in entries(desk)} - before
    return run


def said(desk: Desk, *arguments: str) -> tuple[int, dict[str, int]]:
    """The exit code and what is said as data."""
    code, data, _ = desk.hear(cancel, "--yes", "--json", *arguments)
    (line,) = data.splitlines()
    return code, json.loads(line)


def counts(**some: int) -> dict[str, int]:
    return {"v": 1, "removed": 0, "taken_up": 0, "cancelled": 0, "begun": 0, **some}


class TestWrongUse:
    @pytest.mark.parametrize(
        "arguments",
        [
            (),
            ("--queued",),
            ("--prefix", ""),
            ("--prefix", "a\udcff"),
            ("--run", ""),
            ("--run", "yesterday"),
            ("",),
            ("a/1.mp4", "--all"),
            ("a/1.mp4", "--prefix", "a"),
            ("--all", "--run", RUN),
            ("--all", "--bucket", ""),
            ("--all", "--bucket", "nowhere-1250000000"),
            ("--all", "--min-size", "big"),
            ("--all", "--include", ""),
            ("--all", "--older-than", "soon"),
        ],
    )
    def test_ends_in_a_line_before_the_cloud_is_asked(self, desk: Desk, arguments: tuple[str, ...]) -> None:
        ask(desk)
        desk.calls()
        code, data, talk = desk.hear(cancel, *arguments, "--yes")
        assert (code, data, talk.count("\n")) == (2, "", 1)
        assert (desk.calls(), asked(desk)) == ([], KEYS)


class TestWhatIsMeant:
    @pytest.mark.parametrize(
        ("arguments", "left"),
        [
            (("--all",), []),
            (("a/1.mp4",), KEYS[1:]),
            ((f"cos://{BUCKET}/a/1.mp4", "假期/3.mp4", "none.mp4"), ["a/2.mp4"]),
            (("--prefix", "a/"), ["假期/3.mp4"]),
            (("--prefix", "none/"), KEYS),
            (("--all", "--include", "a/*", "--exclude", "*/2.mp4"), KEYS[1:]),
            (("--all", "--older-than", "1h"), KEYS),
            (("--all", "--newer-than", "1h"), []),
            (("--all", "--min-size", "1MB"), KEYS),
            (("--all", "--max-size", "1MB", "--bucket", BUCKET), []),
            (("--run", RUN), KEYS),
        ],
    )
    def test_the_options_choose(self, desk: Desk, arguments: tuple[str, ...], left: list[str]) -> None:
        ask(desk)
        code, counted = said(desk, *arguments)
        assert (code, counted, asked(desk)) == (0, counts(removed=len(KEYS) - len(left)), left)

    def test_one_run_of_several(self, desk: Desk) -> None:
        first, _ = ask(desk, "a/1.mp4"), ask(desk, "--prefix", "a/")
        assert said(desk, "--run", first)[1] == counts(removed=1)
        assert asked(desk) == ["a/2.mp4"]

    def test_an_object_that_is_gone_is_taken_back_by_its_key(self, desk: Desk) -> None:
        ask(desk)
        desk.cloud.cos.backend.delete(BUCKET, "a/1.mp4")
        assert said(desk, "a/1.mp4")[1] == counts(removed=1)

    def test_what_is_taken_back_costs_nothing_and_can_be_asked_for_again(self, desk: Desk) -> None:
        desk.cloud.ci.backend.progression = Progression.IMMEDIATE
        ask(desk)
        assert said(desk, "--prefix", "a/")[1] == counts(removed=2)
        work_off(desk)
        assert jobs(desk) == ["假期/3.mp4"]
        ask(desk)
        work_off(desk)
        assert sorted(jobs(desk)) == KEYS


class TestAsking:
    def test_nothing_is_taken_back_before_somebody_agrees(self, desk: Desk) -> None:
        ask(desk)
        code, data, talk = desk.hear(cancel, "--all", answers="n\n")
        assert (code, data, asked(desk)) == (0, "", KEYS)
        assert talk.endswith("Take back 3 waiting entries? [y/N]: n\nNothing was taken back.\n")
        assert desk.run(cancel, "--all", answers="")[0] == 2
        assert asked(desk) == KEYS
        assert desk.run(cancel, "--all", answers="y\n")[0] == 0
        assert asked(desk) == []

    def test_what_is_taken_up_while_somebody_thinks_is_not_said_to_be_taken_back(self, desk: Desk) -> None:
        # Given two that a function has taken up, and one that it has even answered, when the question is answered
        desk.cloud.ci.backend.progression = Progression.IMMEDIATE
        ask(desk)

        def work(call: Call) -> None:
            if call.route.operation == "GetBucket" and call.request.params.get("prefix", "").startswith("waiting/2"):
                desk.cloud.watchers.remove(work)
                work_off(desk)

        desk.cloud.watchers.append(work)
        code, data, talk = desk.hear(cancel, "--all", "--yes")
        assert (code, data) == (0, "taken back: nothing\n")
        assert "3 taken up before: in flight, or ended" in talk

    def test_what_is_taken_up_just_before_it_is_removed_is_not_either(self, desk: Desk) -> None:
        ask(desk)

        def work(call: Call) -> None:
            if call.route.operation == "DeleteObject":
                desk.cloud.watchers.remove(work)
                desk.world.sweep()

        desk.cloud.watchers.append(work)
        assert said(desk, "--all")[1] == counts(taken_up=3)
        assert len(jobs(desk)) == 3

    def test_screens(self, desk: Desk) -> None:
        ask(desk)
        _, question = desk.run(cancel, "--all", answers="n\n")
        _, done = desk.run(cancel, "a/1.mp4", "--yes")
        desk.world.sweep()
        desk.upload("new.mp4")
        _, working = desk.run(cancel, "--all", "--yes")
        _, queued = desk.run(cancel, "--all", "--queued", answers="y\n")
        shows("cancel", "\n".join((question, done, working, queued)))

    def test_quiet_says_the_result_alone(self, desk: Desk) -> None:
        ask(desk)
        assert desk.hear(cancel, "--all", "--yes", "-q")[1:] == ("taken back: 3 waiting entries\n", "")

    @pytest.mark.parametrize("arguments", [("--all",), ("--all", "--queued"), ("a/1.mp4",)])
    def test_where_nothing_waits_nothing_is_asked(self, desk: Desk, arguments: tuple[str, ...]) -> None:
        code, data, talk = desk.hear(cancel, *arguments)
        assert (code, data, talk) == (0, "taken back: nothing\n", "")


class TestQueued:
    def test_jobs_that_have_not_begun_are_cancelled_and_others_end_by_themselves(self, desk: Desk) -> None:
        ask(desk)
        desk.world.sweep()
        begun = next(job for job in desk.world.jobs if job.request.key == "a/1.mp4")
        desk.cloud.ci.backend.start(begun.id)

        assert said(desk, "--all")[1] == counts()
        assert said(desk, "--all", "--queued")[1] == counts(cancelled=2)
        states = {job.request.key: job.state.value for job in desk.world.jobs}
        assert states == {"a/1.mp4": "Running", "a/2.mp4": "Cancel", "假期/3.mp4": "Cancel"}

        desk.cloud.ci.backend.finish(begun.id)
        work_off(desk)
        assert [desk.world.answer(key)[0] for key in KEYS] == ["found", "failed", "failed"]

    def test_one_that_begins_just_before_is_counted_as_begun(self, desk: Desk) -> None:
        ask(desk)
        desk.world.sweep()

        def begin(call: Call) -> None:
            if call.route.operation == "CancelMediaJob":
                desk.cloud.watchers.remove(begin)
                for job in desk.world.jobs:
                    desk.cloud.ci.backend.start(job.id)

        desk.cloud.watchers.append(begin)
        assert said(desk, "--all", "--queued")[1] == counts(begun=3)

    @pytest.mark.parametrize(
        ("arguments", "cancelled"),
        [(("--prefix", "a/"), 2), (("--all", "--min-size", "1MB"), 0), (("a/1.mp4",), 1), (("--run", RUN), 0)],
    )
    def test_the_options_choose_jobs_too(self, desk: Desk, arguments: tuple[str, ...], cancelled: int) -> None:
        ask(desk)
        desk.world.sweep()
        assert said(desk, "--queued", *arguments)[1] == counts(cancelled=cancelled)

    def test_how_many_are_of_uploads_is_said(self, desk: Desk) -> None:
        ask(desk, "a/1.mp4")
        desk.world.sweep()
        desk.upload("new.mp4")
        code, talk = desk.run(cancel, "--all", "--queued", answers="n\n")
        assert (code, "Take back 2 queued jobs (1 of new uploads)?" in talk) == (0, True)
        assert said(desk, "new.mp4", "--queued")[1] == counts(cancelled=1)

    def test_without_the_right_it_ends_with_its_name(self, desk: Desk) -> None:
        ask(desk)
        desk.world.sweep()
        deny = {"version": "2.0", "statement": [{"effect": "deny", "action": ["ci:CancelMediaJob"], "resource": ["*"]}]}
        deployment = Deployment(region=REGION, uin=desk.cloud.cam.uin, buckets=(BUCKET,), ledger_bucket=LEDGER)
        desk.who = desk.cloud.cam.create_user("somebody", operator_policy(deployment), deny)
        code, talk = desk.run(cancel, "--all", "--queued", "--yes")
        assert (code, "ci:CancelMediaJob" in talk) == (3, True)
        assert {job.state.value for job in desk.world.jobs} == {"Submitted"}

    @pytest.mark.parametrize("fault", [Fault.RESET_AFTER, Fault.TIMEOUT_BEFORE, Fault.ERROR_503, Fault.MALFORMED])
    def test_a_lost_reply_changes_nothing(self, desk: Desk, fault: Fault) -> None:
        ask(desk)
        desk.world.sweep()
        desk.cloud.faults.on("CancelMediaJob", fault, times=3)
        assert said(desk, "--all", "--queued")[1] == counts(cancelled=3)


class TestFaults:
    @pytest.mark.parametrize("fault", [Fault.RESET_AFTER, Fault.TIMEOUT_BEFORE, Fault.ERROR_503, Fault.ERROR_500])
    def test_a_bad_minute_does_not_end_it(self, desk: Desk, fault: Fault) -> None:
        ask(desk)
        desk.cloud.faults.on("DeleteObject", fault, times=4)
        assert said(desk, "--all") == (0, counts(removed=3))
        assert asked(desk) == []

    @pytest.mark.parametrize("call", range(8))
    def test_after_an_end_at_any_call_the_same_command_goes_on(self, desk: Desk, call: int) -> None:
        ask(desk)
        for fault in (Fault.ERROR_403, Fault.MALFORMED):
            desk.cloud.faults.at_call(call, fault)
            code, _ = desk.run(cancel, "--all", "--yes")
            assert code in (0, 3)
            desk.cloud.faults.clear()
        assert desk.run(cancel, "--all", "--yes")[0] == 0
        assert asked(desk) == []

    def test_by_ctrl_c_it_ends_with_130(self, desk: Desk) -> None:
        ask(desk)

        def stop(call: Call) -> None:
            if call.route.operation == "DeleteObject":
                raise KeyboardInterrupt

        desk.cloud.watchers.append(stop)
        assert desk.run(cancel, "--all", "--yes")[0] == 130
        desk.cloud.watchers.remove(stop)
        assert desk.run(cancel, "--all", "--yes")[0] == 0
        assert asked(desk) == []
