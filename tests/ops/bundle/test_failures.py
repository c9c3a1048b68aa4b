"""What is said when there can be no bundle."""

from __future__ import annotations

import hashlib
import io
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from ops.bundle import build as building
from ops.bundle.bytecode import compile_folder, find_python
from ops.bundle.contents import collect
from ops.bundle.errors import BundleError
from ops.bundle.packages import Lock, fetch
from ops.checkout import ROOT
from ops.cli import app

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Says the same on every Python.
pytestmark = pytest.mark.once


def wheel(path: Path, files: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return path


def lock(path: Path, *lines: str) -> Path:
    path.write_text("# a comment\n" + "".join(f"{line}\n" for line in lines))
    return path


def project(root: Path) -> Path:
    (root / "functions").mkdir(parents=True)
    (root / "shared").mkdir()
    (root / "functions" / "__init__.py").touch()
    (root / "functions" / "submit.py").write_bytes(b"ours")
    return root


def test_a_lock_under_conditions_is_refused(tmp_path: Path) -> None:
    conditional = lock(tmp_path / "lock.txt", "six==1.17.0 ; python_version < '3.11' \\", "    --hash=sha256:00")

    with pytest.raises(BundleError, match=r"not a plain pin.*six"):
        Lock.read(conditional)


def test_archives_that_are_all_there_are_not_fetched_again(tmp_path: Path) -> None:
    archive = wheel(tmp_path / "one-1.whl", {"one.py": b""})
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    folder = tmp_path / "packages"
    folder.mkdir()
    archive = archive.rename(folder / archive.name)
    locked = Lock.read(lock(tmp_path / "lock.txt", "one==1 \\", f"    --hash=sha256:{digest}"))

    assert fetch(locked, folder) == [archive]


def test_an_archive_that_was_tampered_with_is_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given an archive that is not what was locked, and no index to get another from
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    wheel(tmp_path / "one-1.whl", {"one.py": b"hostile"})
    locked = Lock.read(lock(tmp_path / "lock", "one==1 \\", f"    --hash=sha256:{'0' * 64}"))

    with pytest.raises(BundleError, match=r"pip could not download(.|\n)*one==1"):
        fetch(locked, tmp_path / "packages")


def test_of_a_source_only_the_modules_for_python_3_are_taken(tmp_path: Path) -> None:
    source = tmp_path / "crcmod-1.7.tar.gz"
    with tarfile.open(source, "w:gz") as archive:
        for name in ("setup.py", "python2/crcmod/crcmod.py", "python3/crcmod/crcmod.py", "python3/src/_crcfunext.c"):
            entry = tarfile.TarInfo(f"crcmod-1.7/{name}")
            entry.size = len(name)
            archive.addfile(entry, io.BytesIO(name.encode()))

    files = collect(project(tmp_path / "project"), [source])

    assert files == {"submit.py": b"ours", "crcmod/crcmod.py": b"python3/crcmod/crcmod.py"}


@pytest.mark.parametrize("name", ["submit.py", "../outside.py", "/outside.py", "a/../../outside.py"])
def test_a_package_cannot_replace_our_files_or_write_elsewhere(tmp_path: Path, name: str) -> None:
    archive = wheel(tmp_path / "hostile-1.whl", {name: b"hostile"})

    with pytest.raises(BundleError, match="a second"):
        collect(project(tmp_path / "project"), [archive])


def without_python(root: Path) -> Path:
    script = root / ".ci" / "pythons"
    script.parent.mkdir()
    script.write_text("exit 1\n")
    return root


def test_without_the_functions_python_the_way_out_is_named(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"no Python 3\.10(.|\n)*use --no-bytecode"):
        find_python(without_python(tmp_path))


def test_a_module_that_does_not_compile_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "code"
    folder.mkdir()
    (folder / "broken.py").write_text("def")

    with pytest.raises(BundleError, match=r"broken\.py"):
        compile_folder(Path(sys.executable), folder)


def test_the_command_ends_with_the_reason_and_code_1(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(root: Path) -> Path:
        raise BundleError(f"no Python in {root.name}")

    monkeypatch.setattr(building, "find_python", fail)

    result = CliRunner().invoke(app, ["bundle"])

    assert (result.exit_code, result.output) == (1, f"no Python in {ROOT.name}\n")
