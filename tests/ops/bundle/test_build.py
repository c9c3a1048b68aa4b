"""What the built bundle is like."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import zipfile
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from ops.bundle import build as building
from ops.bundle import command
from ops.bundle.build import Bundle, build
from ops.bundle.contents import LEFT_OUT
from ops.bundle.report import shares
from ops.cli import app

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.once

MAX_ZIPPED = 4_200_000
MAX_UNZIPPED = 11_500_000
#: The flags of a .pyc that is never held against its source: https://peps.python.org/pep-0552/.
UNCHECKED_HASH = b"\x01\0\0\0"

_IMPORT_ALL = """
import json, sys
sys.path.insert(0, sys.argv[1])
import submit, callback, shared.cloud.clients, shared.documents
shared.documents.parse_xml(b"<a/>")
json.dump([m.__file__ for m in list(sys.modules.values()) if getattr(m, "__file__", None)], sys.stdout)
"""


def names(bundle: Bundle) -> list[str]:
    with zipfile.ZipFile(bundle.archive) as archive:
        return archive.namelist()


def test_the_same_input_gives_the_same_bytes_without_any_network(
    bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given everything was fetched once, and pip would now find nothing
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)

    again = build(tmp_path / "elsewhere" / "folder", tmp_path / "again.zip")

    assert again.sha256 == bundle.sha256


def test_it_is_small(bundle: Bundle) -> None:
    parts = shares(bundle.archive)

    assert bundle.archive.stat().st_size <= MAX_ZIPPED
    assert sum(part.unzipped for part in parts) <= MAX_UNZIPPED


def test_the_command_reports_what_is_inside(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "build", lambda *_: bundle)
    monkeypatch.setattr(command, "ROOT", bundle.archive.parent)

    result = CliRunner().invoke(app, ["bundle"])

    names = [*(part.name for part in shares(bundle.archive)), "total"]
    places = [result.output.index(f" {name} ") for name in names]
    assert (result.exit_code, places) == (0, sorted(places))
    assert result.output.endswith(f"bundle.zip\nSHA-256 {bundle.sha256}\n")


def test_handlers_lie_at_the_root_and_shared_beside_them(bundle: Bundle) -> None:
    own = [name for name in names(bundle) if name.endswith(".py") and "/" not in name]

    assert {"submit.py", "callback.py", "shared/settings.py"} <= set(names(bundle))
    assert not {"functions", "faketencent", "ops", "tests", "__init__"} & {
        name.partition("/")[0] for name in names(bundle)
    }
    assert "__init__.py" not in own


def test_nothing_is_in_it_that_is_left_out(bundle: Bundle) -> None:
    patterns = [pattern for pattern in LEFT_OUT if "pyc" not in pattern]

    assert [name for name in names(bundle) if any(fnmatchcase(name, pattern) for pattern in patterns)] == []


def test_every_package_in_it_is_imported(python: Path, unzipped: Path, bundle: Bundle) -> None:
    command = [str(python), "-I", "-S", "-B", "-c", _IMPORT_ALL, str(unzipped)]
    done = subprocess.run(command, capture_output=True, check=True)  # noqa: S603 - nothing from outside

    # Nor a warning about a package that was left out, as requests gives one.
    assert done.stderr == b""
    imported = {file.removeprefix(f"{unzipped}/").partition("/")[0] for file in json.loads(done.stdout)}
    assert {part.name for part in shares(bundle.archive)} <= imported


def test_every_module_has_bytecode_that_stays_valid_and_names_no_folder_of_this_machine(unzipped: Path) -> None:
    sources = list(unzipped.rglob("*.py"))

    compiled = [path.parent / "__pycache__" / f"{path.stem}.cpython-310.pyc" for path in sources]

    assert {path.read_bytes()[4:8] for path in compiled} == {UNCHECKED_HASH}
    assert not any(str(unzipped.parent).encode() in path.read_bytes() for path in compiled)
    assert all(b"/var/user/" in path.read_bytes() for path in compiled)


def test_everybody_may_read_it_whatever_the_umask_of_its_builder(
    python: Path,  # noqa: ARG001 - needed for its bytecode
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(building, "fetch", lambda *_: [])
    umask = os.umask(0o077)
    try:
        built = build(tmp_path / "bundle", tmp_path / "bundle.zip")
    finally:
        os.umask(umask)

    inside = list(built.folder.rglob("*"))
    modes = {stat.filemode(path.stat().st_mode) for path in (built.folder, *inside)}
    assert modes == {"drwxr-xr-x", "-rw-r--r--"}
    assert {".py", ".pyc"} <= {path.suffix for path in inside}
    with zipfile.ZipFile(built.archive) as archive:
        assert {stat.filemode(entry.external_attr >> 16) for entry in archive.infolist()} == {"-rw-r--r--"}


def test_the_zip_says_nothing_about_when_and_by_whom_it_was_made(bundle: Bundle) -> None:
    with zipfile.ZipFile(bundle.archive) as archive:
        entries = archive.infolist()

    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {stat.filemode(entry.external_attr >> 16) for entry in entries} == {"-rw-r--r--"}
