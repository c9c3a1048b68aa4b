"""The library is installed once, comes whole or not at all, and is missed aloud; with a stand-in for npm."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from ops.checkout import ROOT
from tests.checkout.copies import bare_path, copy_checkout, make, program
from tests.toolkit.install import LockError, Toolkit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.once

#: Seconds after which a run that should have gone on is no longer waited for.
PATIENCE = 60
_NPM = """
import pathlib, socket, sys
with open({log!r}, "a") as log:
    log.write("run\\n")
half = pathlib.Path("node_modules", "half")
half.mkdir(parents=True)
{then}
half.rename("node_modules/whole")
"""
_INSTALL = """
import pathlib, sys
from tests.checkout.copies import bare_path, copy_checkout, make
from tests.toolkit.install import Toolkit
Toolkit(*map(pathlib.Path, sys.argv[1:])).install()
"""


@dataclass(frozen=True)
class Machine:
    """A checkout's lock, a place to install to, and what is on PATH."""

    toolkit: Toolkit
    programs: Path

    def has_npm(self, then: str = "") -> None:
        """Install an npm that does this when it is half done."""
        npm = self.programs / "npm.py"
        npm.write_text(_NPM.format(log=str(self.programs / "log"), then=then))
        # Not as npm's first line: the system splits that where a folder's name has a space.
        program(self.programs / "npm", f'exec "{sys.executable}" "{npm}" "$@"')

    @property
    def runs(self) -> int:
        """How often npm was run."""
        log = self.programs / "log"
        return len(log.read_text().splitlines()) if log.exists() else 0

    @property
    def installed(self) -> list[str]:
        """What there is of the library."""
        return [path.name for path in self.toolkit.folder.glob("node_modules/*")]

    def begin(self) -> subprocess.Popen[str]:
        """Install in a process of its own."""
        arguments = [str(self.toolkit.sources), str(self.toolkit.base)]
        command = [sys.executable, "-c", _INSTALL, *arguments]
        return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603 - nothing from outside


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    sources, programs = tmp_path / "toolkit", tmp_path / "bin"
    sources.mkdir()
    programs.mkdir()
    for name in ("package.json", "package-lock.json"):
        (sources / name).write_text(json.dumps({"name": name}))
    (programs / "node").symlink_to("/bin/true")
    monkeypatch.setenv("PATH", str(programs))
    return Machine(Toolkit(sources, tmp_path / "build" / "toolkit"), programs)


@contextmanager
def halfway(machine: Machine) -> Iterator[tuple[subprocess.Popen[str], Callable[[], None]]]:
    """A run that is half done, and what has it go on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(PATIENCE)
        machine.has_npm(f"socket.create_connection({server.getsockname()!r}).recv(1)")
        run = machine.begin()
        npm, _ = server.accept()
        with npm:
            yield run, npm.close
    run.communicate(timeout=PATIENCE)


def test_what_is_installed_is_whole_and_not_installed_again(machine: Machine) -> None:
    machine.has_npm()

    machine.toolkit.install()
    machine.toolkit.install()

    assert (machine.installed, machine.runs, machine.toolkit.missing) == (["whole"], 1, None)


def test_of_two_runs_at_once_one_installs_and_the_other_waits(machine: Machine) -> None:
    # Given a run that is half done
    with halfway(machine) as (first, go_on):
        # When a second one comes
        second = machine.begin()
        assert second.stdout is not None
        assert "waiting" in second.stdout.readline()
        assert machine.installed == []
        go_on()

        said = second.communicate(timeout=PATIENCE)[0]

    assert (first.returncode, second.returncode, said) == (0, 0, "")
    assert (machine.installed, machine.runs) == (["whole"], 1)


def test_what_a_killed_run_left_is_cleared_away(machine: Machine) -> None:
    with halfway(machine) as (run, _):
        run.kill()
    assert list(machine.toolkit.base.glob("*/new/node_modules")) != []
    assert machine.installed == []

    machine.has_npm()
    machine.toolkit.install()

    assert machine.installed == ["whole"]
    assert [path for path in machine.toolkit.base.iterdir() if path.is_dir()] == [machine.toolkit.folder]


def test_another_lock_is_installed_anew(machine: Machine) -> None:
    machine.has_npm()
    machine.toolkit.install()
    before = machine.toolkit.folder
    (machine.toolkit.sources / "package-lock.json").write_text("{}")

    assert machine.toolkit.missing == "run `make toolkit`"
    machine.toolkit.install()

    assert (machine.installed, before.exists()) == (["whole"], False)


def test_without_npm_the_reason_is_kept_until_there_is_one(machine: Machine) -> None:
    machine.toolkit.install()
    assert machine.toolkit.missing == "Node.js with npm is not installed"

    machine.has_npm()
    machine.toolkit.install()

    assert machine.toolkit.missing is None


def test_without_a_network_nothing_half_done_stays(machine: Machine) -> None:
    machine.has_npm("sys.exit('npm error code ENOTFOUND\\nnpm error network request to somewhere failed')")

    machine.toolkit.install()

    assert (machine.installed, machine.toolkit.missing) == ([], "`npm ci` failed: ENOTFOUND")


@pytest.mark.parametrize("code", ["EINTEGRITY", "EUSAGE"])
def test_a_lock_that_is_at_fault_is_no_reason_to_skip(machine: Machine, code: str) -> None:
    machine.has_npm(f"sys.exit('npm error code {code}\\nnpm error whatever')")

    with pytest.raises(LockError, match=code):
        machine.toolkit.install()


def test_make_installs_it_before_the_tests(tmp_path: Path) -> None:
    done = make(ROOT, "-n", "test", "VERSIONS=3.10", PATH=str(bare_path(tmp_path / "bin")))

    assert done.stdout.index("-m tests.toolkit.install") < done.stdout.index("-m pytest")


def test_the_tests_that_ask_it_install_nothing_and_are_skipped_aloud(machine: Machine, tmp_path: Path) -> None:
    machine.has_npm()
    checkout = copy_checkout(tmp_path / "checkout")

    command = [sys.executable, "-m", "pytest", "tests/toolkit/test_toolkit.py"]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)  # noqa: S603 - nothing from outside

    assert done.returncode == 0
    assert "Tencent's library was not asked what it makes of serverless.yml: run `make toolkit`" in done.stdout
    assert (machine.runs, (checkout / "build").exists()) == (0, False)
