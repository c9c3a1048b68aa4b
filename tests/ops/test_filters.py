"""Which objects are wanted, as people type it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ops.filters import FilterOptions, Filters
from ops.times import seconds_of
from shared.errors import ConfigurationError

#: Says the same on every Python.
pytestmark = pytest.mark.once

NOW = seconds_of("2026-11-26T08:00:00Z")


def read(**typed: str | tuple[str, ...]) -> Filters:
    return FilterOptions(**typed).read(NOW, utc=True)  # type: ignore[arg-type] # as its fields are


def test_without_any_everything_is_wanted() -> None:
    assert read() == Filters()
    assert Filters().passes("", "", 0)
    assert not Filters().need_a_look


@pytest.mark.parametrize(
    ("include", "exclude", "key", "wanted"),
    [
        (("a/*",), (), "a/b.mp4", True),
        (("a/*",), (), "a/b/c.mp4", False),
        (("a/**", "b/**"), (), "b/c.mp4", True),
        (("a/**,b/**",), (), "b/c.mp4", True),
        (("a/**",), ("a/no/**",), "a/no/b.mp4", False),
        ((), ("*.mov",), "a.mp4", True),
        (("假期/**",), (), "假期/😀.mp4", True),
        (("a[,]b.mp4",), (), "a,b.mp4", True),
    ],
)
def test_a_key_passes_one_pattern_of_those_in_and_none_of_those_out(
    include: tuple[str, ...], exclude: tuple[str, ...], key: str, *, wanted: bool
) -> None:
    filters = read(include=include, exclude=exclude)
    assert filters.pass_key(key) == filters.passes(key, "2026-11-25T08:00:00Z", 1) == wanted
    assert not filters.need_a_look


@pytest.mark.parametrize(
    ("typed", "passing"),
    [
        ({"newer_than": "2026-11-25T08:00:00Z"}, (False, True, True)),
        ({"older_than": "2026-11-25T08:00:00Z"}, (True, True, False)),
        ({"newer_than": "24h", "older_than": "1d"}, (False, True, False)),
        ({"newer_than": "2026-11-26"}, (False, False, False)),
        ({"min_size": "1KB"}, (False, True, True)),
        ({"max_size": "1KB"}, (True, True, False)),
        ({"min_size": "1025", "max_size": "1GB"}, (False, False, True)),
    ],
)
def test_both_ends_belong_to_what_is_wanted(typed: dict[str, str], passing: tuple[bool, ...]) -> None:
    # A second before, at, and after eight o'clock; a byte below, at, and above 1 KB
    objects = [("2026-11-25T07:59:59Z", 1023), ("2026-11-25T08:00:00Z", 1024), ("2026-11-25T08:00:01Z", 1025)]
    filters = read(**typed)
    assert tuple(filters.passes("a.mp4", *one) for one in objects) == passing
    assert filters.need_a_look


@pytest.mark.parametrize("field", [field.name for field in fields(FilterOptions)])
@pytest.mark.parametrize("value", ["", " ", "{", "\udcff"])
def test_what_means_nothing_is_refused_by_the_name_of_its_option(field: str, value: str) -> None:
    typed = (value,) if field in ("include", "exclude") else value
    with pytest.raises(ConfigurationError, match=f"^--{field.replace('_', '-')}: ") as refused:
        read(**{field: typed})
    assert "\n" not in str(refused.value)


@settings(max_examples=40)
@given(st.text(max_size=12), st.sampled_from([field.name for field in fields(FilterOptions)]))
def test_whatever_is_typed_is_understood_or_refused_in_words(value: str, field: str) -> None:
    with suppress(ConfigurationError):
        filters = read(**{field: (value,) if field in ("include", "exclude") else value})
        assert filters != Filters()


def test_what_was_typed_can_be_typed_again() -> None:
    typed = FilterOptions(("a", "b"), ("c",), "7d", "1d", "1", "2GB")
    assert list(typed.typed()) == [
        *("--include", "a", "--include", "b", "--exclude", "c", "--newer-than", "7d", "--older-than", "1d"),
        *("--min-size", "1", "--max-size", "2GB"),
    ]
