"""Breaks each guard once, in a copy of the tree, and shows which test notices.

python -m tests.mutants [part of a name ...]
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.mutants import MUTANTS, ROOT, Mutant

#: At the top of the tree, what was made from it.
_MADE = ("build", "dist")
#: Seconds after which the tests of one mutant count as failed: some mutants run in circles.
_PATIENCE = 300


def main() -> int:
    """Run the mutants and print the table; 1 if one survives, 2 if none is so named."""
    parts = sys.argv[1:]
    chosen = [mutant for mutant in MUTANTS if not parts or any(part in mutant.name for part in parts)]
    if not chosen:
        _say(f"no mutant has {' or '.join(map(repr, parts))} in its name")
        return 2
    with tempfile.TemporaryDirectory(prefix="mutants-") as directory:
        _copy(Path(directory) / "whole")
        named = dict.fromkeys(name for mutant in chosen for name in mutant.tests)
        failing = _first_failure(Path(directory) / "whole", tuple(named), patience=20 * _PATIENCE)
        if failing:
            _say(f"without any mutant, {failing} fails already")
            return 1
        killers = {mutant.name: _killer(mutant, Path(directory) / str(number)) for number, mutant in enumerate(chosen)}
    survivors = [name for name, killer in killers.items() if killer is None]
    _say(f"{len(killers) - len(survivors)} of {len(killers)} mutants killed")
    return 1 if survivors else 0


def _killer(mutant: Mutant, root: Path) -> str | None:
    _copy(root)
    mutant.apply(root)
    killer = _first_failure(root, mutant.tests)
    _say(f"{mutant.name:55} | {killer or 'SURVIVED'}")
    return killer


def _copy(root: Path) -> None:
    def left_out(directory: str, names: list[str]) -> list[str]:
        made = _MADE if Path(directory) == ROOT else ()
        hidden = [name for name in names if name.startswith(".") and name != ".env.example"]
        return [name for name in names if name in made or name in hidden or name == "__pycache__"]

    shutil.copytree(ROOT, root, ignore=left_out)


def _first_failure(root: Path, tests: tuple[str, ...], patience: int = _PATIENCE) -> str | None:
    files = [f"tests/{name}.py" for name in tests]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-x", "--no-header", "-rfE", *files]
    try:
        run = subprocess.run(  # noqa: S603 - our own tests
            command, cwd=root, env=environment, capture_output=True, text=True, timeout=patience, check=False
        )
    except subprocess.TimeoutExpired:
        return "the tests did not end"
    failed = re.search(r"^(?:FAILED|ERROR) tests/(.+?)(?: - |$)", run.stdout, re.MULTILINE)
    if run.returncode not in (0, 1):
        raise RuntimeError(f"the tests could not be run:\n{run.stdout}{run.stderr}")
    return failed[1] if failed else None


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
