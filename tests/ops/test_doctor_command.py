"""`cos-watermark doctor` as one runs it, over real HTTP: what it prints, and how it ends."""

from __future__ import annotations

import io
import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from faketencent.clock import WallClock
from faketencent.cloud import FakeCloud
from faketencent.server import serve
from functions.callback import main_handler
from ops.cli import app
from ops.doctor.report import show
from tests.ops.clinic import STRONG_SECRET, domain
from tests.world import BUCKET, LEDGER, REGION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.ops.clinic import Clinic

#: Says the same on every Python.
pytestmark = pytest.mark.once


class Terminal:
    """An operator at a terminal, with a `.env` file."""

    def __init__(self, cloud: FakeCloud, folder: Path, proxy: str) -> None:
        self.cloud = cloud
        self.env_file = folder / ".env"
        url = cloud.scf.backend.function_url("callback")
        self.env = {"HTTP_PROXY": proxy, "NO_PROXY": "localhost", "COLUMNS": "200"}
        self.env_file.write_text(
            f"DEPLOY_REGION={REGION}\n"
            f"DEPLOY_BUCKET_DOMAIN={domain(BUCKET)}  # the videos\n"
            f"WATERMARK_LEDGER_BUCKET='{LEDGER}'\n"
            f'WATERMARK_SECRET="{STRONG_SECRET}"\n'
            f"WATERMARK_CALLBACK_URL={url}\n"
            "WATERMARK_SCHEME=http\n"
            f"TENCENT_SECRET_ID={cloud.cam.account.secret_id}\n"
            f"TENCENT_SECRET_KEY={cloud.cam.account.secret_key}\n",
            encoding="utf-8",
        )

    def run(self, *arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, ["doctor", "--env-file", str(self.env_file), *arguments], env=self.env)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.output

    def json(self, *arguments: str) -> tuple[int, Any]:
        code, output = self.run("--json", *arguments)
        return code, json.loads(output)


@contextmanager
def at_a_terminal(folder: Path) -> Iterator[Terminal]:
    cloud = FakeCloud(WallClock())
    for bucket in (BUCKET, LEDGER):
        cloud.cos.backend.create_bucket(bucket, REGION)
    cloud.ci.backend.bind_bucket(BUCKET)
    cloud.scf.backend.create_function("callback", main_handler, region=REGION)
    with serve(cloud) as server:
        yield Terminal(cloud, folder, server.url)


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    # The environment of whoever runs the tests has no say.
    for name in list(os.environ):
        if name.startswith(("DEPLOY_", "TENCENT", "WATERMARK_")) or name in ("http_proxy", "no_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    with at_a_terminal(tmp_path) as terminal:
        yield terminal


def test_a_deployment_that_works_ends_with_0(terminal: Terminal) -> None:
    code, output = terminal.run()

    lines = output.splitlines()
    assert code == 0
    assert f"✓ bucket: {BUCKET} is in {REGION}" in lines
    assert any(line.startswith("✓ callback: our function answers at https://") for line in lines)
    assert lines[-1].endswith("0 ✗")


def test_what_can_be_better_is_said_with_what_to_do(terminal: Terminal) -> None:
    _, output = terminal.run()

    lines = output.splitlines()
    at = lines.index("! settings: valid, but calls are not encrypted")
    assert lines[at + 1] == "    → Unset WATERMARK_SCHEME: `http` is for a fake cloud"


def test_a_deployment_that_does_not_work_ends_with_1(terminal: Terminal) -> None:
    terminal.cloud.ci.backend.unbind_bucket(BUCKET)

    code, output = terminal.run()

    assert code == 1
    assert f"✗ media processing: media processing is not on for {BUCKET}" in output.splitlines()


def test_programs_get_json(terminal: Terminal) -> None:
    terminal.cloud.ci.backend.unbind_bucket(BUCKET)

    code, document = terminal.json()

    (failed,) = [finding for finding in document["findings"] if finding["verdict"] == "fail"]
    assert code == 1
    assert failed == {
        "name": "media processing",
        "verdict": "fail",
        "message": f"media processing is not on for {BUCKET}",
        "advice": "CI console, the bucket: bind it, then switch media processing on",
    }
    assert document["counts"]["fail"] == 1
    assert document["unchecked"] == []


def test_what_was_not_checked_is_said(terminal: Terminal) -> None:
    terminal.env["TENCENT_SECRET_KEY"] = "something-else"

    code, output = terminal.run()

    assert code == 1
    assert "Not checked, for what they need is wrong or missing: clock, bucket" in output


def test_a_terminal_that_knows_ascii_only_is_shown_ascii(clinic: Clinic) -> None:
    clinic.configure(CALLBACK_URL="no")
    clinic.options["chosen_timeout"] = 300
    screen = io.TextIOWrapper(io.BytesIO(), encoding="ascii")

    show(clinic.examine(), Console(file=screen))

    screen.seek(0)
    lines = screen.read().splitlines()
    assert "ok settings: all valid" in lines
    assert "! callback: CI calls nobody: results wait for the sweep" in lines
    assert any(line.startswith("FAIL time-out: ") for line in lines)


def test_options_go_before_what_is_deployed(terminal: Terminal) -> None:
    code, document = terminal.json(
        "--region", "ap-shanghai", "--bucket", "other-1250000000", "--function-timeout", "300"
    )

    failed = {finding["name"]: finding["message"] for finding in document["findings"] if finding["verdict"] == "fail"}
    assert code == 1
    assert failed["bucket"] == "other-1250000000 does not exist in ap-shanghai"
    assert "300" in failed["time-out"]


def test_no_secret_is_ever_shown(terminal: Terminal) -> None:
    for arguments in ((), ("--json",)):
        _, output = terminal.run(*arguments)
        assert STRONG_SECRET not in output
        assert terminal.cloud.cam.account.secret_key not in output


def test_with_nothing_set_it_says_what_is_missing(tmp_path: Path) -> None:
    empty = tmp_path / ".env"
    empty.touch()

    result = CliRunner().invoke(app, ["doctor", "--env-file", str(empty)])

    assert result.exit_code == 1
    assert "DEPLOY_REGION" in result.output
    assert "WATERMARK_SECRET: is not set" in result.output
    assert "TENCENT_SECRET_ID" in result.output


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--bucket", "foo"),
        ("--region", "beijing"),
        ("--function-timeout", "-5"),
        ("--function-timeout", "0"),
        ("--env-file", "nope.env"),
        ("--env-file", "."),
    ],
)
def test_an_option_that_cannot_be_meant_is_refused_by_its_name(option: str, value: str) -> None:
    result = CliRunner().invoke(app, ["doctor", option, value], env={"COLUMNS": "200"})

    assert result.exit_code == 2
    assert f"'{option}'" in result.output
    assert "Value error" not in result.output
