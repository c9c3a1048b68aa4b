"""`make help` has a line for everything that a person may call, and fits a terminal."""

from __future__ import annotations

import os
import re

import pytest

from ops.checkout import ROOT
from tests.checkout.copies import make

pytestmark = pytest.mark.once

#: Only other targets call them.
INTERNAL = {"measured", "python-found", "stale", "unmeasured"}


@pytest.fixture(scope="module")
def said() -> str:
    return make(ROOT, VERSIONS="3.12", PATH=os.environ["PATH"]).stdout


def test_every_target_has_its_line(said: str) -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: ([a-z -]+)", text, re.MULTILINE)
    explained = re.findall(r"^  make ([\w.-]+) +\S", said, re.MULTILINE)

    assert set(explained) == set(phony.split()) - INTERNAL | {"test-3.12"}
    assert len(explained) == len(set(explained))


def test_it_fits_a_terminal_and_begins_with_what_a_newcomer_runs(said: str) -> None:
    lines = said.splitlines()

    assert max(map(len, lines)) <= 80
    assert lines[0] == "New here? Begin with: make demo"
    assert lines[-1].startswith("Pythons here: ")
