"""A function's process: fresh for each invocation, or one that is kept as a container is."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.production.stage import Invocation
    from tests.benchmarks.production.subjects import Code

_RUNNER = Path(__file__).with_name("runner.py")
#: Counts instructions, and models no cache.
_VALGRIND = ("valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null")


@dataclass(frozen=True)
class Took:
    """What an invocation took: seconds of the clock and of the processor; bytes in memory after it, and at most.

    `errors` is how many lines of its log say ERROR.
    """

    wall: float
    cpu: float
    memory: int
    peak: int
    errors: int
    returned: Any = None


@contextmanager
def container(code: Code, function: str, port: int) -> Iterator[Container]:
    """A process that waits for invocations; nothing is imported before the first."""
    with _start((), code, function, port) as process:
        yield Container(process)


class Container:
    """A process that is kept from one invocation to the next."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def invoke(self, invocation: Invocation) -> Took:
        """What the invocation took in the process: its own figures."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(invocation) + "\n")
        self._process.stdin.flush()
        return _told(self._process.stdout)


def cold(code: Code, function: str, port: int, invocation: Invocation) -> Took:
    """What the first invocation takes, from the start of the process to the answer."""
    began = time.perf_counter()
    with _start((), code, function, port) as process:
        told = Container(process).invoke(invocation)
        wall = time.perf_counter() - began
        assert process.stdin
        process.stdin.close()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return replace(told, wall=wall, cpu=used.ru_utime + used.ru_stime)


def instructions(code: Code, function: str, port: int, invocation: Invocation) -> int | None:
    """How many instructions it takes to the first answer; `None` where valgrind is not installed."""
    if shutil.which(_VALGRIND[0]) is None:
        return None
    with _start(_VALGRIND, code, function, port, stderr=subprocess.PIPE) as process:
        _, told = process.communicate(json.dumps(invocation) + "\n")
    found = re.search(r"I +refs: +([0-9,]+)", told)
    assert found, told
    return int(found[1].replace(",", ""))


def _start(
    before: tuple[str, ...], code: Code, function: str, port: int, stderr: int | None = None
) -> subprocess.Popen[str]:
    # Neither variables nor packages of this machine; -B as on the platform, whose disk is read-only.
    python = (str(code.python), "-s", "-S", "-B", str(_RUNNER))
    command = [*before, *python, str(code.folder), code.handler(function), str(port)]
    # Otherwise hashes are others in each process, and with them the order of sets and the number of instructions.
    environment = {"PATH": os.environ["PATH"], "PYTHONHASHSEED": "0"}
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=stderr, text=True, env=environment)  # noqa: S603 - nothing from outside


def _told(answers: IO[str]) -> Took:
    line = answers.readline()
    assert line, "the process ended"
    return Took(**json.loads(line))
