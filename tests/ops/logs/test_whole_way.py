"""From set-up and an upload to the lines about it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from faketencent.faults import Fault
from ops.access import Access
from ops.deploy.command import deploy
from ops.logs.command import logs
from ops.logs.place import find_place
from ops.logs.search import lines_about
from tests.ops.account import Operator, an_operator, prepare
from tests.ops.setup.newcomer import a_newcomer, set_up
from tests.world import BUCKET, marked_video

if TYPE_CHECKING:
    from pathlib import Path

#: Says the same on every Python.
pytestmark = pytest.mark.once

KEY = '假期/海边 "1".mp4'
#: What became of a video: when it came, when its job ended, and when our own write came back.
WAY = [("submit", "submitted"), ("callback", "written"), ("submit", "skipped")]


def upload(operator: Operator) -> None:
    """Deploy, and have two videos checked."""
    assert operator.run(deploy, "--yes")[0] == 0
    for key in (KEY, "other.mp4"):
        operator.cloud.cos.backend.put(BUCKET, key, marked_video(key[:2]))
    operator.cloud.settle()
    operator.cloud.advance(61)
    operator.cloud.journal.clear()


def found(operator: Operator, *arguments: str) -> list[dict[str, Any]]:
    code, output = operator.run(logs, "--json", *arguments)
    assert code == 0, output
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


def ways(lines: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(line["function"], line["fields"]["outcome"]) for line in lines]


def test_with_a_topic_of_ones_own_all_about_a_video_is_one_search(tmp_path: Path) -> None:
    with a_newcomer(tmp_path) as owner:
        set_up(owner, "--logs")
        upload(owner)

        lines = found(owner, "--about", KEY)
        assert ways(lines) == WAY
        assert {(line["v"], line["fields"]["bucket"], line["fields"]["key"]) for line in lines} == {(1, BUCKET, KEY)}
        assert owner.cloud.operations() == ["SearchLog"]

        # By the id of the upload, and by that of its job, which knows nothing of what came after it.
        first = lines[0]["fields"]
        assert ways(found(owner, "--about", first["correlation"])) == WAY
        assert ways(found(owner, "--about", first["job"])) == WAY[:2]

        # What other commands use.
        with patch.dict("os.environ", owner.key):
            place = find_place(Access.by(owner.folder / ".env").configuration)
            same = lines_about(place, BUCKET, KEY, 0, owner.cloud.clock.now())
        assert [(line.function, line.fields["outcome"]) for line in same] == WAY
        assert [line.at for line in same] == sorted(line.at for line in same)

        # A run that the platform ended has logged nothing itself.
        owner.cloud.cos.backend.put(BUCKET, "late.mp4", marked_video("x"))
        owner.cloud.faults.on("HeadObject", Fault.KILL_BEFORE)
        owner.cloud.settle()
        assert {(line["function"], line["fields"]["status"]) for line in found(owner, "--level", "error")} == {
            ("submit", 433)
        }


def test_in_the_topic_of_scf_lines_are_filtered_here_and_that_is_said(tmp_path: Path) -> None:
    with an_operator(tmp_path) as operator:
        prepare(operator.cloud)
        upload(operator)

        code, output = operator.run(logs, "--about", KEY, "--json")

        said, *lines = output.splitlines()
        assert (code, said.startswith("the fields of this topic cannot be searched")) == (0, True)
        assert f"setup --logs --env-file {tmp_path / '.env'}`" in said
        assert ways([json.loads(line) for line in lines]) == WAY
        assert operator.cloud.operations() == ["DescribeTopics", "SearchLog"]
        # Three lines or more of the platform on each run are not among those that are searched through.
        assert len(found(operator)) == len([run for run in operator.cloud.scf.backend.invocations if run.log])
