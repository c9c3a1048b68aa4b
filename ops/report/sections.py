"""The parts of the page above its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.bill import cost, usd
from ops.report.figures import duration, moment
from ops.report.markup import Html, foreign, joined, key, tag
from ops.report.periods import periods
from ops.report.plot import STACKED, plot
from ops.report.summary import Count
from shared.domain.outcome import Reason
from shared.domain.result import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from ops.report.summary import Group, Groups, Summary, Times
    from ops.report.words import Words

#: Characters of a message or watermark that are shown.
MOST_TEXT = 300
_REASONS = {reason.value: reason for reason in Reason}


def totals(summary: Summary, words: Words) -> Html:
    """The numbers that a reader looks for first."""
    applied = sum(count.applied for count in summary.counts.values())
    cards = [_card("all", words.uploads, summary.total, words.on_object.format(count=f"{applied:,}"))]
    for verdict in STACKED:
        count = summary.counts.get(verdict, Count())
        below = words.on_object.format(count=f"{count.applied:,}")
        if verdict is Verdict.SKIPPED:
            below = words.see_reasons if count.all else ""
        cards.append(_card(verdict.value, words.verdicts[verdict], count.all, below))
    notes = []
    if summary.known:
        notes.append(words.known.format(count=f"{summary.known:,}"))
    notes.append(words.now.format(in_flight=f"{summary.in_flight:,}", waiting=f"{summary.waiting:,}"))
    return tag("section", tag("div", *cards, class_="cards"), *(tag("p", note, class_="note") for note in notes))


def over_time(summary: Summary, since: str, last: str, words: Words) -> Html:
    """The plot, and its numbers for people who cannot see it. `since` may be empty, and `last` is the last second."""
    step, bars = periods(summary.days, since, last)
    if not bars:
        return _section(words.over_time, tag("p", words.nothing))
    legend = (
        tag("li", tag("span", class_=f"dot {verdict.value}", aria_hidden="true"), words.verdicts[verdict])
        for verdict in STACKED
    )
    names = [words.begins[step], *(words.verdicts[verdict] for verdict in STACKED), words.jobs]
    rows = (
        [words.exact(bar.begin, step), *(f"{bar.verdicts.get(one, 0):,}" for one in STACKED), f"{bar.jobs:,}"]
        for bar in bars
    )
    return _section(
        words.over_time,
        tag(
            "figure",
            tag("figcaption", words.per[step]),
            tag("ul", *legend, class_="legend"),
            plot(bars, step, words),
            tag("p", words.plotted.format(what=words.per[step]), id="plotted", class_="unseen"),
        ),
        tag("details", tag("summary", words.numbers), _table(names, rows, "numbers")),
    )


def failures(found: Groups, words: Words) -> Html:
    """What went wrong, the most frequent first."""
    if not found.named:
        return _section(words.failures, tag("p", words.no_failures))
    rows = [[tag("code", foreign(cut(one.name))) if one.name else words.no_code, *_group(one)] for one in found.named]
    return _section(words.failures, _groups([words.code, words.count, words.example], rows, found, words))


def reasons(found: Groups, words: Words) -> Html:
    """Why results are not on their objects."""
    if not found.named:
        return _section(words.reasons, tag("p", words.no_reasons))
    rows = [[_reason(one.name, words), *_group(one)] for one in found.named]
    table = _groups([words.reason, words.count, words.example], rows, found, words)
    return _section(words.reasons, tag("p", words.reasons_lead, class_="note"), table)


def spending(summary: Summary, minutes: int, price: Decimal, words: Words) -> Html:
    """Jobs, and what they cost if all videos are so long."""
    cards = [
        _card("", words.jobs, summary.jobs, ""),
        _card("", words.estimate, usd(cost(summary.jobs, price, minutes)), ""),
        _card(
            "", words.saved, usd(cost(summary.known, price, minutes)), words.saved_by.format(count=f"{summary.known:,}")
        ),
    ]
    how = words.estimated.format(jobs=f"{summary.jobs:,}", minutes=f"{minutes:,}", price=usd(price))
    # A line may end at a hyphen, and an option cannot be read then.
    before, option, after = how.partition("--minutes")
    notes = [before, tag("code", option, class_="option"), after], [words.not_counted]
    shown = (tag("p", *note, class_="note") for note in notes)
    return _section(words.spending, tag("div", *cards, class_="cards three"), *shown)


def slowest(summary: Summary, words: Words) -> Html:
    """What took longest: from upload to result, and at Cloud Infinite."""
    return _section(
        words.slowest,
        _times(words.since_upload, words.since_upload_note, summary.since_upload, words),
        _times(words.since_job, "", summary.since_job, words),
    )


def _section(title: str, *parts: Html) -> Html:
    return tag("section", tag("h2", title), *parts)


def _card(kind: str, name: str, value: int | str, below: str) -> Html:
    number = f"{value:,}" if isinstance(value, int) else value
    dot = [tag("span", class_=f"dot {kind}", aria_hidden="true")] if kind not in ("", "all") else []
    under = [tag("p", below, class_="below")] if below else []
    return tag("div", tag("p", *dot, name, class_="name"), tag("p", number, class_="number"), *under, class_="card")


def _table(names: Sequence[str], rows: Iterable[Sequence[Html | str]], kind: str) -> Html:
    """A table whose first column names its rows; each cell knows its column's name, for narrow screens."""
    head = tag("tr", *(tag("th", name, scope="col") for name in names))
    body = (
        tag(
            "tr",
            tag("th", row[0], scope="row"),
            *(tag("td", cell, data_name=name) for name, cell in zip(names[1:], row[1:], strict=True)),
        )
        for row in rows
    )
    return tag("table", tag("thead", head), tag("tbody", *body), class_=kind)


def _groups(names: Sequence[str], rows: list[list[Html | str]], found: Groups, words: Words) -> Html:
    others: list[list[Html | str]] = [[words.others, f"{found.others:,}", ""]] if found.others else []
    return _table(names, [*rows, *others], "groups")


def _group(group: Group) -> list[Html | str]:
    said = [tag("p", foreign(cut(group.message)), class_="detail")] if group.message else []
    return [f"{group.count:,}", joined(key(group.key), *said)]


def _reason(name: str, words: Words) -> Html:
    code = tag("code", foreign(cut(name)))
    meaning = words.meanings.get(_REASONS[name]) if name in _REASONS else None
    return joined(code, tag("p", meaning, class_="detail")) if meaning else code


def _times(title: str, note: str, times: Times, words: Words) -> Html:
    if not times.count:
        return joined(tag("h3", title), tag("p", words.no_times))
    half, most = (duration(seconds, words.units) for seconds in (times.median, times.most))
    usual = words.usual.format(median=half, most=most, count=f"{times.count:,}")
    names = [words.object, words.begun, words.took]
    rows: list[list[Html | str]] = [
        [key(one.key), moment(one.begun), duration(one.seconds, words.units)] for one in times.slowest
    ]
    said = (tag("p", text, class_="note") for text in (usual, note) if text)
    return joined(tag("h3", title), *said, _table(names, rows, "slow"))


def cut(text: str) -> str:
    """As much of a foreign text as is shown."""
    return text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]}…"
