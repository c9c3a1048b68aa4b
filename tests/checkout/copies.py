"""Copies of this checkout, as someone else has it, or as it is after a move."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from ops.checkout import ROOT

if TYPE_CHECKING:
    from pathlib import Path

_MADE = (".git", ".venv", ".env", "build", "dist", "node_modules", "__pycache__", ".hypothesis", "*_cache")


def copy_checkout(to: Path) -> Path:
    """Copy what is in the repository, and nothing that was made from it."""
    return shutil.copytree(ROOT, to, ignore=shutil.ignore_patterns(*_MADE))


def program(path: Path, *lines: str) -> Path:
    """Write a shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Never through a link to something real.
    path.unlink(missing_ok=True)
    path.write_text("\n".join(("#!/bin/sh", *lines, "")))
    path.chmod(0o755)
    return path


def bare_path(folder: Path, *more: str) -> Path:
    """A folder for PATH with what make itself needs, and no Python."""
    folder.mkdir()
    for name in ("sh", "rm", *more):
        (folder / name).symlink_to(str(shutil.which(name)))
    return folder


def make(checkout: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run make with no other environment than this."""
    command = [str(shutil.which("make")), *arguments]
    return subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - nothing from outside


def furnish(checkout: Path) -> None:
    """Give a checkout an environment, as if it had been installed: with the packages of this one."""
    program(checkout / ".venv" / "main" / "bin" / "python", f'exec "{sys.executable}" "$@"')
    (checkout / ".venv" / "main" / "ready").touch()
