"""Runs the code of an uploaded zip.

A real instance has nothing but the zip. Here, by default, the zip is unpacked and runs in this process: modules that
the process has from elsewhere (a checkout's own packages, the SDK) stay those they are; what else a function imports
is its own, and put aside while others run. Functions that run at once in several threads are better run as processes:
`faketencent/scf/instances.py`.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
import weakref
import zipfile
from collections.abc import Callable
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from faketencent.scf import bootstrap, limits
from faketencent.scf.exceptions import InvalidValueError
from faketencent.scf.function import Handler

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

#: Makes a handler of a zip's bytes and the handler's name in it; what is wrong with them shows at its first call.
Loader = Callable[[bytes, str], Handler]
_MARK = "faketencent-scf-"


def check(archive: bytes) -> None:
    """See to it that the platform would take the zip.

    Raises:
        InvalidValueError: no zip, or too large when it is unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            size = sum(entry.file_size for entry in opened.infolist())
    except zipfile.BadZipFile as error:
        raise InvalidValueError("ZipFile", "not a zip file") from error
    if size > limits.UNPACKED:
        raise InvalidValueError("ZipFile", f"{size} bytes when it is unpacked, at most {limits.UNPACKED}")


def unpack(archive: bytes) -> Path:
    """A new folder with what is in the zip."""
    folder = Path(tempfile.mkdtemp(prefix=_MARK))
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        opened.extractall(folder)
    return folder


def in_this_process(archive: bytes, entry: str) -> Handler:
    """The handler, unpacked and imported at its first call."""
    return _Unpacked(archive, entry)


class _Unpacked:
    """Code that lies in a folder of its own for as long as somebody may call it."""

    def __init__(self, archive: bytes, entry: str) -> None:
        self._archive = archive
        self._entry = entry
        self._handler: Handler | None = None
        self._modules: dict[str, ModuleType] = {}

    @cached_property
    def _folder(self) -> Path:
        folder = unpack(self._archive)
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        return folder

    def __call__(self, event: object, context: dict[str, Any]) -> object:
        with self._at_home():
            if self._handler is None:
                self._handler = bootstrap.load(self._folder, self._entry)
            return self._handler(event, context)

    @contextmanager
    def _at_home(self) -> Iterator[None]:
        others = _put_aside(str(Path(tempfile.gettempdir()) / _MARK))
        sys.modules.update(self._modules)
        sys.path.insert(0, str(self._folder))
        try:
            yield
        finally:
            self._modules = _put_aside(str(self._folder))
            sys.path.remove(str(self._folder))
            sys.modules.update(others)


def _put_aside(start: str) -> dict[str, ModuleType]:
    """Take the modules out whose files are there, and give them back."""
    loaded = list(sys.modules.items())
    found = {name: module for name, module in loaded if (getattr(module, "__file__", None) or "").startswith(start)}
    for name in found:
        del sys.modules[name]
    return found
