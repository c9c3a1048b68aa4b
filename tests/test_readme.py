"""The README says what the code does."""

from __future__ import annotations

import re

from ops.readme import README, renewed
from shared.domain.outcome import Kind, Reason
from shared.settings import Settings, variable

TEXT = README.read_text(encoding="utf-8")


def test_its_generated_parts_are_up_to_date() -> None:
    assert renewed(TEXT) == TEXT, "run `make readme`"


def test_every_outcome_and_reason_has_its_row() -> None:
    table = TEXT.partition("## Outcomes")[2].partition("\n## ")[0]
    for word in (*Kind, *Reason):
        assert f"`{word.value}`" in table


def test_every_variable_it_names_exists() -> None:
    known = {variable(name) for name in Settings.model_fields}
    assert set(re.findall(r"WATERMARK_[A-Z_]+[A-Z]", TEXT)) <= known


def test_every_file_it_names_exists() -> None:
    for path in re.findall(r"\]\(([\w./-]+)\)", TEXT) + re.findall(r"`((?:tests|shared|fakes)/[\w./]*)`", TEXT):
        assert (README.parent / path).exists(), path
