"""Where the page goes: in the place of an earlier report, and of nothing else unless that is agreed."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from ops.asking import agreed
from ops.report.page import MARK
from shared.errors import ConfigurationError

#: Characters at the beginning of a report, and more, among which is what makes it one.
_BEGINNING = 1000


def may_be_written(path: Path, *, yes: bool) -> bool:
    """Whether a report may be put there; asks if something else is there.

    Raises:
        ConfigurationError: it cannot be, or nobody answered.
        OSError: it cannot be seen what is there.
    """
    if path.exists() and not path.is_file():
        raise ConfigurationError(f"{path} is not a file: use `--out FILE`, or `--out -` for standard output")
    if not path.resolve().parent.is_dir():
        raise ConfigurationError(f"{path}: there is no folder {path.resolve().parent}")
    return not path.exists() or _is_report(path) or agreed(f"{path} is not a report. Overwrite it?", yes=yes)


def write(path: Path, text: str) -> None:
    """Put the page in place, whole or not at all; where it is a link, into what it leads to.

    Raises:
        OSError: the disk or the folder does not take it; what was there before is still there.
    """
    target = path.resolve()
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name[:100]}-", dir=target.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        # A page is for others to read, as far as whoever makes it lets others read what he makes.
        mode = os.umask(0)
        os.umask(mode)
        Path(name).chmod(0o666 & ~mode)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _is_report(path: Path) -> bool:
    with path.open(encoding="utf-8", errors="replace") as file:
        return MARK in file.read(_BEGINNING)
