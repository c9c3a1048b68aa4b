"""Patterns of keys: what they stand for, which are refused, and that no pattern makes matching slow."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import globs
from shared.globs import Glob, split
from tests.shared.samples import keys

if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

#: Says the same on every Python.
pytestmark = pytest.mark.once

#: Patterns and keys that have much to do with each other.
any_pattern = st.lists(
    st.sampled_from(["a", "b", "/", "*", "**", "**/", "/**/", "?", "[*]", "[,]", "[[]", "[]]"]), min_size=1, max_size=8
).map("".join)
any_key = st.text(st.sampled_from("ab/*,[]\n"), max_size=10)


class TestWhatAPatternStandsFor:
    @pytest.mark.parametrize(
        ("pattern", "yes", "no"),
        [
            ("a.mp4", ["a.mp4"], ["A.mp4", "aXmp4", "a.mp4x", "x/a.mp4", "a.mp", ""]),
            ("*.mp4", ["a.mp4", ".mp4"], ["x/a.mp4", "a.mp4/b"]),
            ("raw/*", ["raw/a", "raw/"], ["raw/x/a", "raw"]),
            ("raw/**", ["raw/a", "raw/x/y/a"], ["raw", "x/raw/a", "raws/a"]),
            ("r?w/a", ["raw/a", "r÷w/a"], ["rw/a", "r/w/a", "raaw/a"]),
            ("**/*.mp4", ["a.mp4", "x/a.mp4", "x/y/a.mp4", "/a.mp4"], ["a.mov"]),
            ("a/**/b", ["a/b", "a/x/b", "a/x/y/b", "a//b"], ["ab", "a/xb", "xa/b"]),
            ("**/tmp/**", ["tmp/a", "x/tmp/a", "x/tmp/y/a"], ["xtmp/a", "tmp", "x/tmpy/a"]),
            ("**/**/a", ["a", "x/a", "x/y/a"], ["xa"]),
            ("a**/b", ["a/b", "ax/b", "a/x/b"], ["ab", "b"]),
            ("a**b", ["ab", "axb", "a/x/b"], ["a", "a/x"]),
            ("***", ["a", "a/b"], []),
            ("*/*", ["a/b", "/"], ["a", "a/b/c"]),
            ("[*].mp4", ["*.mp4"], ["a.mp4"]),
            ("a[?]", ["a?"], ["ab"]),
            ("[[]a]", ["[a]"], ["a"]),
            ("[]]", ["]"], ["[]]"]),
            ("[ ]a[ ]", [" a "], ["a"]),
            ("[/]a", ["/a"], ["a"]),
            ("[/]**/a", ["/a", "/x/a"], ["a"]),
            ("[{]a[}]", ["{a}"], ["a"]),
            ("[\\]", ["\\"], []),
            ("[!]a", ["!a"], ["a"]),
            ("a!", ["a!"], []),
            ("产品/*", ["产品/é🎬"], ["产/a"]),
            ("*", ["a\nb"], ["a\n/b"]),
        ],
    )
    def test_by_example(self, pattern: str, yes: list[str], no: list[str]) -> None:
        glob = Glob.read(pattern)

        assert [key for key in [*yes, *no] if glob.matches(key)] == yes

    @given(any_pattern, any_key)
    def test_it_is_what_the_regular_expression_says(self, pattern: str, key: str) -> None:
        text = pattern.strip("/") or "a"

        assert Glob.read(text).matches(key) is bool(re.fullmatch(as_expression(text), key, re.DOTALL))

    @given(keys)
    def test_every_key_can_be_named(self, key: str) -> None:
        glob = Glob.read("".join(f"[{letter}]" for letter in key))

        assert glob.matches(key)
        assert not glob.matches(key + "x")

    def test_a_sample_key_that_begins_with_a_slash_can_be_named(self) -> None:
        assert Glob.read("[/]uploads/**").matches("/uploads/clip.mp4")


def as_expression(pattern: str) -> str:
    """The same as a regular expression; slow for some patterns, and right."""
    wild = {"?": "[^/]", "*": "[^/]*"}

    def one(found: re.Match[str]) -> str:
        text = found[0]
        if text.endswith("*/"):
            return "(.*/)?"
        if text.startswith("**"):
            return ".*"
        return wild.get(text) or re.escape(text[1] if len(text) == 3 else text)

    return re.sub(r"(?<![^/])\*\*+/|\*\*+|\[.\]|.", one, pattern)


class TestLists:
    @pytest.mark.parametrize(
        ("text", "patterns"),
        [
            ("raw/**", ["raw/**"]),
            ("raw/**,*.mp4", ["raw/**", "*.mp4"]),
            (" raw/** ,\t*.mp4\n", ["raw/**", "*.mp4"]),
            ("a b,c", ["a b", "c"]),
            ("[ ]a[ ], b", ["[ ]a[ ]", "b"]),
            ("a[,]b,c", ["a[,]b", "c"]),
            ("[,],[,]", ["[,]", "[,]"]),
            ("[[],[]]", ["[[]", "[]]"]),
            ("a,,b,", ["a", "", "b", ""]),
            ("", [""]),
        ],
    )
    def test_commas_separate_and_blanks_around_do_not_count(self, text: str, patterns: list[str]) -> None:
        assert split(text) == patterns


class TestRefusals:
    @pytest.mark.parametrize(
        ("pattern", "words"),
        [
            ("", "empty pattern"),
            ("/raw/**", "write `[/]`"),
            ("raw/", "write `folder/**`"),
            ("**/", "write `folder/**`"),
            ("!raw/**", "write `[!]`"),
            ("[ab].mp4", "write `[x]`"),
            ("[!a]", "write `[x]`"),
            ("[0-9]", "write `[x]`"),
            ("[]", "write `[x]`"),
            ("[", "write `[x]`"),
            ("a[", "write `[x]`"),
            ("*.{mp4,mov}", "write `[x]`"),
            ("*.{mp4", "write `[x]`"),
            ("mov}", "write `[x]`"),
            ("a\\*", "write `[x]`"),
        ],
    )
    def test_what_would_be_meant_otherwise_is_refused_in_words(self, pattern: str, words: str) -> None:
        with pytest.raises(ValueError, match=re.escape(words)):
            Glob.read(pattern)


class TestNothingIsTriedTwice:
    @pytest.mark.parametrize(
        "pattern",
        ["*a" * 60 + "b", "**a" * 60 + "b", "a**/" * 60 + "b", "**/*a" * 60 + "b", "*?" * 60 + "b", "**/" * 60 + "b"],
    )
    @pytest.mark.parametrize("key", ["a" * 850, "/" * 850, "a/" * 425])
    def test_the_worst_patterns_take_steps_in_proportion_to_the_key(self, pattern: str, key: str) -> None:
        glob = Glob.read(pattern)

        assert steps(glob, key) <= 12 * len(key) + 3 * len(glob.parts)

    @given(any_pattern, any_key)
    def test_no_pattern_takes_more_than_key_times_pattern(self, pattern: str, key: str) -> None:
        glob = Glob.read(pattern.strip("/") or "a")

        assert steps(glob, key) <= 12 * (len(key) + 1) * (len(glob.parts) + 1)


def steps(glob: Glob, key: str) -> int:
    """How many lines of the module a match takes, but for the first one; many more than it may take end it."""
    glob.matches("")
    count = 0

    def each(frame: FrameType, event: str, _: Any) -> Any:  # noqa: ANN401 - that is what a tracing function takes
        nonlocal count
        if frame.f_code.co_filename != globs.__file__:
            return None
        count += event == "line"
        if count > 100_000:
            raise AssertionError("this has no end")
        return each

    before = sys.gettrace()
    sys.settrace(each)
    try:
        glob.matches(key)
    finally:
        sys.settrace(before)
    return count
