"""What the Makefile does on machines that are set up in other ways than this one."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from ops.checkout import ROOT
from tests.checkout.copies import bare_path, make, program

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.once

MINOR = f"3.{sys.version_info[1]}"
#: Runs what it is given in a Python of another version, or in one that lacks a module.
_PRETEND = "import sys; {pretence}; exec(sys.argv[2])"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of a checkout as make needs to install; its scripts have lost the permission to execute."""
    copy = tmp_path / "我的 check out"
    for name in (".ci/pythons", "Makefile", "ops/__init__.py", "ops/checkout.py", "ops/install", "tests/outlook.py"):
        source, target = ROOT / name, copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    (copy / ".ci" / "pythons").chmod(0o644)
    (copy / "requirements").mkdir()
    for name in ("build", "run", "test", "dev"):
        (copy / "requirements" / f"{name}.txt").touch()
    return copy


def python(path: Path, pretence: str) -> None:
    program(path, f"exec '{sys.executable}' -c '{_PRETEND.format(pretence=pretence)}' \"$@\"")


def test_without_a_usable_python_it_says_what_there_is_and_what_to_install(checkout: Path, tmp_path: Path) -> None:
    programs, pyenv = bare_path(tmp_path / "bin"), tmp_path / "pyenv"
    python(programs / "python3", "sys.version_info = (3, 9, 2)")
    python(programs / "python3.11", 'sys.version_info = (3, 11, 4); sys.modules["ensurepip"] = None')
    program(programs / "python3.13", "exit 1")
    python(pyenv / "versions" / "3.15.0" / "bin" / "python3", "sys.version_info = (3, 15, 0)")

    done = make(checkout, "test", PATH=str(programs), PYENV_ROOT=str(pyenv))

    assert done.returncode == 2
    said = done.stderr.replace(f"{tmp_path}/", "")
    for line in (
        "No usable Python. One version from 3.10 to 3.14 is needed",
        "bin/python3: 3.9.2: too old",
        "bin/python3.11: 3.11.4: without venv or ensurepip; on Debian and Ubuntu: apt-get install python3.11-venv",
        "bin/python3.13: does not start",
        "pyenv/versions/3.15.0/bin/python3: 3.15.0: newer than the versions that the tests have run on",
        "Install one, for example: apt-get install python3 python3-venv",
    ):
        assert line in said


@pytest.mark.parametrize("target", ["test-3.9", "VERSIONS=3.9 test"])
def test_a_python_that_is_not_here_is_named(checkout: Path, tmp_path: Path, target: str) -> None:
    programs = bare_path(tmp_path / "bin")
    python(programs / "python3", "pass")

    done = make(checkout, *target.split(), PATH=str(programs))

    assert done.returncode == 2
    assert "There is no usable Python 3.9 here; make help shows which there are.\n" in done.stderr


def test_the_last_lines_name_the_parts_that_failed(checkout: Path, tmp_path: Path) -> None:
    programs = bare_path(tmp_path / "bin", "cat", "mkdir", "tail")
    program(programs / "python3", f'exec "{sys.executable}" "$@"')
    program(checkout / ".venv" / "main" / "bin" / "python", "case $* in *ruff*) exit 1 ;; esac")
    (checkout / "tests" / "measured.txt").touch()
    for mark in ("ready", "tools"):
        (checkout / ".venv" / "main" / mark).write_text(f"{MINOR} x\n")

    done = make(checkout, "test", PATH=str(programs))

    assert done.stderr.splitlines()[-2] == "Failed: make lint. What is wrong is above, where each ends."


def test_without_any_python_it_says_so(checkout: Path, tmp_path: Path) -> None:
    done = make(checkout, "demo", PATH=str(bare_path(tmp_path / "bin")), HOME=str(tmp_path))

    assert done.returncode == 2
    assert "no Python 3\n" in done.stderr


@pytest.mark.parametrize("minor", [10, 14])
def test_the_oldest_and_the_newest_version_are_found(checkout: Path, tmp_path: Path, minor: int) -> None:
    programs = bare_path(tmp_path / "bin")
    python(programs / "python3", f"sys.version_info = (3, {minor}, 0)")

    done = make(checkout, "-n", "test", PATH=str(programs), HOME=str(tmp_path))

    assert f"-m tests.outlook end 3.{minor}\n" in done.stdout


def test_pips_settings_say_where_from_but_not_what_and_where_to(checkout: Path, tmp_path: Path) -> None:
    # Given settings that lead every installation elsewhere, that want other packages, and that name the only place to
    # get packages from; and a path on which Python finds the package without an installation
    elsewhere = tmp_path / "elsewhere"
    wheel = tmp_path / "wheels" / "tiny-1-py3-none-any.whl"
    settings = tmp_path / "pip.conf"
    settings.write_text(
        f"[install]\nuser = true\ntarget = {elsewhere}\nroot = {elsewhere}\nprefix = {elsewhere}\n"
        f"[global]\nno-index = true\nfind-links = {wheel.parent}\n"
    )
    digest = pack(wheel)
    constraint = tmp_path / "constraint.txt"
    constraint.write_text("tiny==2\n")
    program(tmp_path / "bin" / f"python{MINOR}", f'exec "{sys.executable}" "$@"')
    (checkout / "requirements" / "run.txt").write_text(f"tiny==1 --hash=sha256:{digest}\n")

    done = make(
        checkout,
        ".venv/main/ready",
        f"VERSIONS={MINOR}",
        PATH=os.pathsep.join((str(tmp_path / "bin"), os.environ["PATH"])),
        HOME=str(tmp_path),
        PIP_CONFIG_FILE=str(settings),
        PIP_USER="1",
        PIP_TARGET=str(elsewhere),
        PIP_REQUIRE_VIRTUALENV="1",
        PIP_CONSTRAINT=str(constraint),
        PIP_ONLY_BINARY=":all:",
        PIP_QUIET="3",
        PYTHONPATH=str(wheel),
        LC_ALL="C",
    )

    assert done.returncode == 0, done.stderr
    assert (checkout / ".venv" / "main" / "lib" / f"python{MINOR}" / "site-packages" / "tiny.py").exists()
    assert not elsewhere.exists()
    assert (checkout / ".venv" / "main" / "ready").exists()


def pack(wheel: Path) -> str:
    """Write the smallest wheel there can be; gives its digest."""
    wheel.parent.mkdir()
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny.py", "")
        archive.writestr("tiny-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1\n")
        archive.writestr("tiny-1.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr("tiny-1.dist-info/RECORD", "")
    return hashlib.sha256(wheel.read_bytes()).hexdigest()


def plan(checkout: Path, first: str) -> str:
    programs = checkout.parent / "bin"
    if not programs.exists():
        bare_path(programs)
    return make(checkout, "-n", ".venv/main/ready", f"VERSIONS={first}", PATH=str(programs)).stdout


@pytest.mark.parametrize(
    ("interpreter", "first", "again"),
    [("/bin/true", "3.10", False), ("/no/such/python", "3.10", True), ("/bin/true", "3.11", True)],
    ids=["as it should be", "its interpreter is gone", "another Python is the first by now"],
)
def test_an_environment_is_made_again_that_will_not_do(
    checkout: Path, interpreter: str, first: str, *, again: bool
) -> None:
    main = checkout / ".venv" / "main"
    (main / "bin").mkdir(parents=True)
    (main / "bin" / "python").symlink_to(interpreter)
    (main / "ready").write_text("3.10 digest\n")

    assert ("-m ops.install .venv/main/ready run" in plan(checkout, first)) is again
    # To look is not to touch.
    assert (main / "ready").exists()
