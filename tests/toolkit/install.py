"""Installs Tencent's deployment library, which the tests of this folder ask: `make toolkit`. The tests install nothing.

The library's folder is named after what is locked, and gets that name once npm is done: what is there is whole.
"""

from __future__ import annotations

import fcntl
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ops.checkout import BUILD

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOCKED = ("package.json", "package-lock.json")
# A setting of the user's must not lead npm elsewhere; without a network it should not take long to say so.
_INSTALL = (
    *("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--global=false"),
    *("--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-timeout=30000"),
)
#: Codes of npm for which nobody but package-lock.json is to blame.
_OUR_FAULT = ("EINTEGRITY", "EUSAGE")


class LockError(Exception):
    """What is locked cannot be installed anywhere."""


@dataclass(frozen=True)
class Toolkit:
    """The library: `sources` has what is locked, `base` takes what is installed."""

    sources: Path = Path(__file__).parent
    base: Path = BUILD / "toolkit"

    @property
    def folder(self) -> Path:
        """Where it is, if it is installed."""
        locked = b"".join((self.sources / name).read_bytes() for name in _LOCKED)
        return self.base / hashlib.sha256(locked).hexdigest()[:16]

    @property
    def missing(self) -> str | None:
        """Why it is not installed; nothing if it is."""
        if self.folder.exists():
            return None
        return self._reason.read_text(encoding="utf-8") if self._reason.exists() else "run `make toolkit`"

    def install(self) -> None:
        """Install it, unless it is there. Where npm or the network is not to be had, only the reason is left.

        Raises:
            LockError: npm cannot install what is locked.
        """
        self.base.mkdir(parents=True, exist_ok=True)
        with self._alone() as lock:
            if self.folder.exists():
                return
            self._clear()
            if failure := self._try(lock):
                self._reason.write_text(failure, encoding="utf-8")

    @property
    def _lock(self) -> Path:
        return self.base / "lock"

    @property
    def _reason(self) -> Path:
        return self.base / "missing.txt"

    @contextmanager
    def _alone(self) -> Iterator[int]:
        # The system takes this lock from a run that is killed, once the npm that it started has ended too.
        with self._lock.open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                _say("another run is installing Tencent's deployment library; waiting for it")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield lock.fileno()

    def _clear(self) -> None:
        """Remove what an older lock asked for, and what a run that was killed left."""
        for path in self.base.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path != self._lock:
                path.unlink()

    def _try(self, lock: int) -> str | None:
        npm = shutil.which("npm")
        if not npm or not shutil.which("node"):
            return "Node.js with npm is not installed"
        _say("installing Tencent's deployment library, for a test")
        with tempfile.TemporaryDirectory(dir=self.base) as aside:
            new = Path(aside, "new")
            new.mkdir()
            for name in _LOCKED:
                shutil.copy(self.sources / name, new)
            done = subprocess.run(  # noqa: S603 - nothing from outside
                [npm, *_INSTALL], cwd=new, pass_fds=[lock], capture_output=True, text=True, check=False
            )
            if done.returncode:
                return _failure(done.stderr)
            new.rename(self.folder)
        return None


def _failure(said: str) -> str:
    code = re.search(r"\bcode (E\w+)", said)
    if code and code[1] in _OUR_FAULT:
        raise LockError(said)
    return f"`npm ci` failed: {code[1] if code else said.strip()}"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Install it, or say why not."""
    toolkit = Toolkit()
    try:
        toolkit.install()
    except LockError as error:
        raise SystemExit(f"tests/toolkit/package-lock.json cannot be installed:\n{error}") from error
    if toolkit.missing:
        _say(f"Tencent's deployment library was not installed, so its tests will be skipped: {toolkit.missing}")


if __name__ == "__main__":
    main()
