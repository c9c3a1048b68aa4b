"""Asks Tencent's own library (`make toolkit`) what it would ask of the SCF API, given a serverless.yml."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.toolkit.install import Toolkit

if TYPE_CHECKING:
    from collections.abc import Mapping

_PROGRAM = Path(__file__).parent / "payloads.js"


def asked(document: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that would be sent; where the library is not installed, the test is skipped aloud."""
    toolkit, node = Toolkit(), shutil.which("node")
    if toolkit.missing or not node:
        reason = toolkit.missing or "Node.js is not installed"
        pytest.skip(f"Tencent's library was not asked what it makes of serverless.yml: {reason}")
    command = [node, str(_PROGRAM), str(toolkit.folder)]
    given = json.dumps(document)
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)  # noqa: S603 - nothing from outside
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
