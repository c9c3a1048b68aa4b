"""Loads a handler from a code directory the way the platform does, to run a built bundle as a function.

    handler = bootstrap.load(Path("build/function"), "submit.main_handler")
    cloud.scf.backend.create_function("submit", handler, ...)

Modelled on tencentyun/scfcli, tcfcli/cmds/native/common/runtime/python3.6/bootstrap.py. A package that this process
has already imported from elsewhere stays the one it is, so a bundle is best run in a process of its own.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from faketencent.scf.exceptions import InvalidValueError
from faketencent.scf.output import captured

if TYPE_CHECKING:
    from faketencent.scf.function import Handler

_NAME = r"[A-Za-z0-9][\w-]{0,58}[A-Za-z0-9]"


def parts(name: str) -> tuple[str, str]:
    """File and function of a handler's name.

    Raises:
        InvalidValueError: not a handler's name; there is no way to name a file in a subdirectory.
    """
    found = re.fullmatch(rf"({_NAME})\.({_NAME})", name, re.ASCII)
    if not found:
        raise InvalidValueError("Handler", f"not a handler's name: {name!r}")
    return found[1], found[2]


def load(directory: Path, name: str) -> Handler:
    """The handler `file.function` of a code directory, which is put on `sys.path`.

    The entry module runs with an empty `__name__` and belongs to no package: relative imports fail in it.

    Raises:
        InvalidValueError: not a handler's name; there is no way to name a file in a subdirectory.
        Exception: whatever the module raises; AttributeError if it has no such function.
    """
    file, function = parts(name)
    if str(directory) not in sys.path:
        sys.path.insert(0, str(directory))
    importlib.invalidate_caches()
    spec = importlib.util.spec_from_file_location("", directory / f"{file}.py")
    if spec is None or spec.loader is None:
        raise ImportError(f"cannot load {name} from {directory}")
    module = importlib.util.module_from_spec(spec)
    with captured():
        spec.loader.exec_module(module)
    handler: Handler = getattr(module, function)
    return handler


def unload(directory: Path) -> None:
    """Take the directory off `sys.path` and forget what was imported from it."""
    sys.path[:] = [entry for entry in sys.path if entry != str(directory)]
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and directory in Path(file).parents:
            del sys.modules[name]
