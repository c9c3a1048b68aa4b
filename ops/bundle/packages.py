"""The locked packages as archives: fetched once, by pip, and held against the lock's hashes each time."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops.bundle.errors import BundleError

if TYPE_CHECKING:
    from pathlib import Path

# `--platform` and its kin make pip choose for the function instead of for this machine.
_TARGET = (
    "--platform=manylinux2014_x86_64",
    "--python-version=3.10",
    "--implementation=cp",
    "--abi=cp310",
    "--abi=abi3",
    "--abi=none",
)
# crcmod has never been published as a wheel. Only its Python part is used.
_SOURCE_ONLY = "crcmod"


@dataclass(frozen=True)
class Lock:
    """A requirements file that pins everything by version and hash."""

    path: Path
    names: tuple[str, ...]
    hashes: frozenset[str]

    @classmethod
    def read(cls, path: Path) -> Lock:
        """Read the file.

        Raises:
            BundleError: it holds something that is not pinned, or only under conditions.
        """
        text = path.read_text()
        requirements = re.findall(r"^[A-Za-z0-9].*$", text, re.MULTILINE)
        for requirement in requirements:
            # pip would judge a condition by the Python that it runs on, not by the function's.
            if not re.fullmatch(r"[A-Za-z0-9._-]+==\S+ \\", requirement):
                raise BundleError(f"{path}: not a plain pin with hashes: {requirement}")
        names = tuple(requirement.partition("==")[0] for requirement in requirements)
        return cls(path, names, frozenset(re.findall(r"--hash=sha256:([0-9a-f]{64})", text)))


def fetch(lock: Lock, folder: Path) -> list[Path]:
    """The archive of every locked package, in order; no network is used if `folder` has them all.

    Raises:
        BundleError: pip could not get them.
    """
    archives = _complete(lock, folder)
    if archives is None:
        _download(lock, folder)
        archives = _complete(lock, folder)
    if archives is None:
        raise BundleError(
            f"{folder} does not have the packages that {lock.path} names; remove the folder and try again"
        )
    return archives


def _complete(lock: Lock, folder: Path) -> list[Path] | None:
    archives = sorted(folder.glob("*"))
    trusted = all(hashlib.sha256(path.read_bytes()).hexdigest() in lock.hashes for path in archives)
    return archives if trusted and len(archives) == len(lock.names) else None


def _download(lock: Lock, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet", "--quiet", "download"]
    choice = ["--no-deps", "--require-hashes", "--only-binary=:all:", f"--no-binary={_SOURCE_ONLY}", *_TARGET]
    # pip reads a source's metadata by running its set-up, with our pinned setuptools instead of a fresh one.
    command = [*pip, *choice, "--no-build-isolation", f"--requirement={lock.path}", f"--dest={folder}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - nothing from outside
    if done.returncode:
        raise BundleError(f"pip could not download the packages of {lock.path}:\n{done.stderr.strip()}")
