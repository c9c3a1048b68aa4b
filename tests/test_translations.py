"""The Chinese documents follow the English ones; what changed is named, with what to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from ops.checkout import ROOT
from tests.translations.__main__ import DATED
from tests.translations.compare import misplaced, said_of, stale, unlike
from tests.translations.pairs import PAIRS, Pair
from tests.translations.typesetting import flaws

if TYPE_CHECKING:
    from pathlib import Path

#: Says the same on every Python.
pytestmark = pytest.mark.once

WORDS = ROOT / "docs" / "words.zh-CN.md"
IN_CHINESE = [*(ROOT / pair.chinese for pair in PAIRS), WORDS]

every_pair = pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.english)


@every_pair
def test_each_section_has_its_translation_in_its_place(pair: Pair) -> None:
    said = misplaced(pair)
    assert not said, "\n".join(said)


@every_pair
def test_no_section_changed_since_it_was_translated(pair: Pair) -> None:
    said = [said_of(pair, *both) for both in stale(pair)]
    assert not said, "\n".join(said)


@every_pair
def test_code_numbers_tables_and_links_are_those_of_the_english_text(pair: Pair) -> None:
    said = list(unlike(pair))
    assert not said, "\n".join(said)


@every_pair
def test_each_says_at_the_top_how_old_it_is_and_leads_to_the_other(pair: Pair) -> None:
    english, chinese = ("\n".join(pair.text(name).splitlines()[:10]) for name in (pair.english, pair.chinese))
    assert f"[中文]({pair.chinese.rpartition('/')[2]})" in english
    assert f"[English]({pair.english.rpartition('/')[2]})" in chinese
    assert DATED.search(chinese)


@pytest.mark.parametrize("file", IN_CHINESE, ids=lambda file: file.name)
def test_chinese_text_is_set_with_care(file: Path) -> None:
    assert list(flaws(file.read_text(encoding="utf-8"))) == []


def test_every_chinese_document_is_looked_at() -> None:
    assert {*(ROOT / "docs").glob("*.zh-CN.md"), *ROOT.glob("*.zh-CN.md")} == set(IN_CHINESE)


def test_every_word_of_ours_has_its_chinese_one() -> None:
    def column(text: str, head: str) -> list[str]:
        return re.findall(r"^\| ([^|]+?) \|", text.partition(head)[2].partition("\n\n")[0], re.MULTILINE)[1:]

    english = column((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), "| Word | Means |")
    assert column(WORDS.read_text(encoding="utf-8"), "| 英文 | 中文 | 含义 |") == english != []
