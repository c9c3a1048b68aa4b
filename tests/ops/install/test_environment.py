"""What is installed when: what is there is kept, what is out of date or was cut is made anew, pip's word is shown."""

from __future__ import annotations

import fcntl
import sys
from typing import TYPE_CHECKING, Any

import pytest

from ops.install import __main__ as command
from ops.install import environment, locks, pip

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RUN = pip.run
READY, TOOLS = (".venv/main/ready", "run"), (".venv/main/tools", "run", "dev")


class Machine:
    """A checkout whose pip and venv note what they are asked for; `trouble` is what pip says before it fails."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.asked: list[str] = []
        self.trouble = ""
        (root / "requirements").mkdir()
        for name in ("build", "run", "test", "dev"):
            self.lock(name, "")

    def lock(self, name: str, text: str) -> None:
        (self.root / "requirements" / f"{name}.txt").write_text(text)

    def venv(self, command: tuple[Any, ...]) -> Iterator[None]:
        if "ensurepip" in command:
            return
        self.asked.append("venv")
        (command[-1] / "bin").mkdir()
        (command[-1] / "bin" / "python").touch()
        yield None

    def install(self, folder: Path, lock: Path) -> Iterator[str]:
        self.asked.append(lock.stem)
        assert (folder / "unfinished").exists()
        yield f"Collecting {lock.stem}==1\n"
        if self.trouble and lock.stem != "build":
            raise pip.PipError(self.trouble)

    def run(self, mark: str, *sets: str) -> list[str]:
        """Bring an environment to its mark; gives what that took."""
        self.asked = []
        assert command.main(mark, *sets) == (1 if self.trouble else 0)
        assert (self.root / mark).exists() is not bool(self.trouble)
        return self.asked


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine(tmp_path)
    for module in (command, environment):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(locks, "REQUIREMENTS", tmp_path / "requirements")
    monkeypatch.setattr(pip, "run", machine.venv)
    monkeypatch.setattr(pip, "install", machine.install)
    return machine


def test_a_fresh_one_is_made_and_the_tools_come_on_top(machine: Machine) -> None:
    assert machine.run(*READY) == ["venv", "build", "run"]
    assert machine.run(*TOOLS) == ["build", "dev"]


@pytest.mark.parametrize("changed", ["build", "run"])
def test_when_what_lies_below_changed_all_is_made_anew(machine: Machine, changed: str) -> None:
    machine.run(*READY)
    machine.run(*TOOLS)
    machine.lock(changed, "another")

    assert machine.run(*READY) == ["venv", "build", "run"]
    assert machine.run(*TOOLS) == ["build", "dev"]


def test_when_only_the_tools_changed_nothing_old_stays(machine: Machine) -> None:
    machine.run(*READY)
    machine.run(*TOOLS)
    machine.lock("dev", "another")

    assert machine.run(*READY) == []
    assert machine.run(*TOOLS) == ["venv", "build", "dev"]
    assert machine.run(*READY) == []


def test_a_lock_that_is_newer_and_says_the_same_changes_nothing(machine: Machine) -> None:
    machine.run(*READY)
    machine.run(*TOOLS)
    machine.lock("run", "")

    assert machine.run(*READY) == machine.run(*TOOLS) == []


@pytest.mark.parametrize("target", [READY, TOOLS])
def test_what_was_cut_begins_anew_and_says_so(
    machine: Machine, target: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    machine.trouble = "ERROR: the network is gone\nand more of it"
    machine.run(*target)
    said = capsys.readouterr()
    assert machine.trouble in said.err
    assert ".venv/main is not complete: above is why. When that is solved, run the same command again." in said.err

    machine.trouble = ""
    assert machine.run(*target) == ["venv", "build", target[-1]]
    assert "The last installation into .venv/main did not end. It begins again." in capsys.readouterr().out


def test_tools_that_were_cut_leave_the_demo_what_it_has(machine: Machine) -> None:
    machine.run(*READY)
    machine.trouble = "ERROR: the network is gone"
    machine.run(*TOOLS)

    assert (machine.root / READY[0]).exists()


def test_a_link_to_another_checkouts_environment_is_cut_and_not_emptied(machine: Machine) -> None:
    other = machine.root / "other"
    (other / "bin").mkdir(parents=True)
    (machine.root / ".venv").mkdir()
    (machine.root / ".venv" / "main").symlink_to(other)

    assert machine.run(*READY) == ["venv", "build", "run"]
    assert list(other.iterdir()) == [other / "bin"]


def test_it_says_first_what_it_will_install(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sizes = {"run": locks.Size(29, 46, 182), "dev": locks.Size(56, 82, 309)}
    monkeypatch.setattr(locks, "size", sizes.get)
    monkeypatch.setenv("COLUMNS", "60")

    machine.run(*READY)
    machine.run(*TOOLS)

    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        "The demo and ./cos-watermark need 29 packages: about 50 MB",
        "to download, 200 MB on disk. They go into .venv/main; to",
        "remove them: make clean, or delete .venv.",
    ]
    assert "The tests, the linters and the type checker need 27 more" in lines
    assert max(map(len, lines)) <= 60


def test_all_that_a_program_says_of_its_failure_is_kept() -> None:
    program = (
        "import sys; print('fetched'); print('ERROR: no', file=sys.stderr); print('  space', file=sys.stderr); exit(2)"
    )
    heard: list[str | None] = []

    with pytest.raises(pip.PipError) as failure:
        heard.extend(pip.run((sys.executable, "-c", program)))

    assert str(failure.value) == "ERROR: no\n  space"


def test_of_many_tries_and_a_trace_what_helps_is_left() -> None:
    retry = "WARNING: Retrying (Retry(total={})) after connection broken by 'NewConnectionError()': /simple/six/\\n"
    trace = "Traceback (most recent call last):\\n  File 1\\n    line\\nsubprocess.CalledProcessError: x failed\\n"
    said = f"{retry.format(1)}{retry.format(0)}ERROR: no six\\n{trace}"
    program = f'import sys; sys.stderr.write("{said}"); exit(1)'

    with pytest.raises(pip.PipError) as failure:
        list(pip.run((sys.executable, "-c", program)))

    tried, error, hint = str(failure.value).splitlines()
    assert ("total=0" in tried, error) == (True, "ERROR: no six")
    assert "PIP_INDEX_URL" in hint


def test_a_program_that_outlives_us_keeps_the_lock(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    program = (
        "import os, sys; lock = os.stat(sys.argv[1])\n"
        "for number in os.listdir('/dev/fd'):\n"
        "    try: assert not os.path.samestat(os.fstat(int(number)), lock), 'it has the lock'\n"
        "    except OSError: pass\n"
    )
    command = (sys.executable, "-c", program, str(machine.root / ".venv" / "main.lock"))
    monkeypatch.setattr(pip, "install", lambda *_: RUN(command))

    with pytest.raises(pip.PipError, match="it has the lock"):
        environment.Environment(machine.root / ".venv" / "main").bring("ready", ("run",))


def test_settings_that_hide_or_add_packages_do_not_reach_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PIP_CONSTRAINT", "PIP_PYTHON", "PIP_QUIET", "PYTHONPATH"):
        monkeypatch.setenv(name, "3")
    monkeypatch.setenv("PIP_INDEX_URL", "https://example.com/simple")

    given = pip.environment()

    assert given["PIP_INDEX_URL"] == "https://example.com/simple"
    assert given["PIP_QUIET"] == "0"
    assert not {"PIP_PYTHON", "PYTHONPATH"} & set(given)
    assert given["PIP_CONSTRAINT"] != "3"


def test_two_at_once_take_turns(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def flock(_: object, how: int) -> None:
        if how & fcntl.LOCK_NB:
            raise BlockingIOError
        # Meanwhile the other run ended.
        monkeypatch.setattr(fcntl, "flock", lambda *_: None)
        machine.run(*READY)
        monkeypatch.setattr(fcntl, "flock", flock)

    monkeypatch.setattr(fcntl, "flock", flock)

    assert machine.run(*READY) == ["venv", "build", "run"]
    assert "Another run is installing into .venv/main; waiting for it." in capsys.readouterr().out
