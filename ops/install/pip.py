"""Runs an environment's pip, and tells what it is at.

pip's own configuration stays in force, for it may name the index that this machine needs. What it may say of another
place to install to, of other versions or files than the locked ones, and of how much pip prints, is undone.
"""

from __future__ import annotations

import os
import queue
import re
import subprocess
import threading
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Seconds without a line of pip, after which it is looked whether something moves.
_PATIENCE = 1.0
#: An empty value would let a configuration file speak. One locked package exists as source only, some others can hardly
#: be built.
_UNDONE = {
    "PIP_CONSTRAINT": os.devnull,
    "PIP_DRY_RUN": "0",
    "PIP_NO_BINARY": ":none:",
    "PIP_ONLY_BINARY": ":none:",
    "PIP_QUIET": "0",
    "PIP_VERBOSE": "0",
}
#: They would lead pip to another interpreter, or show it packages of elsewhere as if they were installed.
_DROPPED = ("PIP_PYTHON", "PYTHONPATH", "PYTHONHOME", "PYTHONSAFEPATH", "__PYVENV_LAUNCHER__")


_UNREACHED = (
    "A connection failed. If this machine needs a mirror or a proxy for packages, set PIP_INDEX_URL or HTTPS_PROXY."
)


class PipError(Exception):
    """pip failed; with what it said of that."""


def environment() -> dict[str, str]:
    """The variables for pip and for making environments."""
    return {name: value for name, value in os.environ.items() if name not in _DROPPED} | _UNDONE


def install(folder: Path, lock: Path) -> Iterator[str | None]:
    """Install what a lock names: each line of pip, and nothing for each second in which it prints none.

    Raises:
        PipError: pip failed.
    """
    place = ("--no-user", "--target=", "--root=/", f"--prefix={folder}")
    # Without isolation a build takes the setuptools that is installed, which is locked, and not the newest.
    how = ("--require-hashes", "--no-build-isolation", "--use-pep517")
    quiet = ("--disable-pip-version-check", "--no-input", "--no-color", "--progress-bar=off")
    command = (folder / "bin" / "python", "-m", "pip", "install", *quiet, *place, *how, "-r", lock)
    yield from run(command)


def run(command: tuple[str | Path, ...]) -> Iterator[str | None]:
    """Run a program: each line that it prints, and nothing for each second in which it prints none.

    Raises:
        PipError: it failed.
    """
    pipe = subprocess.PIPE
    with subprocess.Popen(  # noqa: S603 - nothing from outside
        command,
        stdin=subprocess.DEVNULL,
        stdout=pipe,
        stderr=pipe,
        text=True,
        errors="replace",
        env=environment(),
        # The lock goes with it: if we are killed, nobody else writes there before the program has ended too.
        close_fds=False,
    ) as process:
        lines: queue.Queue[tuple[IO[str] | None, str]] = queue.Queue()
        streams = [process.stdout, process.stderr]
        for stream in streams:
            threading.Thread(target=_read, args=(stream, lines)).start()
        errors, ended = [], 0
        while ended < len(streams):
            try:
                source, line = lines.get(timeout=_PATIENCE)
            except queue.Empty:
                yield None
                continue
            if source is None:
                ended += 1
                continue
            if source is process.stderr:
                errors.append(line)
            yield line
    if process.returncode:
        raise PipError(_essence(errors) or f"{command[0]} ended with {process.returncode}")


def _essence(errors: list[str]) -> str:
    """What a program said, of several tries to connect only the last, and without the way through its code."""
    tries = [line for line in errors if RETRYING.match(line)]
    said = [line for line in errors if line not in tries[:-1]]
    if tries:
        said.append(f"{_UNREACHED}\n")
    return _TRACE.sub("", "".join(said)).rstrip()


def _read(stream: IO[str] | None, lines: queue.Queue[tuple[IO[str] | None, str]]) -> None:
    for line in stream or ():
        lines.put((stream, line))
    lines.put((None, ""))


#: What of pip's lines is of interest: the package that it turns to, its size, what it builds, that it now unpacks.
COLLECTING = re.compile(r"Collecting ([\w.-]+)==")
PROCESSING = re.compile(r"Processing (?:.*/)?([\w.]+?)-\d\S*\.(?:whl|tar\.gz|zip)\b")
FETCHING = re.compile(r"\s+Downloading .*\(([\d.]+ [MG]B)\)")
BUILDING = re.compile(r"\s+Building wheel for ([\w.-]+) ")
UNPACKING = re.compile(r"Installing collected packages: ")
RETRYING = re.compile(r"\s*WARNING: Retrying ")
#: A trace; of one that only says that a program failed, which has said why itself, the last line too.
_TRACE = re.compile(r"^Traceback .*\n(?:\s.*\n)*(?:subprocess\.CalledProcessError: .*\n?)?", re.MULTILINE)
