"""Lines that are there already."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from ops.logs.line import read_line
from ops.logs.wanted import About, Wanted
from ops.tencent.log_lines import Order, search_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.logs.line import LogLine
    from ops.logs.place import Place
    from ops.tencent.log_lines import Line

#: Seconds by which this machine's clock may be behind those of the functions: with more, calls would not be taken.
AHEAD = 300


def lines_about(place: Place, bucket: str, key: str, since: float, until: float) -> list[LogLine]:
    """All lines about one object, the newest last. Raises CloudError."""
    return newest(place, Wanted(about=About.object(bucket, key)), since, until)


def newest(place: Place, wanted: Wanted, since: float, until: float, most: int | None = None) -> list[LogLine]:
    """The newest lines that are wanted, from `since` on and before `until`; the newest last. Raises CloudError."""
    asked = raw_lines(place, wanted, since, until, Order.NEWEST_FIRST)
    found = (read_line(line, place.functions) for line in asked)
    return list(islice((line for line in found if line and wanted.is_met_by(line)), most))[::-1]


def raw_lines(place: Place, wanted: Wanted, since: float, until: float, order: Order) -> Iterator[Line]:
    """All lines among which those are that are wanted."""
    query = wanted.query(tuple(place.functions), indexed=place.indexed)
    return search_all(place.api, place.topic, query, round(since * 1000), round(until * 1000), order)
