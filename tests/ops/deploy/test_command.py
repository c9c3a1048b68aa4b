"""`cos-watermark deploy`, with something in the place of Tencent's tool that notes what it was given."""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from ops.bundle.build import Bundle
from ops.bundle.errors import BundleError
from ops.checkout import SERVERLESS_YML
from ops.cli import app
from ops.deploy import command
from tests.ops.deploy.test_checks import GOOD
from tests.ops.guide import uncomment

if TYPE_CHECKING:
    from pathlib import Path

#: Says the same on every Python.
pytestmark = pytest.mark.once

URL = "https://1250000000-abc123.ap-beijing.tencentscf.com"


@dataclass(frozen=True)
class Place:
    """A checkout to deploy from, with no tool installed."""

    folder: Path

    def set(self, **variables: str) -> None:
        """Write `.env`."""
        lines = [f"{name}={value}\n" for name, value in {**GOOD, **variables}.items()]
        (self.folder / ".env").write_text("".join(lines))

    def install_tool(self, *said: str | bytes, code: int = 0) -> None:
        """Put a tool on PATH that says this."""
        tool = self.folder / "bin" / "scf"
        lines = b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in said)
        tool.write_text(
            f"#!{sys.executable}\nimport json, os, sys\n"
            f"noted = dict(os.environ, arguments=sys.argv[1:], folder=os.getcwd())\n"
            f"open({str(self.folder / 'runs')!r}, 'a').write(json.dumps(noted) + '\\n')\n"
            f"sys.stdout.buffer.write({lines!r})\nsys.exit({code})\n"
        )
        tool.chmod(0o755)

    @property
    def runs(self) -> list[dict[str, str]]:
        """What the tool was given, run by run."""
        noted = self.folder / "runs"
        return [json.loads(line) for line in noted.read_text().splitlines()] if noted.exists() else []


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    def build(folder: Path, archive: Path) -> Bundle:
        archive.write_bytes(b"")
        return Bundle(folder, archive)

    for name in [name for name in os.environ if name.startswith(("WATERMARK_", "DEPLOY_", "TENCENT"))]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(command, "BUNDLE_ARCHIVE", tmp_path / "bundle.zip")
    monkeypatch.setattr(command, "build", build)
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return Place(tmp_path)


def deploy(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["deploy", *arguments])
    return result.exit_code, result.output


def test_nothing_is_built_or_deployed_from_an_incomplete_environment(place: Place) -> None:
    place.install_tool()

    code, output = deploy()

    assert (code, place.runs, (place.folder / "bundle.zip").exists()) == (1, [], False)
    assert all(f"- {name} is not set" in output for name in GOOD)


def test_without_the_tool_it_is_said_how_to_get_it(place: Place) -> None:
    place.set()

    code, output = deploy()

    assert code == 1
    assert "npm install --global serverless-cloud-framework" in output


def test_what_is_about_to_happen_is_shown_before_without_the_secret(place: Place) -> None:
    place.set()
    place.install_tool("the tool's own words")

    _, output = deploy()

    plan, _, _ = output.partition("the tool's own words")
    assert "function cos-watermark-submit (submit.main_handler, 256 MB, 270 s, role cos-watermark-submit)" in plan
    assert f"run by cos:ObjectCreated:Put of {GOOD['DEPLOY_BUCKET_DOMAIN']}" in plan
    assert GOOD["WATERMARK_SECRET"] not in output


def test_that_nothing_bounds_the_bill_is_said_before_anything_is_deployed(place: Place) -> None:
    place.set()
    place.install_tool("the tool's own words")

    _, output = deploy()

    plan, _, _ = output.partition("the tool's own words")
    assert plan.count("warning: nothing bounds the bill: set WATERMARK_MAX_JOBS_PER_DAY.") == 1


def test_the_largest_possible_bill_is_said_before_anything_is_deployed(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a limit in the deployment file
    shutil.copy(SERVERLESS_YML, place.folder)
    limited = place.folder / SERVERLESS_YML.name
    uncomment(limited, "WATERMARK_MAX_JOBS_PER_DAY", "'100'")
    monkeypatch.setattr(command, "SERVERLESS_YML", limited)
    place.set()
    place.install_tool("the tool's own words")

    _, output = deploy()

    plan, _, _ = output.partition("the tool's own words")
    assert plan.count("largest bill: at most 100 jobs a day (UTC).") == 1
    assert "850.00 USD" in plan
    assert "warning" not in output


def test_once_the_url_is_known_it_is_deployed_again_with_it(place: Place) -> None:
    place.set()
    place.install_tool("deployed", f"  url: {URL}/")

    code, output = deploy()

    assert code == 0
    assert [run["WATERMARK_CALLBACK_URL"] for run in place.runs] == ["no", URL]
    assert {(*run["arguments"], run["folder"], run["DEPLOY_REGION"]) for run in place.runs} == {
        ("deploy", str(place.folder), "ap-beijing")
    }
    assert f"WATERMARK_CALLBACK_URL={URL}" in output


@pytest.mark.parametrize(
    "said", [["deployed"], [URL, URL.replace("abc", "def")], [URL.replace("ap-beijing", "ap-guangzhou")]]
)
def test_a_url_that_the_tool_does_not_show_has_to_be_looked_up(place: Place, said: list[str]) -> None:
    place.set()
    place.install_tool(*said)

    code, output = deploy()

    assert (code, len(place.runs)) == (0, 1)
    assert "Second step" in output


def test_with_the_url_in_the_environment_there_is_one_step(place: Place) -> None:
    place.set(WATERMARK_CALLBACK_URL=URL)
    place.install_tool(URL)

    code, output = deploy()

    assert (code, [run["WATERMARK_CALLBACK_URL"] for run in place.runs]) == (0, [URL])
    assert "Second step" not in output


def test_whoever_wants_no_callbacks_can_say_so(place: Place) -> None:
    place.set()
    place.install_tool(URL)

    code, _ = deploy("--one-step")

    assert (code, len(place.runs)) == (0, 1)


def test_the_environment_goes_before_the_file(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.set(WATERMARK_CALLBACK_URL=URL)
    place.install_tool()
    monkeypatch.setenv("WATERMARK_CALLBACK_URL", "https://example.com/")

    deploy()

    assert [run["WATERMARK_CALLBACK_URL"] for run in place.runs] == ["https://example.com/"]


def test_when_the_tool_fails_that_is_the_end(place: Place) -> None:
    place.set()
    place.install_tool("not allowed", URL, code=3)

    code, output = deploy()

    assert (code, len(place.runs)) == (1, 1)
    assert "not allowed" in output
    assert "`scf deploy` ended with code 3" in output


def test_what_the_tool_says_may_be_in_any_encoding(place: Place) -> None:
    place.set()
    place.install_tool(b"caf\xe9", URL)

    code, output = deploy()

    assert (code, len(place.runs)) == (0, 2)
    assert "caf\N{REPLACEMENT CHARACTER}" in output


def test_a_file_that_is_no_yaml_is_complained_about_in_one_line(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.set()
    place.install_tool()
    broken = place.folder / "serverless.yml"
    broken.write_text("app: x\ninputs: ]\n")
    monkeypatch.setattr(command, "SERVERLESS_YML", broken)

    code, output = deploy()

    (line,) = output.splitlines()
    assert (code, place.runs) == (1, [])
    assert "serverless.yml cannot be read: line 2: " in line


def test_without_a_bundle_nothing_is_deployed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(folder: Path, archive: Path) -> Bundle:
        raise BundleError(f"no {archive.name} in {folder.name}")

    place.set()
    place.install_tool()
    monkeypatch.setattr(command, "build", fail)

    assert deploy() == (1, "no bundle.zip in bundle\n")
    assert place.runs == []
