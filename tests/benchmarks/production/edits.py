"""Which changes are measured: those that the bundle has, undone; and those that were tried and left out."""

from __future__ import annotations

import shutil
import subprocess
from fnmatch import fnmatchcase
from functools import partial
from typing import TYPE_CHECKING

from ops.bundle.bytecode import find_python
from ops.bundle.contents import packages
from ops.bundle.packages import Lock, fetch
from ops.checkout import BUILD, DEPLOY_LOCK, ROOT
from tests.benchmarks.production.changes import Edit

if TYPE_CHECKING:
    from pathlib import Path

_WITHOUT_DOCSTRINGS = """
import importlib.util, pathlib, py_compile, sys
for source in map(str, pathlib.Path(sys.argv[1]).rglob("*.py")):
    compiled = importlib.util.cache_from_source(source, optimization="")
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    py_compile.compile(source, compiled, optimize=2, invalidation_mode=mode)
"""


def _without_bytecode(folder: Path) -> None:
    for compiled in [*folder.rglob("__pycache__")]:
        shutil.rmtree(compiled)


def _bytecode_alone(folder: Path) -> None:
    for compiled in [*folder.rglob("__pycache__/*.pyc")]:
        name = compiled.name.partition(".")[0]
        compiled.rename(compiled.parent.with_name(f"{name}.pyc"))
    for source in [*folder.rglob("*.py")]:
        source.unlink()


def _without_docstrings(folder: Path) -> None:
    _run("-c", _WITHOUT_DOCSTRINGS, str(folder))


def _sdk_with_docstrings(folder: Path) -> None:
    _run("-m", "compileall", "-q", "-f", "--invalidation-mode", "unchecked-hash", str(folder / "qcloud_cos"))


def _run(*arguments: str) -> None:
    subprocess.run([str(find_python(ROOT)), *arguments], check=True)  # noqa: S603 - our own programs


def _put_back(pattern: str, folder: Path) -> None:
    """What the build leaves out or replaces."""
    for name, body in packages(fetch(Lock.read(DEPLOY_LOCK), BUILD / "packages")):
        if fnmatchcase(name, pattern):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)


def _without_folder_of_authorities(folder: Path) -> None:
    shutil.rmtree(folder / "certifi" / "authorities")


def _replaced(name: str, old: str, new: str, folder: Path) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text, f"{name} has no {old}"
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


_SHORT_CERTIFI = """
from pathlib import Path

_FILE = Path(__file__).with_name("cacert.pem")


def where():
    return str(_FILE)


def contents():
    return _FILE.read_text(encoding="ascii")
"""


def _short_certifi(folder: Path) -> None:
    (folder / "certifi" / "core.py").write_text(_SHORT_CERTIFI, encoding="utf-8")


EDITS = (
    Edit("bytecode for the function's Python", _without_bytecode, is_made=True, compiles=False),
    Edit("a folder of certificate authorities", _without_folder_of_authorities, is_made=True),
    Edit("no charset_normalizer", partial(_put_back, "charset_normalizer/*"), is_made=True),
    Edit("no search for plugins of pydantic", partial(_put_back, "pydantic/plugin/_loader.py"), is_made=True),
    Edit(
        "no garbage collection while importing",
        partial(_replaced, "shared/loading.py", "gc.disable()", "return (yield)"),
        is_made=True,
    ),
    Edit("no docstrings in the SDK's bytecode", _sdk_with_docstrings, is_made=True, compiles=False),
    Edit("bytecode alone, without the sources", _bytecode_alone, is_made=False, compiles=False),
    Edit("no docstrings in any bytecode", _without_docstrings, is_made=False, compiles=False),
    Edit("certifi without importlib.resources", _short_certifi, is_made=False),
    Edit(
        "no garbage collection in the first invocation either",
        partial(_replaced, "shared/loading.py", "gc.enable()", "pass"),
        is_made=False,
    ),
)
