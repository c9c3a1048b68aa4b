"""The table of all results: the first rows as HTML, for pages without JavaScript, and all of them as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.report.figures import duration, moment, size
from ops.report.markup import Html, data, joined, key, shown, tag
from ops.report.plot import STACKED
from ops.report.sections import cut

if TYPE_CHECKING:
    from ops.report.summary import Row, Summary
    from ops.report.words import Words

#: Rows that are there without a script, and that it begins with.
FIRST = 50
#: The columns, and which place in a row of the data each is sorted by. The script fills the elements of these classes.
_SORTED_BY = {"at": 0, "object": 1, "result": 3, "watermark": 5, "why": 6, "size": 8, "took": 10}


def results(summary: Summary, words: Words) -> Html:
    """The section, with what searches and sorts it."""
    names = (words.time, words.object, words.result, words.watermark, words.why, words.size, words.took)
    head = [
        tag("th", name, scope="col", class_=column, data_by=place, aria_sort="descending" if not place else False)
        for name, (column, place) in zip(names, _SORTED_BY.items(), strict=True)
    ]
    notes = []
    left_out = summary.total - len(summary.rows)
    if left_out:
        notes.append(words.left_out.format(count=f"{len(summary.rows):,}", total=f"{summary.total:,}"))
    first = [_row(one, summary, words) for one in summary.rows[:FIRST]]
    return tag(
        "section",
        tag("h2", words.results),
        *(tag("p", note, class_="note") for note in notes),
        _controls(words),
        tag("p", words.without_script.format(count=len(first)), class_="note", id="without"),
        tag("table", tag("thead", tag("tr", *head)), tag("tbody", *first, id="body"), class_="results", id="results"),
        tag("p", class_="note", id="status", role="status"),
        tag("button", words.more, type="button", id="more", hidden=True),
        tag("template", _cells([""] * 9, words, verdict="", applied=False), id="row"),
        data("data", _data(summary, words)),
    )


def _controls(words: Words) -> Html:
    options = (tag("option", words.verdicts[verdict], value=place) for place, verdict in enumerate(STACKED))
    return tag(
        "div",
        tag("input", type="search", id="search", aria_label=words.search, placeholder=words.search, autocomplete="off"),
        tag("select", tag("option", words.all, value=""), *options, id="verdict", aria_label=words.result),
        class_="controls",
        id="controls",
        hidden=True,
    )


def _row(row: Row, summary: Summary, words: Words) -> Html:
    values = _values(row, summary, words)
    texts = [str(values[place]) for place in (0, 1, 2, 5, 6, 7, 9, 11)]
    return _cells([*texts, words.verdicts[row.verdict]], words, verdict=row.verdict.value, applied=row.applied)


def _cells(texts: list[str], words: Words, *, verdict: str, applied: bool) -> Html:
    """One row; the template for the script is one without texts."""
    at, path, bucket, watermark, why, detail, length, took, result = texts
    badge = tag("span", result, class_="badge", data_verdict=verdict)
    missing = tag("span", words.not_on_object, class_="missing", hidden=applied or verdict == "skipped")
    cells = (
        (words.time, "at", tag("span", at)),
        (words.object, "object", joined(key(path), tag("bdi", bucket, class_="detail"))),
        (words.result, "result", joined(badge, missing)),
        (words.watermark, "watermark", tag("bdi", watermark)),
        (words.why, "why", joined(tag("bdi", why, class_="code"), tag("bdi", detail, class_="detail"))),
        (words.size, "size", tag("span", length)),
        (words.took, "took", tag("span", took)),
    )
    return tag("tr", *(tag("td", cell, class_=column, data_name=name) for name, column, cell in cells))


def _data(summary: Summary, words: Words) -> dict[str, object]:
    return {
        "verdicts": [[verdict.value, words.verdicts[verdict]] for verdict in STACKED],
        "shown": words.shown,
        "first": FIRST,
        "rows": [_values(row, summary, words) for row in summary.rows],
    }


def _values(row: Row, summary: Summary, words: Words) -> list[object]:
    """What the script has of a row, as it is shown, and numbers to sort by."""
    return [
        moment(row.at),
        shown(row.key),
        # The same everywhere would say nothing.
        row.bucket if len(summary.buckets) > 1 else "",
        STACKED.index(row.verdict),
        row.applied,
        shown(cut(row.text)),
        shown(cut(row.why)),
        shown(cut(row.detail)),
        row.size,
        size(row.size),
        row.seconds,
        duration(row.seconds, words.units) if row.seconds is not None else "",
    ]
