"""The README, and what stands in docs/ in its place, say what the code does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from ops.readme import PARTS, README, REFERENCE, renewed
from shared.domain.outcome import Kind, Reason
from shared.settings import Settings, variable

if TYPE_CHECKING:
    from pathlib import Path

#: Says the same on every Python.
pytestmark = pytest.mark.once

TEXT = README.read_text(encoding="utf-8")
LONGEST = 120


@pytest.mark.parametrize("document", PARTS, ids=lambda document: document.name)
def test_generated_parts_are_up_to_date(document: Path) -> None:
    assert renewed(document) == document.read_text(encoding="utf-8"), "run `make readme`"


def test_a_part_that_has_no_place_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PARTS[README], "nowhere", lambda: "made")

    with pytest.raises(LookupError, match=r"README\.md has no part named nowhere"):
        renewed(README)


def test_every_outcome_and_reason_has_its_row() -> None:
    table = REFERENCE.read_text(encoding="utf-8").partition("## Outcomes")[2].partition("\n## ")[0]
    for word in (*Kind, *Reason):
        assert f"`{word.value}`" in table


def test_it_can_be_read_in_some_minutes() -> None:
    assert len(TEXT.splitlines()) <= LONGEST


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("what it costs", "**Cost: "),
        ("is it safe for my objects", "## What it changes in your bucket"),
        ("how to check old videos", "| check these old videos: each is a paid job |"),
        ("how to stop it", "| stop: within a minute no new job is submitted"),
        ("how to remove it", "| remove it; your videos, their results and the ledger stay |"),
    ],
)
def test_it_answers_what_everybody_asks_first(asked: str, found: str) -> None:
    assert found in TEXT, asked


def test_every_variable_it_names_exists() -> None:
    known = {variable(name) for name in Settings.model_fields}
    assert set(re.findall(r"WATERMARK_[A-Z_]+[A-Z]", TEXT)) <= known


def test_every_file_it_names_exists() -> None:
    for path in re.findall(r"\]\(([\w./-]+)\)", TEXT) + re.findall(r"`((?:tests|shared|fakes)/[\w./]*)`", TEXT):
        assert (README.parent / path).exists(), path
