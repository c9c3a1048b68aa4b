"""What is inside a bundle, by size."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class Share:
    """One package's, or one root module's, part in the zip; sizes in bytes."""

    name: str
    files: int = 0
    unzipped: int = 0
    bytecode: int = 0
    zipped: int = 0


def shares(archive: Path) -> list[Share]:
    """The parts of the zip, the largest first."""
    found: dict[str, Share] = {}
    with zipfile.ZipFile(archive) as opened:
        for entry in opened.infolist():
            share = found.setdefault(_owner(entry.filename), Share(_owner(entry.filename)))
            share.files += 1
            share.unzipped += entry.file_size
            share.bytecode += entry.file_size if entry.filename.endswith(".pyc") else 0
            share.zipped += entry.compress_size
    return sorted(found.values(), key=lambda share: (-share.zipped, share.name))


def table(archive: Path) -> Table:
    """The report, to be printed."""
    parts = shares(archive)
    total = Share(
        "total",
        *(sum(getattr(part, field) for part in parts) for field in ("files", "unzipped", "bytecode", "zipped")),
    )
    report = Table("in the bundle")
    for heading in ("files", "unzipped", "of it bytecode", "zipped"):
        report.add_column(heading, justify="right")
    for part in (*parts, total):
        sizes = map(_kilobytes, (part.unzipped, part.bytecode, part.zipped))
        report.add_row(part.name, str(part.files), *sizes, end_section=part is parts[-1])
    return report


def _owner(name: str) -> str:
    first, _, rest = name.partition("/")
    # The bytecode of root modules has a folder of its own.
    return rest.partition(".")[0] + ".py" if first == "__pycache__" else first


def _kilobytes(size: int) -> str:
    return f"{size / 1000:,.0f} kB"
