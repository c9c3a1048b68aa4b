"""`./cos-watermark` runs the code that it lies beside, from wherever it is called."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ops.checkout import ROOT
from tests.checkout.copies import bare_path, copy_checkout, furnish, program

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.once

ABOUT = "Deploy and operate cos-watermark."
ABOUT_THE_COPY = "This is the copy."


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copied checkout, told from this one by what its command says of itself."""
    copy = copy_checkout(tmp_path_factory.mktemp("some where") / "copy")
    cli = copy / "ops" / "cli.py"
    text = cli.read_text()
    assert text.count(ABOUT) == 1
    cli.write_text(text.replace(ABOUT, ABOUT_THE_COPY))
    furnish(copy)
    return copy


@pytest.fixture
def copy(copies: Path) -> Path:
    furnish(copies)
    return copies


def run(
    *command: str | Path, cwd: Path, path: Path | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    places = [str(path)] if path else []
    environment = {"PATH": os.pathsep.join([*places, os.environ["PATH"]]), "COLUMNS": "100", **variables}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - nothing from outside


def test_a_copy_runs_its_own_code_though_the_current_folder_has_other(copy: Path) -> None:
    done = run(copy / "cos-watermark", "--help", cwd=ROOT)

    assert ABOUT_THE_COPY in done.stdout
    assert ABOUT not in done.stdout
    assert "Usage: ./cos-watermark" in done.stdout


@pytest.mark.parametrize("absolute", [True, False])
def test_it_may_be_called_through_symbolic_links(copy: Path, tmp_path: Path, *, absolute: bool) -> None:
    (tmp_path / "bin").mkdir()
    target = copy / "cos-watermark"
    (tmp_path / "first").symlink_to(target if absolute else os.path.relpath(target, tmp_path))
    (tmp_path / "bin" / "wm").symlink_to(tmp_path / "first" if absolute else "../first")

    assert ABOUT_THE_COPY in run("wm", "--help", cwd=tmp_path, path=tmp_path / "bin").stdout


def test_arguments_and_the_exit_code_are_handed_on(copy: Path, tmp_path: Path) -> None:
    done = run(copy / "cos-watermark", "doctor", "--env-file", "not here", cwd=tmp_path)

    assert done.returncode == 2
    assert "not here" in done.stderr


def test_so_does_python_from_the_top_of_the_copy(copy: Path) -> None:
    assert ABOUT_THE_COPY in run(sys.executable, "-m", "ops", "--help", cwd=copy).stdout


def missing(copy: Path) -> None:
    (copy / ".venv" / "main" / "ready").unlink()


def without_its_interpreter(copy: Path) -> None:
    python = copy / ".venv" / "main" / "bin" / "python"
    python.unlink()
    python.symlink_to("/no/such/python")


def older_than_what_it_should_hold(copy: Path) -> None:
    os.utime(copy / ".venv" / "main" / "ready", (0, 0))


@pytest.mark.parametrize("damage", [missing, without_its_interpreter, older_than_what_it_should_hold])
def test_an_environment_that_will_not_do_is_made_first_and_not_on_standard_output(
    copy: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    # Given a Python that notes what it is asked for, and does it
    main = copy / ".venv" / "main"
    spare = program(tmp_path / "spare", f'exec "{sys.executable}" "$@"')
    repair = (f'rm -f "{main}/bin/python"', f'cp "{spare}" "{main}/bin/python"', f'touch "{main}/ready"')
    asked = (f'echo "$PWD: $@" > "{tmp_path}/asked"', "echo installing")
    program(tmp_path / "bin" / "python3.10", '[ "$1" = -m ] || { echo 3.10; exit; }', *asked, *repair)
    damage(copy)

    done = run(copy / "cos-watermark", "--help", cwd=tmp_path, path=tmp_path / "bin")

    assert (tmp_path / "asked").read_text() == f"{copy}: -m ops.install .venv/main/ready run\n"
    assert "installing" in done.stderr
    assert "installing" not in done.stdout


def test_without_a_python_it_says_what_to_install(copy: Path, tmp_path: Path) -> None:
    missing(copy)
    tools = bare_path(tmp_path / "bin", "dirname")

    done = run(copy / "cos-watermark", cwd=tmp_path, PATH=str(tools))

    assert done.returncode == 1
    assert "apt-get install python3 python3-venv" in done.stderr


def test_an_environment_that_will_do_is_used_as_it_is(copy: Path, tmp_path: Path) -> None:
    program(tmp_path / "bin" / "python3.10", "exit 1")

    assert run(copy / "cos-watermark", "--help", cwd=tmp_path, path=tmp_path / "bin").returncode == 0


def test_make_runs_nothing_that_names_the_folder_where_it_was_installed() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    # The other programs there are scripts, whose first line has the path of their interpreter.
    assert set(re.findall(r"(?:\$\(BIN\)|/bin)/(\w+)", makefile)) == {"python"}
