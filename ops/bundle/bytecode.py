"""Bytecode for the function's Python, made beforehand: its disk is read-only, so it would compile at each cold start.

`unchecked-hash` bytecode is taken as it is; the usual kind is ignored once unzipping has changed its source's
time (https://peps.python.org/pep-0552/).
"""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from ops.bundle.errors import BundleError

if TYPE_CHECKING:
    from pathlib import Path

_VERSION = "3.10"
#: Where SCF unpacks a function's code; shown in stack traces.
_CODE_ROOT = "/var/user"
#: Its docstrings are longer than its code, and nobody reads them in a function.
_SDK = "qcloud_cos"


def find_python(root: Path) -> Path:
    """The interpreter of the function's version, found as the tests find theirs.

    Raises:
        BundleError: there is none.
    """
    command = ["sh", str(root / ".ci" / "pythons"), _VERSION]
    found = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own script
    if python := found.stdout.strip():
        return root / python
    raise BundleError(
        f"no Python {_VERSION} on PATH or in pyenv, and only this version can make bytecode for the functions: install "
        "it, or use --no-bytecode (they then take about twice as long to start)"
    )


def compile_folder(python: Path, folder: Path) -> None:
    """Put bytecode beside every module in the folder.

    Raises:
        BundleError: a module does not compile.
    """
    _compile(python, folder, folder)
    if not (sdk := folder / _SDK).exists():
        return
    _compile(python, folder, sdk, "-o", "2")
    for compiled in [*sdk.rglob("*.opt-2.pyc")]:
        compiled.replace(compiled.with_name(compiled.name.replace(".opt-2", "")))


def _compile(python: Path, folder: Path, part: Path, *options: str) -> None:
    told = ["-s", str(folder), "-p", _CODE_ROOT, *options, str(part)]
    _output(str(python), "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", *told)


def _output(*command: str) -> str:
    # Sets are written into bytecode in the order of their hashes.
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)  # noqa: S603 - nothing from outside
    if done.returncode:
        raise BundleError(f"{' '.join(command)}:\n{done.stdout}{done.stderr}")
    return done.stdout
