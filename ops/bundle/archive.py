"""A zip that depends on nothing but names and contents."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

#: The earliest time that a zip can hold.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
#: A regular file that everybody may read: SCF runs a function as another user than it unpacks it.
_MODE = 0o100644 << 16


def write_zip(folder: Path, target: Path) -> None:
    """Write every file of the folder, in the order of their names, as if made at the same moment."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w") as archive:
        for name in sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = _UNIX
            entry.external_attr = _MODE
            archive.writestr(entry, (folder / name).read_bytes(), zipfile.ZIP_DEFLATED, compresslevel=9)
