"""A run of `deploy` that is cut after any of its calls is finished by the next."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from faketencent.faults import Fault
from ops.deploy.command import deploy
from tests.ops.account import Operator, an_operator, prepare
from tests.world import BUCKET, marked_video

if TYPE_CHECKING:
    from pathlib import Path

#: Says the same on every Python.
pytestmark = pytest.mark.once
#: Each place, and not five of them.
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"


def calls_of_a_whole_run(folder: Path) -> int:
    with an_operator(folder) as operator:
        prepare(operator.cloud)
        assert operator.run(deploy, "--yes")[0] == 0
        return len(operator.cloud.journal)


def cut(folder: Path, place: int, fault: Fault) -> tuple[int, str]:
    with an_operator(folder) as operator:
        prepare(operator.cloud)
        operator.cloud.faults.at_call(place, fault)
        first, said = operator.run(deploy, "--yes")
        second, again = operator.run(deploy, "--yes") if first else (first, said)
        assert second == 0, said + again
        _works(operator, said + again)
        return first, said


def _works(operator: Operator, said: str) -> None:
    scf = operator.cloud.scf.backend
    scf.invocations.clear()
    operator.cloud.cos.backend.put(BUCKET, "a.mp4", marked_video("Hello_1"))
    operator.cloud.settle()
    assert operator.cloud.cos.backend.get(BUCKET, "a.mp4").headers.get("x-cos-meta-watermark-text") == "Hello_1", said
    assert [len(scf.invocations), len(operator.cloud.ci.backend.jobs)] == [3, 1]
    assert operator.run(deploy, "--dry-run")[0] == 0


@pytest.mark.parametrize("fault", [Fault.RESET_AFTER, Fault.RESET], ids=lambda fault: fault.name)
def test_the_next_run_finishes_what_a_lost_reply_left(tmp_path: Path, fault: Fault) -> None:
    calls = calls_of_a_whole_run(tmp_path)
    places = range(calls) if LONG else range(fault is Fault.RESET, calls, calls // 5)

    ended = [cut(tmp_path, place, fault)[0] for place in places]

    assert calls > 50
    assert {*ended} <= {0, 1, 3}
