"""Which changes are measured: those that the bundle has, undone; and those that were tried and left out."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tests.benchmarks.production.changes import Edit

if TYPE_CHECKING:
    from pathlib import Path


def _without_bytecode(folder: Path) -> None:
    for compiled in [*folder.rglob("__pycache__")]:
        shutil.rmtree(compiled)


def _bytecode_alone(folder: Path) -> None:
    """Modules as `name.pyc` in the place of their source, which is gone: stack traces then have no lines of code."""
    for compiled in [*folder.rglob("__pycache__/*.pyc")]:
        name = compiled.name.partition(".")[0]
        compiled.rename(compiled.parent.with_name(f"{name}.pyc"))
    for source in [*folder.rglob("*.py")]:
        source.unlink()


EDITS = (
    Edit("bytecode", _without_bytecode, is_made=True, compiles=False),
    Edit("bytecode alone, without the sources", _bytecode_alone, is_made=False, compiles=False),
)
