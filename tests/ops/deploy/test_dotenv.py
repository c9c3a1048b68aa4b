"""The file `.env`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ops.deploy.dotenv import read_dotenv

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("NAME=value", "value"),
        ("  export NAME = value  ", "value"),
        ("NAME=two words # and a comment", "two words"),
        ("NAME='single # not a comment'", "single # not a comment"),
        ('NAME="double"', "double"),
        ("NAME=", ""),
        ("NAME=''", ""),
        ("NAME=a=b", "a=b"),
        ("NAME=https://example.com/?x", "https://example.com/?x"),
    ],
)
def test_a_line_is_read_as_the_tool_reads_it(tmp_path: Path, line: str, value: str) -> None:
    file = tmp_path / ".env"
    file.write_text(f"# a comment\n\n{line}\n")

    assert read_dotenv(file) == {"NAME": value}


@pytest.mark.parametrize("line", ["# NAME=value", "no assignment", "1NAME=value", ""])
def test_other_lines_are_passed_over(tmp_path: Path, line: str) -> None:
    file = tmp_path / ".env"
    file.write_text(line)

    assert read_dotenv(file) == {}


def test_there_need_not_be_a_file(tmp_path: Path) -> None:
    assert read_dotenv(tmp_path / ".env") == {}
