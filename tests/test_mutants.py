"""The table of mutants still fits the source; `make test-mutants` runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutants import MUTANTS, ROOT, Mutant

#: Says the same on every Python.
pytestmark = pytest.mark.once


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_its_place_is_found_once_and_the_change_is_one(mutant: Mutant) -> None:
    source = (ROOT / mutant.file).read_text(encoding="utf-8")

    assert source.count(mutant.old) == 1
    changed = source.replace(mutant.old, mutant.new)
    compile(changed, mutant.file, "exec")
    assert changed != source
    assert all((Path(__file__).parent / f"{name}.py").exists() for name in mutant.tests)


def test_each_has_a_name_of_its_own() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
