"""Terminals that cannot show everything, and readers that go away."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ops.checkout import ROOT

if TYPE_CHECKING:
    from pathlib import Path

#: Says the same on every Python.
pytestmark = pytest.mark.once


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ops", *arguments]
    given = {**os.environ, **environment}
    return subprocess.run(command, env=given, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own program


def test_what_a_terminal_cannot_show_is_no_reason_to_end_with_a_trace(tmp_path: Path) -> None:
    done = run("setup", "--print", "--env-file", str(tmp_path / "假期.env"), PYTHONIOENCODING="latin-1")

    assert (done.returncode, done.stderr) == (0, "")
    assert "Copy .env.example to \\u5047\\u671f.env" in done.stdout


def test_a_reader_that_goes_away_ends_a_command_without_a_word() -> None:
    shell = f"'{sys.executable}' -m ops probe --list | head -1"
    done = subprocess.run(["sh", "-c", shell], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603, S607 - our own program

    assert (done.stdout.startswith("  policy-submit: "), done.stderr) == (True, "")


def test_a_closed_output_is_no_reason_to_end_with_a_trace(tmp_path: Path) -> None:
    shell = f"'{sys.executable}' -m ops list --env-file '{tmp_path}/.env' >&-"
    done = subprocess.run(["sh", "-c", shell], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603, S607 - our own program

    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
