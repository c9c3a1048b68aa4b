"""Files of keys: lists, and inventories as COS writes them."""

from __future__ import annotations

import gzip
import io
import tracemalloc
from typing import IO, TYPE_CHECKING
from unittest.mock import patch
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ops.submit.keys_file import Named, digest_of, keys_file, names_in
from shared.errors import ConfigurationError
from tests.shared.samples import keys

if TYPE_CHECKING:
    from pathlib import Path

#: Says the same on every Python.
pytestmark = pytest.mark.once

BUCKETS = ("videos-1250000000", "more-1250000001")


def named(contents: bytes) -> list[tuple[tuple[str, ...], str | None]]:
    return [(one.spellings, one.bucket) for one in names_in(io.BytesIO(contents), BUCKETS)]


def listed(contents: bytes) -> list[str]:
    """The keys of a list."""
    found = named(contents)
    assert all(len(spellings) == 1 and bucket is None for spellings, bucket in found)
    return [spellings[0] for spellings, _ in found]


def row(*cells: str) -> bytes:
    return (",".join(f'"{cell}"' for cell in cells) + "\n").encode()


class TestLists:
    @pytest.mark.parametrize(
        ("contents", "expected"),
        [
            (b"", []),
            (b"\n\r\n\n", []),
            (b"a.mp4", ["a.mp4"]),
            ("假期/😀.mp4\nb.mp4\n".encode(), ["假期/😀.mp4", "b.mp4"]),
            (b"\xef\xbb\xbfa.mp4\r\nb.mp4\r\n", ["a.mp4", "b.mp4"]),
            (b"\n a b .mp4\n\n-x.mp4\n", [" a b .mp4", "-x.mp4"]),
            (b"cos://videos-1250000000/a.mp4\n", ["cos://videos-1250000000/a.mp4"]),
            (b"a%2Bb+c.mp4\n", ["a%2Bb+c.mp4"]),
            (b'"a","b.mp4"\n', ['"a","b.mp4"']),
            (b"a,b,c.mp4\n", ["a,b,c.mp4"]),
        ],
    )
    def test_each_line_is_a_key_as_it_is(self, contents: bytes, expected: list[str]) -> None:
        assert listed(contents) == expected
        assert listed(gzip.compress(contents)) == expected

    @settings(max_examples=40)
    @given(st.lists(keys.filter(lambda key: key and not {"\n", "\r"} & set(key)), max_size=5))
    def test_any_keys_are_read_as_they_were_written(self, some: list[str]) -> None:
        assert listed("".join(f"{key}\n" for key in [*some, "last"]).encode()) == [*some, "last"]

    def test_lines_are_counted_with_the_empty_ones(self) -> None:
        assert list(names_in(io.BytesIO(b"\na\n\nb"), BUCKETS)) == [Named(2, ("a",)), Named(4, ("b",))]

    @pytest.mark.parametrize(
        ("contents", "complaint"),
        [
            (b"a.mp4\n\xe9t\xe9.mp4\n", "line 2 of the keys is not UTF-8"),
            ("a.mp4\n".encode("utf-16"), "line 1 of the keys is not UTF-8"),
            (b"a.mp4\n" + b"x" * 20_000, "line 2 of the keys is over 16384 bytes"),
            (gzip.compress(b"a.mp4\n" * 9, mtime=0)[:-9], "the file is not complete"),
            (gzip.compress(b"a.mp4\n" * 9, mtime=0)[:-4] + b"zzzz", "the file is not complete"),
            (b"\x1f\x8bno gzip", "the file is not complete"),
            (gzip.compress(b"a.mp4\n" * 9, mtime=0)[:12] + b"\xff" * 40, "the file is not complete"),
        ],
    )
    def test_what_cannot_be_read_is_refused_with_its_line(self, contents: bytes, complaint: str) -> None:
        with pytest.raises(ConfigurationError, match=complaint):
            named(contents)

    def test_memory_does_not_grow_with_the_list(self) -> None:
        contents = io.BytesIO(b"".join(b"folder/%06d.mp4\n" % number for number in range(20_000)))
        tracemalloc.start()
        try:
            assert sum(1 for _ in names_in(contents, BUCKETS)) == 20_000
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 100_000


class TestInventories:
    @pytest.mark.parametrize("bucket", ["videos", "videos-1250000000"])
    def test_names_bucket_and_key(self, bucket: str) -> None:
        contents = row("1250000000", bucket, "a.mp4", "189", "2026-11-25T08:00:00Z") + row(
            "1250000001", "more", quote("假期/b.mp4"), "189", "2026-11-25T08:00:00Z"
        )
        expected = [(("a.mp4",), BUCKETS[0]), (("假期/b.mp4",), BUCKETS[1])]
        assert named(contents) == named(gzip.compress(contents)) == named(b"\xef\xbb\xbf" + contents) == expected

    def test_is_known_without_quotes_and_with_the_fewest_columns(self) -> None:
        assert named(b"1250000000,videos,a%2Cb.mp4\r\n") == [(("a,b.mp4",), BUCKETS[0])]

    def test_a_plus_may_be_one_or_a_space(self) -> None:
        assert named(row("1250000000", "videos", "a+b.mp4", "1"))[0][0] == ("a+b.mp4", "a b.mp4")
        assert named(row("1250000000", "videos", "a%2Bb%20c.mp4", "1"))[0][0] == ("a+b c.mp4",)

    def test_versions_name_a_key_again(self) -> None:
        rows = row("1250000000", "videos", "a.mp4", "v2", "true", "false") + row(
            "1250000000", "videos", "a.mp4", "v1", "false", "false"
        )
        assert named(rows) == [(("a.mp4",), BUCKETS[0])] * 2

    @pytest.mark.parametrize(
        ("contents", "line"),
        [
            (row("1250000000", "photos", "a.mp4", "1"), 1),
            (row("1250000000", "videos", "a.mp4", "1") + row("1250000001", "videos", "a.mp4", "1"), 2),
            (row("1250000000", "videos", "a.mp4", "1") + b"b.mp4\n", 2),
            (row("1250000000", "videos", "a.mp4", "1") + row("1250000000", "videos", "", "1"), 2),
            (row("1250000000", "videos", "a.mp4", "1") + b'"1250000000,videos\n', 2),
        ],
    )
    def test_another_buckets_is_taken_for_no_list(self, contents: bytes, line: int) -> None:
        with pytest.raises(ConfigurationError, match=f"line {line} of the inventory is not about a video bucket"):
            named(contents)


class _Stdin:
    def __init__(self, contents: bytes) -> None:
        self.buffer = io.BytesIO(contents)


class TestOpening:
    def test_standard_input_can_be_read_twice(self) -> None:
        with patch("sys.stdin", _Stdin(b"a.mp4\n")), keys_file(None) as file:
            assert digest_of(file) == digest_of(io.BytesIO(b"a.mp4\n"))
            assert _keys(file) == _keys(file) == ["a.mp4"]

    def test_what_is_no_file_is_refused(self, tmp_path: Path) -> None:
        for path in (tmp_path, tmp_path / "none", tmp_path / ("x" * 300), tmp_path / "a\0b"):
            with pytest.raises(ConfigurationError, match="cannot be read"), keys_file(path):
                pass

    def test_what_goes_wrong_elsewhere_is_no_matter_of_the_file(self, tmp_path: Path) -> None:
        (tmp_path / "list").write_bytes(b"a.mp4\n")
        with pytest.raises(BrokenPipeError), keys_file(tmp_path / "list"):
            raise BrokenPipeError


def _keys(file: IO[bytes]) -> list[str]:
    return [one.spellings[0] for one in names_in(file, BUCKETS)]
