"""Both languages say the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import date

import pytest

from ops.checkout import ROOT
from ops.report.figures import duration, moment, size
from ops.report.page import WORDS
from ops.report.periods import Step
from ops.report.words import Language, Words
from shared.domain.outcome import Reason
from shared.domain.result import Verdict

#: Says the same on every Python.
pytestmark = pytest.mark.once

ENGLISH, CHINESE = WORDS[Language.ENGLISH], WORDS[Language.CHINESE]


def texts(words: Words) -> dict[str, str]:
    """Every text by its name, and by what it is about."""
    found: dict[str, str] = {}
    for field in fields(words):
        value = getattr(words, field.name)
        if isinstance(value, str):
            found[field.name] = value
        elif isinstance(value, Mapping):
            found |= {f"{field.name} {one}": text for one, text in value.items()}
        else:
            found |= {f"{field.name} {place}": text for place, text in enumerate(value)}
    return found


def test_both_languages_have_the_same_texts_with_the_same_gaps() -> None:
    english, chinese = texts(ENGLISH), texts(CHINESE)

    assert english.keys() == chinese.keys()
    for name in english.keys() - {"day", "month"}:
        assert set(re.findall(r"\{\w*\}", english[name])) == set(re.findall(r"\{\w*\}", chinese[name])), name


def test_no_text_was_left_in_the_other_language() -> None:
    # A month's number is followed by its sign, which is in the pattern.
    chinese = {name: text for name, text in texts(CHINESE).items() if not name.startswith("months ")}

    assert [name for name, text in chinese.items() if name != "tag" and not re.search(r"[\u3001-\uffee]", text)] == []
    assert [name for name, text in texts(ENGLISH).items() if re.search(r"[\u3001-\uffee]", text)] == []


def reasons_of_records() -> set[Reason]:
    """By the table of outcomes in docs/reference.md, where a line without an outcome goes on with the one above it."""
    text = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    table = text.partition("\n## Outcomes\n")[2].partition("\n## ")[0]
    outcomes, found = "", set()
    for line in re.findall(r"^\| *(`.*?)? *\| *(`.*?`)? *\|", table, re.MULTILINE):
        outcomes = line[0] or outcomes
        if "`recorded`" in outcomes:
            found |= {Reason(name) for name in re.findall(r"`(\w+)`", line[1])}
    return found


@pytest.mark.parametrize("words", WORDS.values(), ids=lambda words: words.tag)
def test_each_verdict_each_step_and_each_reason_of_a_record_has_words(words: Words) -> None:
    assert Reason.UNWRITABLE in reasons_of_records()
    assert words.meanings.keys() == reasons_of_records()
    assert words.verdicts.keys() == set(Verdict)
    assert words.per.keys() == words.begins.keys() == set(Step)


@pytest.mark.parametrize(
    ("step", "english", "chinese"),
    [
        (Step.DAY, "5 Nov", "11月5日"),
        (Step.WEEK, "5 Nov", "11月5日"),
        (Step.MONTH, "Nov 2026", "2026年11月"),
        (Step.YEAR, "2026", "2026"),
    ],
)
def test_days_are_named_as_people_name_them(step: Step, english: str, chinese: str) -> None:
    begin = date(2026, 11, 5)

    assert (ENGLISH.named(begin, step), CHINESE.named(begin, step)) == (english, chinese)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"), (59, "59 s"), (60, "1 min"), (200, "3 min 20 s"), (3600, "1 h"), (3660, "1 h 1 min"),
        (3601, "1 h"), (86_399, "23 h 59 min"), (90_000, "1 d 1 h"), (86_400_000, "1,000 d"),
    ],
)  # fmt: skip
def test_a_duration_has_its_two_largest_units(seconds: int, said: str) -> None:
    assert duration(seconds, ENGLISH.units) == said


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KB"), (1_048_575, "1.0 MB"), (5 * 2**40, "5.0 TB"),
     (2**60, "1,048,576.0 TB")],
)  # fmt: skip
def test_a_size_is_in_units_of_1024(count: int, said: str) -> None:
    assert size(count) == said


@pytest.mark.parametrize("at", ["", "yesterday", "2026-11-20"])
def test_what_is_no_time_stays_as_it_is(at: str) -> None:
    assert moment(at) == at
    assert moment("2026-11-20T08:00:00Z") == "2026-11-20 08:00:00"
