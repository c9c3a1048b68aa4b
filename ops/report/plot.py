"""The plot: bars in SVG that need no script, as wide as the page, with letters that stay as they are.

Places from left to right are percentages and places from top to bottom are pixels, so that a narrow screen makes bars
narrow and no letter small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.report.markup import Html, joined, tag
from shared.domain.result import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ops.report.periods import Period, Step
    from ops.report.words import Words

#: From the bottom of a bar to its top.
STACKED = (Verdict.FOUND, Verdict.NONE, Verdict.FAILED, Verdict.SKIPPED)
#: Pixels: all, above the highest line, below the lowest.
_HEIGHT, _TOP, _BOTTOM = 236, 12, 28
#: Lines, and days with their names, at most; narrow screens name every second.
_LINES, _NAMES = 4, 6
#: What is left between two bars.
_GAP = 0.22


def plot(bars: Sequence[Period], step: Step, words: Words) -> Html:
    """The numbers at the left, and the bars."""
    ticks = _ticks(max((bar.total for bar in bars), default=0))
    labels = (tag("text", f"{tick:,}", x="100%", y=_y(tick, ticks[-1]) + 4, text_anchor="end") for tick in ticks)
    lines = (
        tag("line", x1="0", x2="100%", y1=y, y2=y, class_="grid" if tick else "axis")
        for tick in ticks
        for y in (_y(tick, ticks[-1]),)
    )
    drawn = (_bar(place, len(bars), bar, step, ticks[-1], words) for place, bar in enumerate(bars))
    return tag(
        "div",
        tag("svg", *labels, class_="scale", height=_HEIGHT, aria_hidden="true"),
        tag("svg", *lines, *drawn, class_="bars", height=_HEIGHT, width="100%", role="img", aria_labelledby="plotted"),
        class_="plot",
    )


def _bar(place: int, count: int, bar: Period, step: Step, top: int, words: Words) -> Html:
    left, width = 100 * (place + _GAP / 2) / count, 100 * (1 - _GAP) / count
    parts: list[Html] = []
    below = 0
    for verdict in STACKED:
        number = bar.verdicts.get(verdict, 0)
        if number:
            begin, end = _y(below, top), _y(below + number, top)
            size = {"x": f"{left:.3f}%", "width": f"{width:.3f}%", "y": f"{end:g}", "height": f"{begin - end:g}"}
            parts.append(tag("rect", class_=f"fill-{verdict.value}", **size))
        below += number
    # What a pointer shows, for the whole height: the bars of quiet days are too low to be met.
    area = tag(
        "rect", x=f"{100 * place / count:.3f}%", width=f"{100 / count:.3f}%", y="0", height="100%", class_="area"
    )
    numbers = words.comma.join(f"{words.verdicts[one]} {n:,}" for one in STACKED if (n := bar.verdicts.get(one, 0)))
    title = tag("title", words.colon.join((words.named(bar.begin, step), numbers or "0")))
    return joined(tag("g", title, area, *parts), _name(place, count, bar, step, words))


def _name(place: int, count: int, bar: Period, step: Step, words: Words) -> Html:
    """The day below a bar. At both ends it stays above the bars, where there are many."""
    every = -(-count // _NAMES)
    if place % every:
        return Html("")
    x, anchor = f"{100 * (place + 0.5) / count:.3f}%", "middle"
    if count > _NAMES and place in (0, count - 1):
        x, anchor = ("100%", "end") if place else ("0", "start")
    wide = "wide" if (place // every) % 2 else ""
    return tag("text", words.named(bar.begin, step), x=x, y=_HEIGHT - 8, text_anchor=anchor, class_=wide)


def _y(number: int, top: int) -> float:
    """How far from the top of the picture a number is."""
    return round(_TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - number / top), 2)


def _ticks(most: int) -> list[int]:
    """Round numbers from 0 to the most or a little more."""
    step = next(
        size * power
        for power in (10**exponent for exponent in range(19))
        for size in (1, 2, 5)
        if size * power * _LINES >= most
    )
    return [step * place for place in range(max(1, -(-most // step)) + 1)]
