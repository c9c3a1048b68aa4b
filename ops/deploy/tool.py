"""Tencent's deployment tool, `scf deploy`: https://cloud.tencent.com/document/product/1154."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

HOW_TO_GET_IT = (
    "Tencent's deployment tool `scf` is not installed. It comes from npm: "
    "`npm install --global serverless-cloud-framework`. Then run this command again."
)


class DeploymentError(Exception):
    """The tool failed; what it said has been shown."""


def find_tool(variables: Mapping[str, str]) -> str | None:
    """Where the tool is, if it is installed."""
    return shutil.which("scf", path=variables.get("PATH"))


def run_tool(tool: str, folder: Path, variables: Mapping[str, str], show: Callable[[str], None]) -> str:
    """Deploy what is in the folder; shows the output as it comes, and returns it.

    Raises:
        DeploymentError: it failed.
    """
    out: list[str] = []
    with subprocess.Popen(  # noqa: S603 - what the operator installed
        [tool, "deploy"],
        cwd=folder,
        env=dict(variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        assert process.stdout is not None  # noqa: S101 - says so to the type checker
        for line in process.stdout:
            show(line)
            out.append(line)
    if process.returncode:
        raise DeploymentError(f"`scf deploy` ended with code {process.returncode}")
    return "".join(out)


def function_url(output: str, region: str) -> str | None:
    """The function URL that the tool's output shows, if it shows exactly one.

    What the output looks like is not documented; what a URL looks like is:
    https://cloud.tencent.com/document/product/583/96099.
    """
    found = set(re.findall(rf"https://[0-9]+-[a-z0-9]+\.{re.escape(region)}\.tencentscf\.com", output))
    return found.pop() if len(found) == 1 else None
