"""Files that contain secrets: written completely or not at all, and readable only by their owner."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from shared.errors import ConfigurationError


def write_private(path: Path, text: str) -> None:
    """Put the file in place with mode 0600; where it is a link, into what it leads to.

    Raises:
        ConfigurationError: the disk or the folder does not take it; what was there before is still there.
    """
    target = path.resolve()
    try:
        descriptor, name = tempfile.mkstemp(prefix=f"{target.name}-", dir=target.parent)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o600)
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written ({error.strerror or type(error).__name__})") from error
