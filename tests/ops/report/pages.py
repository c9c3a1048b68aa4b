"""Pages on records of our own making."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ops.report.counting import MOST_ROWS, summarize
from ops.report.page import WORDS, Making, page
from ops.report.summary import Choice
from ops.report.words import Language
from tests.ops.report.records import a_record, an_index, fill

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ops.report.document import Element

NOW = "2026-11-26T04:00:00Z"
MAKING = Making(NOW, "1.2.3", 10, Decimal("0.85"))
EVERYTHING = Choice()
#: What would do something if a page took it for more than text.
HOSTILE = (
    "</script><script>document.title='evil'</script>", "<!--<script>",
    "'\"><img onerror=\"document.title='evil'\" src=x>",
    "&lt;b&gt;", "\u2028\u2029\x00\x1b[31m\x85", "\u202egpj.exe\u2066", "\ufeff\u200f\U000e0041",
    "{{7*7}}${7*7}{count}", "x" * 5000, "../\\..//", "]]>", "🎬👨‍👩‍👧", "\ufdd0\uffff",
)  # fmt: skip


def a_page(
    folder: Path,
    *rows: dict[str, Any],
    choice: Choice = EVERYTHING,
    language: Language = Language.ENGLISH,
    most_rows: int = MOST_ROWS,
) -> str:
    """The page on these records."""
    with an_index(folder) as index:
        return page(summarize(fill(index, *rows), choice, most_rows), choice, MAKING, WORDS[language])


def hostile_records() -> list[dict[str, Any]]:
    """Records with such a text wherever somebody else has a say."""
    return [
        row
        for place, text in enumerate(HOSTILE)
        for row in (
            a_record(f"a{place}", key=text, bucket=text, verdict="found", text=text),
            a_record(f"b{place}", key=text, verdict="failed", code=text, message=text),
            a_record(f"c{place}", key=text, verdict="none", applied=0, reason=text, problem=text),
        )
    ]


def data_of(document: Element) -> Any:  # noqa: ANN401 - a JSON document
    """What the page's script reads."""
    return json.loads(document.one("script", id="data").text)
