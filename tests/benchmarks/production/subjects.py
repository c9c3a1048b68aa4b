"""What is measured: ours as it is deployed, and what it is compared with; each is a folder of code."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from ops.bundle.authorities import by_subject
from ops.bundle.build import build
from ops.bundle.bytecode import compile_folder, find_python
from ops.bundle.contents import packages
from ops.bundle.packages import Lock, fetch
from ops.bundle.report import shares
from ops.checkout import BUILD, DEPLOY_LOCK, ROOT

_BASELINES = Path(__file__).with_name("baselines")
_FOLDER = BUILD / "bench"


class Subject(Enum):
    """Whose code runs; the value is its name in the table.

    All but ours are deployed as pip leaves them and, unless it is said, without bytecode: that which pip makes belongs
    to the Python of the machine where pip ran, and a function's disk is read-only.
    """

    OURS = "ours"
    NAIVE = "naive"
    MODELS = "naive+models"
    COMPILED = "naive, bytecode"
    RAW = "same calls, SDK"
    FLOOR = "same calls, stdlib"
    SDK = "SDK import"
    SDK_COMPILED = "SDK import, bytecode"
    NOTHING = "interpreter"


@dataclass(frozen=True)
class _Baseline:
    module: str
    compiled: bool = False


_MODULES = {
    Subject.NAIVE: _Baseline("naive"),
    Subject.MODELS: _Baseline("models"),
    Subject.COMPILED: _Baseline("naive", compiled=True),
    Subject.RAW: _Baseline("raw", compiled=True),
    Subject.FLOOR: _Baseline("floor", compiled=True),
    Subject.SDK: _Baseline("sdk"),
    Subject.SDK_COMPILED: _Baseline("sdk", compiled=True),
    Subject.NOTHING: _Baseline("nothing", compiled=True),
}


@dataclass(frozen=True)
class Code:
    """A folder with the code of a subject, and the Python that runs it."""

    python: Path
    folder: Path
    module: str

    def handler(self, function: str) -> str:
        """The handler of a function, as the runner names it."""
        return f"{self.module}.{function}" if self.module else f"{function}.main_handler"


def bundle_sizes() -> dict[str, int]:
    """Bytes of what is in the bundle that `deploy` built, as `make bundle` shows them."""
    parts = shares(_FOLDER / "ours.zip")
    return {"zipped": sum(part.zipped for part in parts), "unzipped": sum(part.unzipped for part in parts)}


def deploy(authority: bytes) -> dict[Subject, Code]:
    """Build them all, so that they trust the authority beside those of the world.

    Raises:
        BundleError: there is no Python of the functions' version, or pip could not get the packages.
    """
    python = find_python(ROOT)
    shutil.rmtree(_FOLDER, ignore_errors=True)
    ours = build(_FOLDER / "ours", _FOLDER / "ours.zip").folder
    plain, compiled = _FOLDER / "plain", _FOLDER / "compiled"
    _install(plain)
    shutil.copytree(plain, compiled)
    for folder in (ours, plain, compiled):
        _trust(folder, authority)
    compile_folder(python, compiled)
    baselines = {
        subject: Code(python, compiled if what.compiled else plain, what.module) for subject, what in _MODULES.items()
    }
    return {Subject.OURS: Code(python, ours, ""), **baselines}


def _install(folder: Path) -> None:
    archives = fetch(Lock.read(DEPLOY_LOCK), BUILD / "packages")
    for name, body in packages(archives):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    for path in _BASELINES.glob("*.py"):
        shutil.copy(path, folder / path.name)


def _trust(folder: Path, authority: bytes) -> None:
    with (folder / "certifi" / "cacert.pem").open("ab") as authorities:
        authorities.write(b"\n" + authority)
    by_name = folder / "certifi" / "authorities"
    if by_name.is_dir():
        for name, certificate in by_subject(authority).items():
            (by_name / name).write_bytes(certificate)
