"""A run that is stopped, killed, or hurt by a fault at any of its calls: the same command, or --resume, goes on."""

from __future__ import annotations

import re
import shlex
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from faketencent.faults import Fault, FunctionKilled
from ops.cancel.command import cancel
from ops.submit.command import submit
from ops.submit.journal import Journal, explained, open_journal
from tests.ops.operating import Desk, operating
from tests.ops.submit.asked import asked, entries, fail, jobs, journals, work_off
from tests.world import LEDGER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from faketencent.routes import Call

#: Says the same on every Python.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("short_way")]

KEYS = ["a.mp4", "假期/b.mp4"]
#: What a dry run calls, then the question, then the writing.
READS, WRITES = 8, 2
#: Whether a call that only reads had an effect makes no difference.
OF_READS = [
    Fault.TIMEOUT_BEFORE, Fault.ERROR_500, Fault.ERROR_429, Fault.ERROR_403, Fault.OK_WITH_ERROR, Fault.TRUNCATED,
    Fault.MALFORMED, Fault.KILL_BEFORE,
]  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with operating(tmp_path) as desk:
        desk.store(*KEYS)
        yield desk


def forget(desk: Desk) -> None:
    """Begin anew: nothing waits, and the machine knows nothing."""
    for name in desk.world.ledger("waiting/"):
        desk.cloud.cos.backend.delete(LEDGER, name)
    shutil.rmtree(desk.folder / ".cos-watermark", ignore_errors=True)


@contextmanager
def interrupted_at(desk: Desk, number: int) -> Iterator[None]:
    """Ctrl-C before that call, counted from 0."""
    calls = iter(range(1000))

    def stop(_: Call) -> None:
        if next(calls) == number:
            raise KeyboardInterrupt

    watched = list(desk.cloud.watchers)
    desk.cloud.watchers.append(stop)
    try:
        yield
    finally:
        desk.cloud.watchers[:] = watched


def test_the_calls_are_as_many_as_are_struck_here(desk: Desk) -> None:
    desk.calls()
    desk.run(submit, "--all", "--yes")
    made = desk.calls()
    assert (len(made), made[-WRITES:]) == (READS + WRITES, ["PutObject"] * WRITES)


@pytest.mark.parametrize("call", range(READS + WRITES))
def test_whatever_happens_to_a_call_the_same_command_goes_on(desk: Desk, call: int) -> None:
    for fault in OF_READS if call < READS else Fault:
        forget(desk)
        desk.cloud.faults.at_call(call, fault)
        with suppress(FunctionKilled):
            code, data, talk = desk.hear(submit, "--all", "--yes")
            assert code in (0, 3)
            assert "Traceback" not in talk
            assert (code == 3) == (data == "")
        desk.cloud.faults.clear()

        assert desk.run(submit, "--all", "--yes")[0] == 0
        assert asked(desk) == KEYS, fault
        assert journals(desk) == [], fault


@pytest.mark.parametrize("fault", [Fault.ERROR_503, Fault.RESET_AFTER, Fault.MALFORMED])
def test_a_bad_minute_does_not_end_a_run(desk: Desk, fault: Fault) -> None:
    desk.cloud.faults.on("PutObject", fault, times=8)
    assert desk.run(submit, "--all", "--yes")[0] == 0
    assert asked(desk) == KEYS


def test_an_outage_ends_it_and_says_how_to_go_on(desk: Desk) -> None:
    desk.cloud.faults.on("PutObject", Fault.ERROR_503, times=None, skip=1)

    code, data, talk = desk.hear(submit, "--all", "--yes", "-q")

    assert (code, data) == (3, "")
    assert "1 of 2 objects are asked for. To continue:" in talk
    assert resumed(desk, talk)[0] == 3
    desk.cloud.faults.clear()
    assert resumed(desk, talk)[0] == 0
    assert asked(desk) == KEYS


def resumed(desk: Desk, talk: str) -> tuple[int, str]:
    """Type the command that was printed, just as it stands there."""
    (line,) = re.findall(r"^  \./cos-watermark (submit .*)$", talk, re.MULTILINE)
    words = shlex.split(line)
    assert words[1:3] == ["--env-file", str(desk.folder / ".env")]
    return desk.run(submit, *words[3:])


class TestStopped:
    @pytest.mark.parametrize("call", range(READS + WRITES))
    def test_by_ctrl_c_it_says_how_to_go_on_and_that_works(self, desk: Desk, call: int) -> None:
        with interrupted_at(desk, call):
            code, data, talk = desk.hear(submit, "--all", "--yes")
        assert (code, data) == (130, "")

        if call < READS:
            assert (asked(desk), journals(desk)) == ([], [])
            assert talk.endswith("stopped; the same command goes on from here\n")
            assert desk.run(submit, "--all", "--yes")[0] == 0
        else:
            assert f"{call - READS} of 2 objects are asked for" in talk
            assert resumed(desk, talk)[0] == 0
        assert asked(desk) == KEYS
        assert len({entry.run for entry in entries(desk)}) == 1
        assert journals(desk) == []

    def test_at_the_question_nothing_is_done(self, desk: Desk) -> None:
        with patch("ops.submit.run.agreed", side_effect=KeyboardInterrupt):
            assert desk.run(submit, "--all")[0] == 130
        assert (asked(desk), journals(desk)) == ([], [])

    def test_whoever_types_the_same_again_is_asked_whether_to_go_on(self, desk: Desk) -> None:
        with interrupted_at(desk, READS + 1):
            desk.run(submit, "--all", "--yes")
        desk.store("later.mp4")

        code, said = desk.run(submit, "--all", answers="n\n")
        assert (code, asked(desk)) == (0, ["a.mp4"])
        assert "1 of 2 objects are asked for." in said
        assert "cancel --env-file" in said
        assert desk.run(submit, "--all", answers="y\n")[0] == 0
        assert asked(desk) == KEYS
        # What was not there then is chosen by the next
        assert desk.run(submit, "--all", "--yes")[0] == 0
        assert asked(desk) == [*KEYS[:1], "later.mp4", *KEYS[1:]]

    def test_a_run_that_was_taken_back_begins_anew(self, desk: Desk) -> None:
        with interrupted_at(desk, READS + 1):
            desk.run(submit, "--all", "--yes")
        (run,) = {entry.run for entry in entries(desk)}
        assert desk.run(cancel, "--run", run, "--yes")[0] == 0
        assert (asked(desk), journals(desk)) == ([], [])
        assert desk.run(submit, "--all", "--yes")[0] == 0
        assert asked(desk) == KEYS

    @pytest.mark.parametrize("other", ["--utc", "--again", "--limit=9", "--exclude=x"])
    def test_another_command_is_another_run(self, desk: Desk, other: str) -> None:
        with interrupted_at(desk, READS + 1):
            desk.run(submit, "--all", "--yes")
        assert desk.run(submit, "--all", "--yes", other)[0] == 0
        assert asked(desk) == KEYS


class TestNotTwice:
    def test_what_the_timer_took_up_before_a_kill_was_noted_is_not_asked_for_again(self, desk: Desk) -> None:
        # Given two failures that are to be checked again, and a run that dies before it notes what it wrote
        forget(desk)
        fail(desk, "x.mp4", "y.mp4")
        desk.cloud.advance(10)
        before = len(jobs(desk))
        desk.cloud.faults.on("PutObject", Fault.KILL_BEFORE, skip=1)
        with patch("ops.submit.journal.Journal.mark"), suppress(FunctionKilled):
            desk.run(submit, "--failed", "--yes")
        work_off(desk)
        assert len(jobs(desk)) == before + 1

        # Then the same command asks for the other one alone
        desk.cloud.advance(10)
        assert desk.run(submit, "--failed", "--yes")[0] == 0
        assert asked(desk) == ["y.mp4"]
        work_off(desk)
        assert sorted(jobs(desk)[before:]) == ["x.mp4", "y.mp4"]

    def test_a_second_process_with_the_same_command_does_nothing(self, desk: Desk) -> None:
        with interrupted_at(desk, READS + 1):
            desk.run(submit, "--all", "--yes")
        (path,) = journals(desk)
        with open_journal(path) as journal:
            for arguments in (("--all",), ("--resume", journal.run.name)):
                code, said = desk.run(submit, *arguments, "--yes")
                assert (code, "running" in said) == (2, True)
        assert asked(desk) == ["a.mp4"]

    def test_two_commands_for_the_same_objects_make_one_job_each(self, desk: Desk) -> None:
        # Given one that chooses while another has chosen but not written
        def other(call: Call) -> None:
            if call.route.operation == "PutObject" and "waiting/" in call.key:
                desk.cloud.watchers.remove(other)
                assert desk.run(submit, "--prefix", "a", "--yes")[0] == 0

        desk.cloud.watchers.append(other)
        assert desk.run(submit, "--all", "--yes")[0] == 0
        assert asked(desk) == ["a.mp4", "a.mp4", "假期/b.mp4"]
        work_off(desk)
        assert sorted(jobs(desk)) == KEYS

    def test_again_is_one_new_job_however_often_it_is_killed(self, desk: Desk) -> None:
        desk.upload("z.mp4")
        desk.cloud.advance(10)
        for fault in (Fault.KILL_BEFORE, Fault.KILL_AFTER):
            desk.cloud.faults.on("PutObject", fault)
            with suppress(FunctionKilled):
                desk.run(submit, "z.mp4", "--again", "--yes")
        assert desk.run(submit, "z.mp4", "--again", "--yes")[0] == 0
        work_off(desk)
        assert jobs(desk) == ["z.mp4"] * 2


class TestDisk:
    def test_a_folder_that_cannot_be_written_ends_in_a_line(self, desk: Desk) -> None:
        (desk.folder / ".cos-watermark").write_text("a file")
        code, said = desk.run(submit, "--all", "--yes")
        assert (code, said.count("\n"), asked(desk)) == (3, 1, [])

    @pytest.mark.parametrize("written", [0, 1])
    def test_a_full_disk_ends_in_a_line_and_the_same_command_goes_on(self, desk: Desk, written: int) -> None:
        forget(desk)
        full = patch.object(Journal, "mark" if written else "save", _no_space)
        with full:
            code, _, talk = desk.hear(submit, "--all", "--yes")
        assert (code, len(asked(desk))) == (3, 2 * written)
        assert "free disk space" in talk
        assert desk.run(submit, "--all", "--yes")[0] == 0
        assert asked(desk) == KEYS

    def test_a_broken_journal_is_named(self, desk: Desk) -> None:
        with interrupted_at(desk, READS + 1):
            desk.run(submit, "--all", "--yes")
        (path,) = journals(desk)
        path.write_bytes(b"no database" * 100)
        code, said = desk.run(submit, "--all", "--yes")
        assert (code, str(path) in said) == (3, True)


def _no_space(journal: object, *_: object) -> None:
    with explained(journal.path):  # type: ignore[attr-defined]
        raise OSError(28, "No space left on device")
