"""Whatever git is set to, a clone has the bytes of the repository: shells and samples of HTTP need their LF."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.checkout.copies import copy_checkout

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.once


def git(*arguments: str, cwd: Path) -> None:
    nobody = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"]}
    name = ("-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "core.safecrlf=false")
    subprocess.run(["git", *name, *arguments], cwd=cwd, env=nobody, capture_output=True, check=True)  # noqa: S603, S607 - nothing from outside


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_a_clone_with_autocrlf_has_the_same_bytes(tmp_path: Path) -> None:
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    original = copy_checkout(tmp_path / "original")
    git("init", "--quiet", cwd=original)
    git("add", "--all", cwd=original)
    git("commit", "--quiet", "--message=all", cwd=original)

    git("clone", "--quiet", "--config=core.autocrlf=true", "--config=core.eol=crlf", "original", "clone", cwd=tmp_path)

    meant, found = files(original), files(tmp_path / "clone")
    assert {"Makefile", ".ci/run", ".gitattributes", "cos-watermark"} <= set(found)
    assert [name for name in found if found[name] != meant[name]] == []
    assert [name for name, body in found.items() if b"\r\n" in body] == []
