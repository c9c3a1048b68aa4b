"""Changes of our bundle, one by one: what is left out of it put back, and what it could have besides."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops.bundle.bytecode import compile_folder
from tests.benchmarks.production.figures import Change
from tests.benchmarks.production.paths import Path
from tests.benchmarks.production.rounds import Rounds
from tests.benchmarks.production.subjects import Code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path as FilePath

    from tests.benchmarks.production.stage import Stage

#: With and without calls.
PATHS = (Path.VIDEO, Path.SKIP)
_BEFORE, _AFTER = "before", "after"


@dataclass(frozen=True)
class Edit:
    """One change: `make` makes it in a folder with the bundle, of which the bytecode is made again afterwards."""

    what: str
    make: Callable[[FilePath], None]
    is_made: bool
    compiles: bool = True


def measured(edits: tuple[Edit, ...], ours: Code, stage: Stage, rounds: int) -> Iterator[Change]:
    """What each of them does to a cold start; the bundle before it is measured in the same rounds."""
    for edit in edits:
        folder = ours.folder.with_name("changed")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(ours.folder, folder)
        edit.make(folder)
        if edit.compiles:
            compile_folder(ours.python, folder)
        codes = {_BEFORE: ours, _AFTER: Code(ours.python, folder, ours.module)}
        cpu = {path.value: _ratio(path, Rounds(stage, codes, rounds)) for path in PATHS}
        yield Change(edit.what, edit.is_made, cpu, _size(folder) - _size(ours.folder))


def _ratio(path: Path, rounds: Rounds) -> float:
    cpu = {row.subject: row.cpu.median for row in rounds.cold(path)}
    return cpu[_AFTER] / cpu[_BEFORE]


def _size(folder: FilePath) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
