"""What `deploy` leaves in a function's description: which code it deployed. No API gives a proven hash of the code."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: Letters, digits, spaces, full stops only: https://cloud.tencent.com/document/api/583/18586 allows little more.
_MARKER = re.compile(
    r"(?P<text>.*?) ?Version (?P<version>[0-9A-Za-z.]+)\. Zip (?P<sha256>[0-9a-f]{64})\.(?: Size (?P<size>[0-9]+)\.)?",
    re.DOTALL,
)


@dataclass(frozen=True)
class Marker:
    """A version, the SHA-256 of its zip in hex, and the bytes that SCF counted once it had taken the zip."""

    version: str
    sha256: str
    size: int | None = None

    def on(self, text: str) -> str:
        """The description with the marker at its end."""
        size = f" Size {self.size}." if self.size is not None else ""
        return f"{text} Version {self.version}. Zip {self.sha256}.{size}".strip()


def read_marker(description: str) -> Marker | None:
    """The marker in a description; `None` if somebody else deployed the function."""
    found = _MARKER.fullmatch(description)
    if not found:
        return None
    return Marker(found["version"], found["sha256"], int(found["size"]) if found["size"] else None)
