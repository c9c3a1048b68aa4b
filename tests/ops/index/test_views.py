"""The views say what a plain computation over the same rows says."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ops.index.index import open_index

if TYPE_CHECKING:
    from collections.abc import Callable

#: Says the same on every Python.
pytestmark = pytest.mark.once

Row = dict[str, Any]
_TIMES = st.sampled_from(["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z"])
_BUCKETS, _KEYS, _UPLOADS = st.sampled_from("BC"), st.sampled_from(["a", "ä", "😀'"]), st.sampled_from("uvwx")
_ALWAYS = {"etag": "e", "region": "r", "size": 1}
_RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.uuids().map(str),
            "upload": _UPLOADS,
            "bucket": _BUCKETS,
            "key": _KEYS,
            "modified": _TIMES,
            "at": _TIMES,
            "verdict": st.sampled_from(["found", "skipped"]),
            "applied": st.integers(0, 1),
            "job": st.sampled_from([None, "j"]),
            **{name: st.just(value) for name, value in {**_ALWAYS, "jobs": "[]", "attempts": 1}.items()},
        }
    ),
    max_size=8,
    unique_by=lambda row: row["name"],
)
_CLAIMS = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.uuids().map(str),
            "upload": _UPLOADS,
            "number": st.integers(1, 4),
            "bucket": _BUCKETS,
            "key": _KEYS,
            **{name: st.just(value) for name, value in {**_ALWAYS, "written": "x"}.items()},
        }
    ),
    max_size=6,
    unique_by=lambda row: (row["upload"], row["number"]),
)
_WAITING = st.lists(
    st.fixed_dictionaries(
        {"name": st.uuids().map(str), "etag": st.just("e"), "run": st.just("r"), "bucket": _BUCKETS, "key": _KEYS}
    ),
    max_size=3,
    unique_by=lambda row: row["name"],
)
_OBJECTS = st.lists(
    st.fixed_dictionaries(
        {
            "bucket": _BUCKETS,
            "key": _KEYS,
            "upload": _UPLOADS,
            "seal": st.sampled_from([None, "", "s"]),
            **{name: st.just(v) for name, v in {**_ALWAYS, "modified": "x", "storage": "x", "crc64": "1"}.items()},
        }
    ),
    max_size=6,
    unique_by=lambda row: (row["bucket"], row["key"]),
)


def best(records: list[Row]) -> Row:
    """An applied one before others, then one with a job, then the newest; what is left is settled by the name."""
    records = sorted(records, key=lambda row: row["name"])
    records.sort(key=lambda row: row["at"], reverse=True)
    return min(records, key=lambda row: (not row["applied"], row["job"] is None))


def each(rows: list[Row], of: Callable[[Row], Any], choose: Callable[[list[Row]], Row]) -> list[Row]:
    return [choose(list(group)) for _, group in groupby(sorted(rows, key=of), of)]


def results(records: list[Row]) -> list[Row]:
    return each(records, lambda row: row["upload"], best)


def latest(records: list[Row]) -> list[Row]:
    def newest(rows: list[Row]) -> Row:
        return max(rows, key=lambda row: (row["modified"], row["at"], row["name"]))

    return each(results(records), lambda row: (row["bucket"], row["key"]), newest)


def in_flight(claims: list[Row]) -> list[Row]:
    return each(claims, lambda row: row["upload"], lambda rows: max(rows, key=lambda row: row["number"]))


def never(objects: list[Row], records: list[Row], busy: list[Row]) -> list[Row]:
    looked_at, asked = {row["upload"] for row in records}, {(row["bucket"], row["key"]) for row in busy}
    return [
        row
        for row in objects
        if row["seal"] is None and row["upload"] not in looked_at and (row["bucket"], row["key"]) not in asked
    ]


@given(records=_RECORDS, claims=_CLAIMS, waiting=_WAITING, objects=_OBJECTS)
@settings(max_examples=40)
def test_views(records: list[Row], claims: list[Row], waiting: list[Row], objects: list[Row]) -> None:
    with TemporaryDirectory() as folder, open_index(Path(folder) / "index.sqlite") as index:
        tables = {"records": records, "claims": claims, "waiting": waiting, "objects": objects}
        for table, rows in tables.items():
            index.put(table, rows)

        def names(view: str, *columns: str) -> list[tuple[str, ...]]:
            return sorted(tuple(row) for row in index.rows(f"SELECT {', '.join(columns)} FROM {view}"))  # noqa: S608 - our own names

        def expected(rows: list[Row], *columns: str) -> list[tuple[str, ...]]:
            return sorted(tuple(row[column] for column in columns) for row in rows)

        assert names("results", "name") == expected(results(records), "name")
        assert names("latest", "name") == expected(latest(records), "name")
        assert names("in_flight", "name") == expected(in_flight(claims), "name")
        unseen = never(objects, records, [*claims, *waiting])
        assert names("never", "bucket", "key") == expected(unseen, "bucket", "key")
