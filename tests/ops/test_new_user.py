"""What anybody may try first with a command of an operator: each ends in plain words, and by its exit code."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from unittest.mock import Mock, patch

import pytest
from typer.testing import CliRunner

from ops.cli import app
from ops.readme import OPERATING
from ops.reference import help_of
from ops.tencent.api import Api
from ops.tencent.calls import PersonalTransport
from tests.ops.deployment import STRONG_SECRET
from tests.ops.operating import Desk, operating

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Says the same on every Python.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("short_way")]

#: The commands as they are tried, and the right that each of them needs first.
COMMANDS = {
    "status": ((), "The right cos:GetBucket is missing"),
    "list": ((), "The right cos:GetBucket is missing"),
    "list --never": (("--never",), "The right cos:GetBucket is missing"),
    "show": (("a.mp4",), "The right cos:HeadObject is missing"),
    "submit": (("a.mp4", "--yes"), "The right cos:GetBucket is missing"),
    "submit --all": (("--all", "--yes"), "The right cos:GetBucket is missing"),
    "cancel": (("--all", "--yes"), "The right cos:GetBucket is missing"),
    "pause": ((), "The right cos:GetObject is missing"),
    "resume": (("--yes",), "The right cos:GetObject is missing"),
    "verify": (("a.mp4",), "The right cos:HeadObject is missing"),
    "report": (("--yes",), "The right cos:GetBucket is missing"),
    "logs": ((), "cls DescribeTopics"),
}
each_command = pytest.mark.parametrize("name", COMMANDS)
#: `logs` asks the log service alone.
each_of_the_ledger = pytest.mark.parametrize("name", [name for name in COMMANDS if name != "logs"])


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A deployment whose ledger is empty; the operator knows the secret, for `verify`."""
    monkeypatch.chdir(tmp_path)
    with operating(tmp_path, logs=True, SECRET=STRONG_SECRET) as desk:
        yield desk


def run(desk: Desk, name: str, *more: str, with_key: bool = True) -> tuple[int, str]:
    arguments = [name.split(maxsplit=1)[0], *more, *COMMANDS[name][0]]
    with patch.dict(os.environ, {**(desk.key if with_key else {}), "COLUMNS": "60"}):
        done = CliRunner().invoke(app, arguments)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert STRONG_SECRET not in done.output
    assert "\x1b" not in done.output
    return done.exit_code, done.output


def in_one_or_two_lines(text: str) -> bool:
    return 1 <= len(text.strip().splitlines()) <= 2


def test_every_command_of_an_operator_is_tried() -> None:
    assert {name.partition(" ")[0] for name in COMMANDS} == set(OPERATING)


@each_command
def test_help_says_how_it_ends_and_needs_nothing(name: str, desk: Desk) -> None:
    command = name.split(maxsplit=1)[0]

    short, long = (CliRunner().invoke(app, [command, option]) for option in ("-h", "--help"))

    assert (short.exit_code, long.exit_code, short.output, desk.calls()) == (0, 0, long.output, [])
    assert "Exit code 0" in " ".join(long.output.split())
    assert max(len(line) for line in help_of(command, 60).splitlines()) <= 60


@each_command
def test_without_env_it_says_how_to_get_one(name: str, desk: Desk, tmp_path: Path) -> None:
    code, said = run(desk, name, "--env-file", str(tmp_path / "none.env"))

    assert code == 2
    assert "setup" in said
    assert in_one_or_two_lines(said)
    assert desk.calls() == []


@each_command
def test_without_a_key_pair_it_says_where_one_belongs(name: str, desk: Desk) -> None:
    code, said = run(desk, name, "--env-file", ".env", with_key=False)

    assert code == 2
    assert "TENCENTCLOUD_SECRET_ID" in said
    assert in_one_or_two_lines(said)
    assert desk.calls() == []


@each_command
def test_without_rights_it_names_the_one_that_is_missing(name: str, desk: Desk) -> None:
    desk.who = desk.cloud.cam.create_user("nobody", {"version": "2.0", "statement": []})

    code, said = run(desk, name, "--env-file", ".env")

    assert code == 3
    assert COMMANDS[name][1] in said
    assert "./cos-watermark policy" in said


@each_of_the_ledger
def test_with_a_ledger_bucket_that_is_not_there_it_says_so(name: str, desk: Desk) -> None:
    nowhere = {"WATERMARK_LEDGER_BUCKET": "nobody-1250000000", "DEPLOY_BUCKETS": "none-1250000000"}
    desk.write_env(WATERMARK_SECRET=STRONG_SECRET, **nowhere)

    code, said = run(desk, name, "--env-file", ".env")

    assert code == 3
    assert re.search("NoSuchBucket|does not exist|nobody-1250000000|none-1250000000", said)


@each_of_the_ledger
def test_on_an_empty_ledger_it_ends_as_it_should(name: str, desk: Desk) -> None:
    desk.write_env(WATERMARK_SECRET=STRONG_SECRET)
    missing = name in ("submit", "verify")

    code, said = run(desk, name, "--env-file", ".env")

    assert code == (1 if missing else 0), said
    assert "Traceback" not in said


@each_command
def test_ctrl_c_at_its_first_call_is_no_trace(name: str, desk: Desk) -> None:
    desk.write_env(WATERMARK_SECRET=STRONG_SECRET)

    stop = Mock(side_effect=KeyboardInterrupt)
    with patch.object(PersonalTransport, "send", stop), patch.object(Api, "call", stop):
        code, said = run(desk, name, "--env-file", ".env")

    assert code == 130
    assert len(said.strip().splitlines()) <= 2
