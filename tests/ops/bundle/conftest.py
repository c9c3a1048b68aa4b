"""One bundle for all tests of a run."""

from __future__ import annotations

import fcntl
import os
import zipfile
from typing import TYPE_CHECKING

import pytest

from ops.bundle.build import Bundle, build
from ops.bundle.bytecode import find_python
from ops.bundle.errors import BundleError
from ops.checkout import ROOT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def python() -> Path:
    """The function's Python, without anything installed beside it."""
    try:
        return find_python(ROOT)
    except BundleError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def bundle(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Bundle:  # noqa: ARG001 - needed for its bytecode
    """The bundle, freshly built; once for all workers of pytest-xdist."""
    base = tmp_path_factory.getbasetemp()
    folder = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    built = Bundle(folder / "bundle", folder / "bundle.zip")
    with (folder / "bundle.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return built if built.archive.exists() else build(built.folder, built.archive)


@pytest.fixture(scope="session")
def unzipped(bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the zip holds, in a folder that cannot be written to."""
    folder = tmp_path_factory.mktemp("user")
    with zipfile.ZipFile(bundle.archive) as archive:
        archive.extractall(folder)
    for path in (folder, *folder.rglob("*")):
        path.chmod(path.stat().st_mode & 0o555)
    return folder
