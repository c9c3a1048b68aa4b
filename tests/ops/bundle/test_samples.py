"""The bundle has the packages that the samples of docs/samples/ import, for they are deployed with it."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.samples.stand import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

#: Says the same on every Python.
pytestmark = pytest.mark.once

#: The one warning that docs/integrate.md tells of.
TOLD_OF = "ignore:Unable to find acceptable character detection dependency"


@pytest.mark.parametrize("name", ["tell", "act"])
def test_a_sample_can_be_loaded_with_nothing_else_installed(python: Path, unzipped: Path, name: str) -> None:
    environment = {"PYTHONPATH": f"{SAMPLES / name}:{unzipped}", "PYTHONDONTWRITEBYTECODE": "1"}
    program = "import index, qcloud_cos; print(index.__file__, qcloud_cos.__file__)"

    done = subprocess.run(  # noqa: S603 - our own program
        [python, "-S", "-W", TOLD_OF, "-c", program],
        cwd=unzipped,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    expected = f"{SAMPLES / name / 'index.py'} {unzipped / 'qcloud_cos' / '__init__.py'}"
    assert (done.stderr, done.stdout.strip()) == ("", expected)
