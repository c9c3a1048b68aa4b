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
    """Build a new bundle into `folder` and `archive`.

    Raises:
        BundleError: it cannot be done; what was there before may be gone.
    """
    python = find_python(ROOT) if bytecode is Bytecode.INCLUDED else None
    files = collect(ROOT, fetch(Lock.read(DEPLOY_LOCK), BUILD / "packages"))
    _write(files, folder)
    if python:
        compile_folder(python, folder)
    _let_everybody_read(folder)
    write_zip(folder, archive)
    return Bundle(folder, archive)


def _write(files: Files, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for name, body in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)


def _let_everybody_read(folder: Path) -> None:
    # SCF runs a function as another user than it unpacks it; the builder's umask may allow nobody else anything.
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
