"""The README's way to production, taken at its word: from an account that has nothing but videos to a result."""

from __future__ import annotations

import os
import re
import shlex
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from typer.testing import CliRunner

from faketencent.cam import CI_ROLE
from faketencent.cloud import FakeCloud
from faketencent.faults import Fault
from ops.checkout import ROOT
from ops.cli import app
from tests.ops.account import an_operator
from tests.world import BUCKET, REGION, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Says the same on every Python.
pytestmark = pytest.mark.once

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
LEDGER = "cos-watermark-ledger-1250000000"
#: What a person types: region, video buckets, the proposed ledger and daily limit, yes.
ANSWERS = {"setup": f"{REGION}\n{BUCKET}\n\n\ny\n"}


def commands() -> list[str]:
    """The command lines of the section, in order."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.partition("\n## To production\n")[2].partition("\n## ")[0]
    return re.findall(r"^    (\./cos-watermark .+)$", section, re.MULTILINE)


@dataclass
class Newcomer:
    """Somebody with an account, and nothing in it but videos."""

    cloud: FakeCloud
    folder: Path

    def type(self, line: str) -> tuple[int, str]:
        """A command line as it stands there; for a file of settings of its own."""
        program, command, *arguments = shlex.split(line)
        assert program == "./cos-watermark"
        account = self.cloud.cam.account
        key = {"TENCENTCLOUD_SECRET_ID": account.secret_id, "TENCENTCLOUD_SECRET_KEY": account.secret_key}
        given = [command, *arguments, "--env-file", str(self.folder / ".env")]
        # What was answered once is in the file.
        answers = "y\n" if (self.folder / ".env").exists() else ANSWERS[command]
        with patch.dict(os.environ, {**key, "COLUMNS": "120"}):
            done = CliRunner().invoke(app, given, input=answers)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        assert account.secret_key not in done.output
        return done.exit_code, done.output

    def open_the_link(self, output: str) -> None:
        """What only a person can do, where the output says so."""
        if "cam/role/grant?roleName=CI_QCSRole" in output and not self.cloud.cam.has_role("CI_QCSRole"):
            self.cloud.cam.add_service_role(CI_ROLE)

    def follow(self, line: str) -> str:
        """Type it until it is done, as its output says; gives what it said at last."""
        for _ in range(3):
            code, output = self.type(line)
            self.open_the_link(output)
            if code == 0:
                return output
        raise AssertionError(f"{line} does not come to an end:\n{output}")


@contextmanager
def newcomer(folder: Path) -> Iterator[Newcomer]:
    cloud = FakeCloud.unused()
    with an_operator(folder, cloud):
        (folder / ".env").unlink()
        cloud.cos.backend.create_bucket(BUCKET, REGION)
        cloud.cos.backend.put(BUCKET, "old.mp4", marked_video("Old_1"))
        cloud.settle()
        yield Newcomer(cloud, folder)


def test_three_commands_lead_from_an_account_to_a_result(tmp_path: Path) -> None:
    setup, deploy, doctor = commands()
    with newcomer(tmp_path) as somebody:
        for line in (setup, deploy):
            said = somebody.follow(line)
            assert "0 ✗" in said or "Next: ./cos-watermark deploy" in said
        cos = somebody.cloud.cos.backend
        cos.put(BUCKET, "a.mp4", marked_video("Hello_1"))
        somebody.cloud.settle()
        somebody.cloud.advance(90)

        assert cos.get(BUCKET, "a.mp4").headers["x-cos-meta-watermark-text"] == "Hello_1"
        assert sorted({key.partition("/")[0] for key in cos.keys(LEDGER)}) == [
            "answers",
            "results",
            "slots",
            "status.json",
        ]
        assert len(somebody.cloud.ci.backend.jobs) == 1
        code, said = somebody.type(doctor)
        assert (code, re.findall(r"(\d+) [✓!✗?]", said.splitlines()[-1])[1:]) == (0, ["0", "0", "0"]), said
        assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600


def test_the_first_run_says_what_only_a_person_can_do(tmp_path: Path) -> None:
    with newcomer(tmp_path) as somebody:
        code, said = somebody.type("./cos-watermark setup")

    assert code == 1
    assert "https://console.cloud.tencent.com/cam/role/grant?roleName=CI_QCSRole" in said.replace("\n", "")


def calls_of(folder: Path) -> int:
    with newcomer(folder) as somebody:
        for line in commands()[:2]:
            somebody.follow(line)
        return len(somebody.cloud.journal)


@pytest.mark.parametrize("fault", [Fault.RESET_AFTER, Fault.RESET], ids=lambda fault: fault.name)
def test_a_connection_that_is_cut_anywhere_is_made_up_for_by_the_same_command(tmp_path: Path, fault: Fault) -> None:
    calls = calls_of(tmp_path)
    places = range(calls) if LONG else range(3 if fault is Fault.RESET else 11, calls, calls // 5)

    for place in places:
        with newcomer(tmp_path) as somebody:
            somebody.cloud.faults.at_call(place, fault)
            for line in commands()[:2]:
                said = somebody.follow(line)
            somebody.cloud.cos.backend.put(BUCKET, "a.mp4", marked_video("Hello_1"))
            somebody.cloud.settle()
            found = somebody.cloud.cos.backend.get(BUCKET, "a.mp4").headers.get("x-cos-meta-watermark-text")
            assert (place, found) == (place, "Hello_1"), said
            assert somebody.type("./cos-watermark setup")[1].count("+") <= 1
