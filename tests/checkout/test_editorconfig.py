"""Every file keeps to .editorconfig, so that an editor which follows it changes only what a person changes."""

from __future__ import annotations

import re
from configparser import ConfigParser
from fnmatch import fnmatch
from typing import TYPE_CHECKING

import pytest

from ops.checkout import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.once

FOLDERS = (".ci", ".github", "docs", "events", "faketencent", "functions", "ops", "requirements", "shared", "tests")
FILES = (
    ".editorconfig",
    ".env.example",
    ".pre-commit-config.yaml",
    "Makefile",
    "cos-watermark",
    "pyproject.toml",
    "serverless.yml",
    "README.md",
    "README.zh-CN.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
)
#: Where a line's beginning says how deep it is: the first indented line is one step in.
INDENTED = (".css", ".js", ".json", ".toml", ".xml", ".yaml", ".yml")


def sections() -> dict[str, dict[str, str]]:
    parser = ConfigParser()
    parser.read_string("[first]\n" + (ROOT / ".editorconfig").read_text(encoding="utf-8"))
    return {name: dict(parser[name]) for name in parser.sections()}


def is_meant(pattern: str, file: str) -> bool:
    """Whether a section is about this file. Of the format's patterns only those are known that are used here."""
    before, brace, rest = pattern.partition("{")
    inside, _, after = rest.partition("}")
    name = file if "/" in pattern else file.rpartition("/")[2]
    return any(fnmatch(name, before + one + after) for one in (inside.split(",") if brace else [""]))


def told(file: str) -> dict[str, str]:
    """What an editor makes of all sections; the last one wins."""
    return {name: value for section in SECTIONS for name, value in section_of(section, file).items()}


def section_of(section: str, file: str) -> dict[str, str]:
    return SECTIONS[section] if is_meant(section, file) else {}


def broken(file: str, text: str) -> list[str]:
    """Each rule that the text does not keep."""
    rules, lines = told(file), text.splitlines()
    found = []
    if rules["insert_final_newline"] == "true" and text and not text.endswith("\n"):
        found.append("insert_final_newline")
    if rules["trim_trailing_whitespace"] == "true" and any(line != line.rstrip() for line in lines):
        found.append("trim_trailing_whitespace")
    tabs = any(line.startswith("\t") for line in lines)
    if tabs != (rules["indent_style"] == "tab") and rules["indent_style"] != "unset":
        found.append("indent_style")
    first = re.search(r"^( +)\S", text, re.MULTILINE)
    if file.endswith(INDENTED) and first and len(first[1]) != int(rules["indent_size"]):
        found.append("indent_size")
    return found


SECTIONS = sections()


def _is_ours(path: Path) -> bool:
    """No editor's or system's own file."""
    return path.suffix != ".pyc" and not path.name.startswith(".")


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Every file of the repository, and none of a person's own that may lie beside them."""
    inside = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if _is_ours(path))
    paths = [path for path in (*(ROOT / name for name in FILES), *inside) if path.is_file()]
    return {path.relative_to(ROOT).as_posix(): path.read_bytes().decode() for path in paths}


def test_every_file_keeps_to_it(texts: dict[str, str]) -> None:
    assert {file: found for file, text in texts.items() if (found := broken(file, text))} == {}


def test_every_section_is_about_a_file(texts: dict[str, str]) -> None:
    assert [name for name in SECTIONS if name != "first" and not any(is_meant(name, file) for file in texts)] == []


@pytest.mark.parametrize(
    ("file", "text", "rule"),
    [
        ("a.py", "x = 1", "insert_final_newline"),
        ("a.py", "x = 1 \n", "trim_trailing_whitespace"),
        ("a.py", "if x:\n\ty\n", "indent_style"),
        ("Makefile", "a:\n    b\n", "indent_style"),
        ("a.yml", "a:\n    b: 1\n", "indent_size"),
    ],
)
def test_what_does_not_is_found(file: str, text: str, rule: str) -> None:
    assert broken(file, text) == [rule]


def test_python_and_markdown_have_the_line_length_that_is_checked() -> None:
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    documents = (ROOT / "tests" / "test_docs.py").read_text(encoding="utf-8")

    assert f"\nline-length = {told('a.py')['max_line_length']}\n" in pyproject
    assert f"\nLONGEST_LINE = {told('a.md')['max_line_length']}\n" in documents
