"""The page, without a browser."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING

import pytest

from ops.report.markup import shown
from ops.report.page import WORDS
from ops.report.summary import Choice
from ops.report.words import Language
from tests.ops.report.document import read_page
from tests.ops.report.pages import HOSTILE, a_page, data_of, hostile_records
from tests.ops.report.records import a_record

if TYPE_CHECKING:
    from pathlib import Path

#: Says the same on every Python.
pytestmark = pytest.mark.once


def test_the_page_says_how_many_and_what_they_cost(tmp_path: Path) -> None:
    text = a_page(
        tmp_path,
        a_record("a", verdict="found", text="ACME"),
        a_record("b", jobs=()),
        a_record("c", verdict="failed", code="Broken", message="no frames"),
        a_record("d", verdict="skipped", applied=0, reason="archived"),
        choice=Choice("2026-11-01T00:00:00Z", "2026-11-22T00:00:00Z", "uploads/"),
    )
    document = read_page(text)

    cards = [[part.text for part in card.all("p")] for card in document.all("div", class_="card")]
    assert cards == [
        ["Uploads", "4", "3 on the object"],
        ["Watermark found", "1", "1 on the object"],
        ["No watermark", "1", "1 on the object"],
        ["Failed", "1", "1 on the object"],
        ["Not checked", "1", "for the reasons below"],
        ["Jobs", "2"],
        ["Estimate", "17.00 USD"],
        ["Saved by known answers", "8.50 USD", "Uploads without a job: 1"],
    ]
    assert [p.text for p in document.one("header").all("p")] == [
        "2026-11-01 00:00:00 to 2026-11-22 00:00:00 (UTC)",
        "Bucket: videos-1250000000",
        "Only keys that begin with uploads/",
    ]
    assert "2 × 10 × 0.85 USD. How long" in document.text
    assert "Made 2026-11-26 04:00:00 (UTC) with cos-watermark 1.2.3, from the ledger as it was at" in document.text
    assert "Archived: it is checked after it is restored" in document.text


def test_the_plot_has_a_bar_a_day_with_its_numbers_in_words_and_in_a_table(tmp_path: Path) -> None:
    rows = [a_record("a"), a_record("b", verdict="found"), a_record("c", at="2026-11-22T00:00:00Z", verdict="failed")]

    document = read_page(a_page(tmp_path, *rows, choice=Choice("2026-11-20T00:00:00Z", "2026-11-23T00:00:00Z")))

    plot = document.one("svg", class_="bars")
    assert [title.text for title in plot.all("title")] == [
        "20 Nov: Watermark found 1, No watermark 1", "21 Nov: 0", "22 Nov: Failed 1"
    ]  # fmt: skip
    drawn = {name: tuple(float(bar.attributes[side]) for side in ("y", "height"))
             for bar in plot.all("rect") if (name := bar.attributes["class"]) != "area"}  # fmt: skip
    assert drawn == {"fill-found": (110, 98), "fill-none": (12, 98), "fill-failed": (110, 98)}
    numbers = document.one("table", class_="numbers")
    assert [[cell.text for cell in row.children] for row in numbers.one("tbody").children] == [
        ["2026-11-20", "1", "1", "0", "0", "2"], ["2026-11-21", "0", "0", "0", "0", "0"],
        ["2026-11-22", "0", "0", "1", "0", "1"],
    ]  # fmt: skip
    assert document.one(id=plot.attributes["aria-labelledby"]).text.startswith("Bars: Uploads per day")


def test_nothing_outside_the_page_is_named_and_nothing_inside_but_its_own_runs(tmp_path: Path) -> None:
    document = read_page(a_page(tmp_path, *hostile_records()))

    policy = document.one("meta", http_equiv="Content-Security-Policy").attributes["content"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    (style,) = document.all("style")
    (script,) = (one for one in document.all("script") if "type" not in one.attributes)
    assert directives == {
        "default-src": "'none'", "style-src": sha256(style.text), "script-src": sha256(script.text),
        "img-src": "data:", "base-uri": "'none'", "form-action": "'none'",
    }  # fmt: skip
    named = [value for one in document.all() for name in ("src", "href", "style", "action", "onerror")
             if (value := one.attributes.get(name)) is not None]  # fmt: skip
    assert named == ["data:,"]
    assert not re.search(r"url\(|@import|https?:", style.text + script.text)


def sha256(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@pytest.mark.parametrize("language", Language)
def test_what_others_wrote_is_text_and_nothing_else(tmp_path: Path, language: Language) -> None:
    friendly = read_page(a_page(tmp_path / "a", *(a_record(f"{n}") for n in range(3)), language=language))

    text = a_page(tmp_path / "b", *hostile_records(), language=language)
    document = read_page(text)

    assert {one.name for one in document.all()} - {one.name for one in friendly.all()} <= {
        "bdi",
        "code",
        "table",
        "th",
        "td",
    }
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0\uffff]", text)
    text.encode()
    keys = {bdi.text for bdi in document.all("bdi", class_="key")}
    assert keys >= {shown(one) for one in HOSTILE[:5]}
    assert {row[1] for row in data_of(document)["rows"]} == {shown(one) for one in HOSTILE}


def test_directions_of_scripts_end_where_the_text_does_that_has_them(tmp_path: Path) -> None:
    evil = "\u202egpj.exe"
    texts = {"key": evil, "bucket": evil, "text": evil, "code": evil, "message": evil}

    document = read_page(a_page(tmp_path, a_record("a", verdict="failed", **texts), choice=Choice(prefix="\u202e")))

    isolated = sum(bdi.text.count("\u202e") for bdi in document.all("bdi"))
    data = document.one("script", id="data").text
    assert isolated == document.text.count("\u202e") > 5
    assert data.isascii()
    assert "<" not in data


def test_a_text_that_is_too_long_is_cut_but_a_key_is_not(tmp_path: Path) -> None:
    long = "长" * 850

    (row,) = data_of(read_page(a_page(tmp_path, a_record("a", key=long, verdict="found", text=long))))["rows"]

    assert (row[1], row[5]) == (long, f"{'长' * 300}…")


def test_without_a_script_the_first_rows_are_there(tmp_path: Path) -> None:
    rows = [a_record(f"{n}", key=f"{n}.mp4", at=f"2026-11-20T09:{n % 60:02}:{n // 60:02}Z") for n in range(120)]

    document = read_page(a_page(tmp_path, *rows, most_rows=100))

    body = document.one("tbody", id="body")
    assert [row.one("bdi", class_="key").text for row in body.children[:2]] == ["119.mp4", "59.mp4"]
    assert (len(body.children), len(data_of(document)["rows"])) == (50, 100)
    assert "The newest 50 are shown." in document.one(id="without").text
    assert "The table has the newest 100 of 120 results" in document.text
    assert "hidden" in document.one(id="controls").attributes


def test_a_result_that_is_not_on_its_object_says_so(tmp_path: Path) -> None:
    rows = [
        a_record("a", key="on", verdict="found"),
        a_record("b", key="off", verdict="found", applied=0, reason="unwritable"),
        a_record("c", key="none", verdict="skipped", applied=0, reason="archived"),
    ]

    document = read_page(a_page(tmp_path, *rows))

    shown = {row.one("bdi", class_="key").text: row for row in document.one("tbody", id="body").children}
    missing = [key for key, row in shown.items() if "hidden" not in row.one("span", class_="missing").attributes]
    assert (missing, shown["off"].one("bdi", class_="code").text) == (["off"], "unwritable")


def test_tables_can_be_read_aloud(tmp_path: Path) -> None:
    document = read_page(a_page(tmp_path, *hostile_records(), language=Language.CHINESE))

    assert document.one("html").attributes["lang"] == "zh-CN"
    assert {th.attributes.get("scope") for th in document.all("th")} == {"col", "row"}
    assert [th.attributes.get("aria-sort") for th in document.one(id="results").all("th")] == [
        "descending",
        *6 * [None],
    ]
    assert all(one.attributes.get("aria-label") for name in ("input", "select") for one in document.all(name))
    headings = [one.name for one in document.all() if re.fullmatch("h[1-6]", one.name)]
    assert headings[0] == "h1"
    assert "h1" not in headings[1:]


@pytest.mark.parametrize("language", Language)
def test_a_time_without_results_says_so_and_no_more(tmp_path: Path, language: Language) -> None:
    document = read_page(a_page(tmp_path, language=language))

    assert WORDS[language].nothing in document.text
    assert [one.text for one in document.all("h2")] == [WORDS[language].over_time, WORDS[language].spending]
    assert list(document.all("script")) == []


def test_results_that_took_nobody_any_time_say_that_nothing_was_measured(tmp_path: Path) -> None:
    document = read_page(a_page(tmp_path, a_record("a", verdict="skipped", applied=0, reason="gone")))

    assert document.text.count("Nothing was measured.") == 2
    assert "No upload failed." in document.text
