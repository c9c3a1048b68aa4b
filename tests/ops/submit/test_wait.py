"""`--wait`: until what was asked for is answered, whatever holds it up."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from faketencent.ci import Progression
from faketencent.faults import Fault
from ops import waiting
from ops.submit.command import submit
from shared.domain.pause import NAME, Pause, encode
from tests.ops.operating import Desk, operating
from tests.ops.submit.asked import asked, journals
from tests.ops.submit.test_interrupted import resumed
from tests.world import LEDGER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

#: Says the same on every Python.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("short_way")]

#: A deployment that does not come to an end in so many looks never will.
MOST = 200


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with operating(tmp_path) as desk:
        desk.store("a.mp4", "b.mp4", "c.mp4")
        desk.world.sweep()
        yield desk


@contextmanager
def meanwhile(desk: Desk, happens: Callable[[int], None]) -> Iterator[None]:
    """While the command waits for the n-th time, this happens."""
    looks = iter(range(MOST))

    def pause(seconds: float) -> None:
        happens(next(looks))
        desk.cloud.advance(seconds)

    with patch.object(waiting, "pause", pause):
        yield


def working(desk: Desk, *_: int) -> None:
    """The functions work for five minutes."""
    desk.world.tick()
    desk.world.sweep()


def waited(desk: Desk, *arguments: str, happens: Callable[[int], None] | None = None) -> tuple[int, str, str]:
    with meanwhile(desk, happens or (lambda _: working(desk))):
        return desk.hear(submit, "--yes", "--wait", *arguments)


def test_all_are_answered_when_it_ends(desk: Desk) -> None:
    code, data, _ = waited(desk, "--all")
    assert (code, data.splitlines()[-1]) == (0, "ended: 3 found")
    assert [desk.world.answer(key)[1] for key in ("a.mp4", "b.mp4", "c.mp4")] == ["a.mp4", "b.mp4", "c.mp4"]
    assert journals(desk) == []


def test_a_daily_limit_is_waited_for_over_the_days(desk: Desk) -> None:
    desk.world.configure(MAX_JOBS_PER_DAY="2")

    def hours(_: int) -> None:
        desk.cloud.clock.sleep(3 * 3600)
        working(desk)

    code, data, _ = waited(desk, "--all", "--json", happens=hours)
    said = [json.loads(line) for line in data.splitlines()]
    assert (code, said[-1]["ended"], {line["v"] for line in said}) == (0, {"found": 3}, {1})


def test_a_pause_is_said_once_and_waited_for(desk: Desk) -> None:
    def paused(look: int) -> None:
        if look == 0:
            desk.cloud.cos.backend.put(LEDGER, NAME, encode(Pause("Li Na")))
        if look == 5:
            desk.cloud.cos.backend.delete(LEDGER, NAME)
        working(desk)

    code, _, talk = waited(desk, "--all", happens=paused)
    assert (code, talk.count("! Paused by Li Na")) == (0, 1)


def test_a_timer_that_is_silent_is_said(desk: Desk) -> None:
    def silent(look: int) -> None:
        desk.cloud.clock.sleep(60)
        if look > 15:
            working(desk)

    code, _, talk = waited(desk, "--all", happens=silent)
    assert code == 0
    assert "! The timer has not ticked for 10 min: nothing is taken up." in talk


def test_what_an_upload_has_checked_meanwhile_counts(desk: Desk) -> None:
    # Given an upload that comes first, whose job takes a while
    desk.cloud.ci.backend.progression = Progression.MANUAL

    def uploaded(look: int) -> None:
        if look == 0:
            desk.upload("a.mp4", text="new")
        if look == 3:
            for job in desk.world.jobs:
                desk.cloud.ci.backend.finish(job.id)
        working(desk)

    code, data, _ = waited(desk, "a.mp4", happens=uploaded)
    assert (code, data.splitlines()[-1]) == (0, "ended: 1 found")
    assert desk.world.answer("a.mp4") == ("found", "new")


def test_a_failure_and_what_nobody_has_a_record_of_are_named(desk: Desk) -> None:
    desk.world.upload("bad.mp4", b"no video")
    desk.cloud.clock._due.clear()

    def happens(look: int) -> None:
        if look == 0:
            desk.cloud.cos.backend.delete("videos-1250000000", "c.mp4")
        working(desk)

    code, data, _ = waited(desk, "--all", happens=happens)
    assert (code, data.splitlines()[-1]) == (0, "ended: 1 failed, 2 found, 1 no record")


def test_an_outage_while_it_waits_is_said_and_does_not_end_it(desk: Desk) -> None:
    def outage(look: int) -> None:
        desk.cloud.faults.clear()
        if look in (0, 1):
            desk.cloud.faults.on("GetBucket", Fault.ERROR_503, times=2)
        else:
            working(desk)

    code, data, talk = waited(desk, "--all", happens=outage)
    assert (code, data.splitlines()[-1]) == (0, "ended: 3 found")
    assert talk.count("looking again") == 1


def test_ctrl_c_ends_the_waiting_alone_and_says_how_to_wait_again(desk: Desk) -> None:
    def stop(look: int) -> None:
        if look == 1:
            raise KeyboardInterrupt

    code, data, talk = waited(desk, "--all", happens=stop)
    assert (code, asked(desk)) == (130, ["a.mp4", "b.mp4", "c.mp4"])
    assert data.endswith(": 3 objects asked for\n")
    assert "All are asked for, and the functions do the rest. To wait again:" in talk

    with meanwhile(desk, lambda _: working(desk)):
        code, said = resumed(desk, talk)
    assert (code, said.splitlines()[-1]) == (0, "ended: 3 found")


def test_the_same_command_waits_again_too(desk: Desk) -> None:
    def stop(_: int) -> None:
        raise KeyboardInterrupt

    waited(desk, "--all", happens=stop)
    code, data, _ = waited(desk, "--all")
    assert (code, data) == (0, "ended: 3 found\n")


def test_with_nothing_to_wait_for_it_ends_at_once(desk: Desk) -> None:
    def never(_: int) -> None:
        raise AssertionError

    assert waited(desk, "--prefix", "none/", happens=never)[0] == 0
