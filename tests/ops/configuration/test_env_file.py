"""The text of `.env`: what is read, what is refused, and how it is written."""

from __future__ import annotations

import stat
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.configuration.env_file import EnvFile, EnvFileError


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("NAME=value", "value"),
        ("  export NAME = value  ", "value"),
        ("NAME=two words # and a comment", "two words"),
        ("NAME=a#b", "a#b"),
        ("NAME='single # not a comment' # but this", "single # not a comment"),
        ('NAME="double"', "double"),
        ("NAME=a=b", "a=b"),
        ("NAME=https://example.com/?x", "https://example.com/?x"),
        ("NAME='假期/**'", "假期/**"),
        # These end a line for Python, and for no editor.
        ("NAME=a\u2028b\u0085c\x0bd\x0ce", "a\u2028b\u0085c\x0bd\x0ce"),
    ],
)
def test_a_line_gives_a_value(tmp_path: Path, line: str, value: str) -> None:
    file = tmp_path / ".env"
    file.write_text(f"# a comment\n\n{line}\n", encoding="utf-8")

    assert EnvFile.read(file).values == {"NAME": value}


@pytest.mark.parametrize("line", ["NAME=", "NAME=''", "NAME=  # nothing", "# NAME=value", ""])
def test_what_is_empty_is_not_set(tmp_path: Path, line: str) -> None:
    file = tmp_path / ".env"
    file.write_text(line, encoding="utf-8")

    assert EnvFile.read(file).values == {}


@pytest.mark.parametrize("content", ["A=1\r\nB=2\r\n", "A=1\rB=2\r", "\ufeffA=1\nB=2\n", "A=1\nB=2"])
def test_line_ends_and_marks_of_other_systems_do_not_matter(tmp_path: Path, content: str) -> None:
    file = tmp_path / ".env"
    file.write_bytes(content.encode())

    assert EnvFile.read(file).values == {"A": "1", "B": "2"}


def test_there_need_not_be_a_file(tmp_path: Path) -> None:
    assert EnvFile.read(tmp_path / ".env").values == {}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"A=1\nA=2\n", ".env, line 2: A is set twice"),
        (b"hunter2hunter2\n", ".env, line 1: not of the form NAME=value"),
        (b"1A=2\n", ".env, line 1: not of the form NAME=value"),
        (b"A='open\n", ".env, line 1: not of the form NAME=value"),
        (b'A="a" b\n', ".env, line 1: not of the form NAME=value"),
        ("A=假".encode("gbk"), ".env is not UTF-8: save it in that encoding"),
        ("A=1".encode("utf-16"), ".env is not UTF-8: save it in that encoding"),
        (b"A=" + b"x" * 70_000, ".env has more than 64 KB: it is not a file of settings"),
    ],
)
def test_what_is_no_setting_is_refused_by_its_line_and_not_shown(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / ".env"
    file.write_bytes(content)

    with pytest.raises(EnvFileError) as caught:
        EnvFile.read(file)

    assert str(caught.value) == said


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(EnvFileError, match=r"cannot be read \(Is a directory\)"):
        EnvFile.read(tmp_path)


def test_values_are_written_where_their_names_stand_and_comments_stay(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# where\nA=1\n# B=example\n", encoding="utf-8")

    EnvFile.read(file).with_values({"A": "2", "B": "x y", "C": "3"}).write()

    assert file.read_text(encoding="utf-8") == "# where\nA=2\nB='x y'\nC=3\n"


def test_a_value_that_is_taken_away_stays_as_a_comment(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("A=1\nB=2\n", encoding="utf-8")

    EnvFile.read(file).with_values({"A": None}).write()

    assert EnvFile.read(file).values == {"B": "2"}
    assert "# A=1" in file.read_text(encoding="utf-8")


def test_it_is_for_nobody_else_to_read(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("A=1\n", encoding="utf-8")
    file.chmod(0o644)

    EnvFile.read(file).with_values({"A": "2"}).write()

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [".env"]


def test_where_it_cannot_be_written_nothing_is_lost(tmp_path: Path) -> None:
    there = EnvFile.read(tmp_path / "no folder" / ".env").with_values({"A": "1"})

    with pytest.raises(Exception, match=r"cannot be written \(No such file or directory\)"):
        there.write()


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1))
def test_what_is_written_is_read_again(value: str) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / ".env"
        try:
            EnvFile(file).with_values({"A": value}).write()
        except EnvFileError:
            assert {"'", '"'} <= {*value}
        else:
            assert EnvFile.read(file).values == {"A": value}
