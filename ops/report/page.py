"""The page: one file that needs no other, and that no browser lets ask for one."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ops.report import sections
from ops.report.chinese import CHINESE
from ops.report.english import ENGLISH
from ops.report.figures import moment
from ops.report.markup import Html, foreign, joined, tag, verbatim
from ops.report.rows import results
from ops.report.words import Language, Words
from ops.times import seconds_of
from shared.domain.result import stamp

if TYPE_CHECKING:
    from decimal import Decimal

    from ops.report.summary import Choice, Summary

#: Our own reports have it near their beginning.
MARK = '<meta name="generator" content="cos-watermark report">'
WORDS = {Language.ENGLISH: ENGLISH, Language.CHINESE: CHINESE}
_STYLE, _SCRIPT = (
    (Path(__file__).parent / name).read_text(encoding="utf-8") for name in ("page.css", "page.js")
)  # fmt: skip


@dataclass(frozen=True)
class Making:
    """What a report needs beside the numbers. `at` is now; `minutes` and `price` are for the estimate."""

    at: str
    version: str
    minutes: int
    price: Decimal


def page(summary: Summary, choice: Choice, making: Making, words: Words) -> str:
    """The whole HTML document."""
    main = [sections.totals(summary, words), sections.over_time(summary, choice.since, _last(choice, making), words)]
    if summary.total:
        found = sections.failures(summary.failures, words), sections.reasons(summary.reasons, words)
        main.append(tag("div", *found, class_="pair"))
    main.append(sections.spending(summary, making.minutes, making.price, words))
    if summary.total:
        main += [sections.slowest(summary, words), results(summary, words)]
    header, footer = _header(summary, choice, making, words), _footer(summary, making, words)
    script = [verbatim("script", _SCRIPT)] if summary.total else []
    body = tag("body", header, tag("main", *main), footer, *script)
    return f"<!DOCTYPE html>\n{tag('html', _head(words), body, lang=words.tag).text}\n"


def _head(words: Words) -> Html:
    # Before anything else, as it holds for what comes after it. The icon is empty, or a browser would ask for one.
    policy = (
        f"default-src 'none'; style-src {_hash(_STYLE)}; script-src {_hash(_SCRIPT)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        Html(MARK),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name_="referrer", content="no-referrer"),
        tag("meta", name_="viewport", content="width=device-width, initial-scale=1"),
        tag("link", rel="icon", href="data:,"),
        tag("title", words.title),
        verbatim("style", _STYLE),
    )


def _hash(source: str) -> str:
    """How a policy names a script or style: https://www.w3.org/TR/CSP3/#grammardef-hash-source."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"


def _last(choice: Choice, making: Making) -> str:
    """The last second that the report is about."""
    return stamp(seconds_of(min(choice.until or making.at, making.at)) - 1)


def _header(summary: Summary, choice: Choice, making: Making, words: Words) -> Html:
    until = moment(choice.until or making.at)
    period = words.period.format(since=moment(choice.since), until=until)
    lines = [tag("p", period if choice.since else words.period_until.format(until=until), class_="period")]
    if summary.buckets:
        name = words.bucket if len(summary.buckets) == 1 else words.buckets
        names = [part for bucket in summary.buckets for part in (words.comma, foreign(bucket))][1:]
        lines.append(tag("p", name, words.colon, *names, class_="note"))
    if choice.prefix:
        lines.append(tag("p", words.prefix, " ", tag("code", foreign(choice.prefix)), class_="note"))
    return tag("header", tag("h1", words.title), *lines)


def _footer(summary: Summary, making: Making, words: Words) -> Html:
    made = words.made.format(at=moment(making.at), version=making.version)
    looked = words.comma + words.looked.format(at=moment(summary.updated)) if summary.updated else ""
    return tag("footer", tag("p", joined(made, looked)))
