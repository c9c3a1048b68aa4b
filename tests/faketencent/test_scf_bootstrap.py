"""Loading a handler from a code directory: the quirks of the platform's own loader."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any

import pytest

from faketencent.cloud import FakeCloud
from faketencent.scf import bootstrap
from faketencent.scf.exceptions import InvalidValueError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

#: Says the same on every Python.
pytestmark = pytest.mark.once


@pytest.fixture
def code(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Writes the entry module of a code directory, and a module beside it."""

    def write(entry: str) -> Path:
        (tmp_path / "entry.py").write_text(entry, encoding="utf-8")
        (tmp_path / "beside_the_entry.py").write_text("ANSWER = 42\n", encoding="utf-8")
        return tmp_path

    yield write
    bootstrap.unload(tmp_path)


def test_a_handler_loaded_from_a_directory_runs_as_a_function(code: Callable[[str], Path]) -> None:
    # given an entry module that imports its neighbour, once at the top and once late
    directory = code(
        "import beside_the_entry\n"
        "def main_handler(event, context):\n"
        "    from beside_the_entry import ANSWER\n"
        "    return [event, context['function_name'], ANSWER, beside_the_entry.ANSWER]\n"
    )
    scf = FakeCloud().scf.backend

    # when it is deployed and invoked
    scf.create_function("submit", bootstrap.load(directory, "entry.main_handler"))
    run = scf.invoke("submit", {"a": 1})

    # then
    assert run.error == ""
    assert run.result == [{"a": 1}, "submit", 42, 42]


def test_the_entry_module_has_no_name(code: Callable[[str], Path]) -> None:
    directory = code("NAME = __name__\ndef main_handler(event, context):\n    return NAME\n")

    assert bootstrap.load(directory, "entry.main_handler")({}, {}) == ""


def test_the_entry_module_has_no_package(code: Callable[[str], Path]) -> None:
    directory = code("from . import beside_the_entry\n")

    with pytest.raises(ImportError, match="relative import"):
        bootstrap.load(directory, "entry.main_handler")


def test_logging_is_set_up_and_output_wrapped_before_it_is_imported(code: Callable[[str], Path]) -> None:
    directory = code(
        "import logging, sys\n"
        "logging.basicConfig(level=logging.ERROR)\n"
        "LEVEL, OUTPUT = logging.root.level, sys.stdout\n"
        "def main_handler(event, context):\n"
        "    return LEVEL, OUTPUT\n"
    )

    found: Any = bootstrap.load(directory, "entry.main_handler")({}, {})
    level, output = found

    assert level == logging.DEBUG
    assert output is not sys.stdout


def test_what_it_prints_when_it_is_imported_does_not_reach_the_terminal(
    code: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    directory = code("print('cold start')\ndef main_handler(event, context): pass\n")

    bootstrap.load(directory, "entry.main_handler")

    assert capsys.readouterr().out == ""


def test_an_entry_module_that_fails_says_why(code: Callable[[str], Path]) -> None:
    directory = code("raise RuntimeError('no settings')\n")

    with pytest.raises(RuntimeError, match="no settings"):
        bootstrap.load(directory, "entry.main_handler")


def test_a_file_or_function_that_is_missing_is_an_error(code: Callable[[str], Path]) -> None:
    directory = code("")

    with pytest.raises(FileNotFoundError):
        bootstrap.load(directory, "elsewhere.main_handler")
    with pytest.raises(AttributeError, match="main_handler"):
        bootstrap.load(directory, "entry.main_handler")


@pytest.mark.parametrize("name", ["main_handler", "entry", "pkg.entry.main_handler", "pkg/entry.main_handler", "."])
def test_names_that_the_platform_refuses(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidValueError):
        bootstrap.load(tmp_path, name)


def test_unloading_leaves_nothing_behind(code: Callable[[str], Path]) -> None:
    directory = code("import beside_the_entry\ndef main_handler(event, context): pass\n")
    before = list(sys.path)

    bootstrap.load(directory, "entry.main_handler")
    assert sys.path[0] == str(directory)
    bootstrap.unload(directory)

    assert sys.path == before
    assert "beside_the_entry" not in sys.modules
