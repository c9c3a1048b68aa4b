"""`.env` itself: written before anything needs it, so that no secret is ever used that nobody has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.configuration.configuration import CREDENTIALS
from ops.configuration.env_file import EnvFile
from ops.plan import Step, change, make, there

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Never shown.
_SECRETS = ("WATERMARK_SECRET", "WATERMARK_SECRET_PREVIOUS", *CREDENTIALS)


def steps(wanted: EnvFile) -> list[Step]:
    """That the file says what was answered, to nobody else."""
    path, before = wanted.path, EnvFile.read(wanted.path)
    differences = list(_differences(before, wanted))
    if not before.lines:
        return [make(f"{path.name}, which nobody else can read", wanted.write, *differences)]
    if differences:
        return [change(path.name, wanted.write, *differences)]
    if path.stat().st_mode & 0o077:
        return [change(path.name, wanted.write, "others on this machine can read it, and so the secret")]
    return [there(path.name)]


def _differences(before: EnvFile, wanted: EnvFile) -> Iterator[str]:
    for name, value in wanted.values.items():
        if before.values.get(name) != value:
            yield f"{name}, new, not shown" if name in _SECRETS else f"{name}={value}"
