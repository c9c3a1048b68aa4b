"""An environment under `.venv/`: what is in it, and how it comes to have what it should."""

from __future__ import annotations

import fcntl
import os
import platform
import shutil
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops.checkout import ROOT
from ops.install import locks, pip
from ops.install.progress import Progress
from ops.install.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: The mark of what an environment begins with.
READY = "ready"
#: What needs a set, in the words of a person who has just run his first command.
_NEEDED_BY = {
    "run": "The demo and ./cos-watermark need",
    "test": "The tests on Python {python} need",
    "dev": "The tests, the linters and the type checker need",
}
_BYTES_PER_MB = 1_000_000
_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


@dataclass(frozen=True)
class Environment:
    """A folder for packages. Its marks name the locks that are installed; `unfinished` is there while pip runs."""

    folder: Path

    def bring(self, mark: str, sets: tuple[str, ...]) -> None:
        """Install the last of the sets, each of which holds the one before it; `mark` will say that it is there.

        Raises:
            PipError: pip failed.
        """
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with self._alone():
            marks = {READY: sets[0], mark: sets[-1]}
            if all(self._has(name, lock) for name, lock in marks.items()):
                (self.folder / mark).touch()
                return
            on_top = mark != READY and self._has(READY, sets[0]) and not (self.folder / mark).exists()
            progress = self._announce(sets, on_top=on_top)
            try:
                self._fill(sets[-1], progress, anew=not on_top)
            finally:
                progress.close()
            for name, lock in marks.items():
                (self.folder / name).write_text(_content(lock), encoding="utf-8")
            self._unfinished.unlink()
            progress.say(f"installed in {progress.seconds} s; {self._shown} has {self.megabytes()} MB")

    def megabytes(self) -> int:
        """What it takes on disk."""
        blocks = sum(path.lstat().st_blocks for path in self.folder.rglob("*"))
        return round(blocks * 512 / _BYTES_PER_MB)

    @property
    def _unfinished(self) -> Path:
        return self.folder / "unfinished"

    def _has(self, mark: str, lock: str) -> bool:
        path = self.folder / mark
        return (
            not self._unfinished.exists()
            and (self.folder / "bin" / "python").exists()
            and path.exists()
            and path.read_text(encoding="utf-8") == _content(lock)
        )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        # The system takes this lock from a run that is killed, when what it has started has ended too.
        with self.folder.with_name(f"{self.folder.name}.lock").open("w") as lock:
            os.set_inheritable(lock.fileno(), True)  # noqa: FBT003 - has no name
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say(f"Another run is installing into {self._shown}; waiting for it.")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @property
    def _shown(self) -> Path:
        return self.folder.relative_to(ROOT)

    def _announce(self, sets: tuple[str, ...], *, on_top: bool) -> Progress:
        if self._unfinished.exists():
            say(f"The last installation into {self._shown} did not end. It begins again.")
        size, below = locks.size(sets[-1]), locks.size(sets[0])
        needs = _NEEDED_BY[sets[-1]].format(python=_PYTHON)
        if size and on_top and below:
            size = size.beyond(below)
        more = " more" if on_top else ""
        what = f"{size.packages}{more} packages: {size.about()}" if size else f"{more} packages".strip()
        say(f"{needs} {what}. They go into {self._shown}; to remove them: make clean, or delete .venv.")
        return Progress(self.folder.name, size.packages if size else None)

    def _fill(self, lock: str, progress: Progress, *, anew: bool) -> None:
        if anew:
            self._make(progress)
        self._unfinished.touch()
        progress.show("asking pip")
        for line in pip.install(self.folder, locks.path_of(locks.BUILD)):
            if line:
                progress.worry(line)
            else:
                progress.wait()
        before, unpacking = self._packages(), False
        for line in pip.install(self.folder, locks.path_of(lock)):
            if line:
                progress.hear(line)
                unpacking = unpacking or bool(pip.UNPACKING.match(line))
            if unpacking:
                progress.unpacked(self._packages() - before)
            elif not line:
                progress.wait()

    def _make(self, progress: Progress) -> None:
        # The mark goes first: should this be cut, nobody takes what is left for an environment.
        (self.folder / READY).unlink(missing_ok=True)
        if self.folder.is_symlink():
            self.folder.unlink()
        elif self.folder.exists():
            shutil.rmtree(self.folder)
        self.folder.mkdir()
        self._unfinished.touch()
        progress.show(f"making the environment, Python {platform.python_version()}")
        # In two steps, because venv says nothing of why pip could not be put in.
        for command in (
            (sys.executable, "-m", "venv", "--without-pip", self.folder),
            (self.folder / "bin" / "python", "-m", "ensurepip", "--upgrade", "--default-pip"),
        ):
            for _ in pip.run(command):
                progress.wait()

    def _packages(self) -> int:
        return sum(1 for _ in self.folder.glob("lib/python*/site-packages/*.dist-info"))


def _content(lock: str) -> str:
    """What a mark says: the Python, which Makefile looks at, and the lock."""
    return f"{_PYTHON} {locks.digest(lock)}\n"
