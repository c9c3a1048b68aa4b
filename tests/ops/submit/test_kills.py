"""A run of more than a page that is killed again and again, while videos are uploaded and the functions work."""

from __future__ import annotations

import os
import random
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from faketencent.ci import Progression
from faketencent.ci.models import Durations
from faketencent.faults import Fault, FunctionKilled
from ops.index.index import Index
from ops.submit.command import submit
from ops.submit.journal import Journal
from tests.ops.operating import Desk, operating

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

#: Says the same on every Python.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("short_way")]

SEED = int(os.environ.get("SUBMIT_SEED", "11"))
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
#: More than a page of entries, which is a thousand; `make test-long` has more of them.
OBJECTS, KILLS, IN_FLIGHT = 2000 if LONG else 1100, 5, 50


@contextmanager
def killed_at(desk: Desk, call: int) -> Iterator[None]:
    """At that call the process ends as by SIGKILL: nothing that it has not saved before stays."""
    dead: list[bool] = []

    def unless_dead(save: Callable[[Any], None]) -> Callable[[Any], None]:
        def saved(owner: object) -> None:
            if dead:
                raise FunctionKilled
            save(owner)

        return saved

    desk.cloud.faults.at_call(call, random.Random(call).choice([Fault.KILL_BEFORE, Fault.KILL_AFTER]))  # noqa: S311 - no secret
    with patch.object(Journal, "save", unless_dead(Journal.save)), patch.object(Index, "save", unless_dead(Index.save)):
        try:
            yield
        except FunctionKilled:
            dead.append(True)
        finally:
            desk.cloud.faults.clear()


def asked_and_alive(desk: Desk) -> int:
    """Jobs from waiting entries that Cloud Infinite has not ended."""
    alive = {job.id for job in desk.world.jobs if job.state.value in ("Submitted", "Running")}
    return sum(attempt.job in alive for attempt in desk.world.attempts() if attempt.asked_by)


def work(desk: Desk) -> None:
    """A tick of the timer, five minutes later."""
    desk.world.tick()
    desk.world.sweep()
    assert asked_and_alive(desk) <= IN_FLIGHT


def test_each_object_has_one_job_whatever_was_killed(tmp_path: Path) -> None:
    print(f"seed {SEED}")  # noqa: T201 - to have it again
    chance = random.Random(SEED)  # noqa: S311 - no secret
    with operating(tmp_path, WAITING_IN_FLIGHT=str(IN_FLIGHT)) as desk:
        ci = desk.cloud.ci.backend
        ci.progression, ci.durations = Progression.TIMED, Durations(waiting=20, running=60)
        desk.store(*(f"{number % 7}/假期 {number:04}.mp4" for number in range(OBJECTS)))
        for kill in range(KILLS):
            desk.upload(f"new/{kill}.mp4")
            with killed_at(desk, chance.randrange(2, OBJECTS // 2)):
                desk.run(submit, "--all", "--yes", "-q")
            work(desk)
        code, _ = desk.run(submit, "--all", "--yes", "-q")
        while desk.world.ledger("waiting/") or desk.world.claims:
            work(desk)

        jobs = Counter(job.request.key for job in desk.world.jobs)
        answered = Counter(record.verdict.value for record in desk.world.records)
    assert code == 0
    assert set(jobs.values()) == {1}
    assert (len(jobs), answered) == (OBJECTS + KILLS, {"found": OBJECTS + KILLS})
