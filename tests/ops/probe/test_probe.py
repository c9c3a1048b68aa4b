"""The whole probe, on the fake cloud: every answer is what is assumed, for the fakes are built so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from ops.probe.command import probe
from tests.ops.probe.prober import a_prober, nothing_left

if TYPE_CHECKING:
    from pathlib import Path

#: Says the same on every Python.
pytestmark = pytest.mark.once


def test_on_the_fakes_every_answer_is_as_assumed(tmp_path: Path) -> None:
    report = tmp_path / "report.md"
    with a_prober(tmp_path) as operator:
        code, said = operator.run(probe, "--yes", "--report", str(report))

    text = report.read_text(encoding="utf-8")
    print(said)
    print(text)
    assert re.findall(r"^## [≠?].*", text, re.MULTILINE) == []
    assert code == 0
    assert nothing_left(operator.cloud)
