"""The build, step by step."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from ops.bundle.archive import write_zip
from ops.bundle.bytecode import compile_folder, find_python
from ops.bundle.contents import collect
from ops.bundle.elf import objections
from ops.bundle.errors import BundleError
from ops.bundle.packages import Lock, fetch
from ops.checkout import BUILD, DEPLOY_LOCK, ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from ops.bundle.contents import Files


class Bytecode(Enum):
    """Whether modules are compiled beforehand."""

    INCLUDED = "included"
    LEFT_OUT = "left out"


@dataclass(frozen=True)
class Bundle:
    """What was built: the zip, and the folder that it was made from."""

    folder: Path
    archive: Path

    @property
    def sha256(self) -> str:
        """The zip's digest, in hex."""
        return hashlib.sha256(self.archive.read_bytes()).hexdigest()


def build(folder: Path, archive: Path, bytecode: Bytecode = Bytecode.INCLUDED) -> Bundle:
    """Build the bundle anew into `folder` and `archive`.

    Raises:
        BundleError: it cannot be done; what was there before may be gone.
    """
    python = find_python(ROOT) if bytecode is Bytecode.INCLUDED else None
    files = collect(ROOT, fetch(Lock.read(DEPLOY_LOCK), BUILD / "packages"))
    require_old_glibc(files)
    _write(files, folder)
    if python:
        compile_folder(python, folder)
    write_zip(folder, archive)
    return Bundle(folder, archive)


def require_old_glibc(files: Files) -> None:
    """Make sure that everything native loads where the functions run.

    Raises:
        BundleError: something does not; the text says what and why.
    """
    problems = [
        f"{name}: {problem}"
        for name, body in files.items()
        if name.endswith(".so") or ".so." in name
        for problem in objections(body)
    ]
    if problems:
        listed = "\n  ".join(problems)
        raise BundleError(f"not manylinux2014, so it would not load on SCF (CentOS 7, glibc 2.17, x86_64):\n  {listed}")


def _write(files: Files, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for name, body in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        path.chmod(0o644)
