"""The file `.env`, read as the deployment tool reads it: `NAME=value`, quotes and comments allowed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_LINE = re.compile(
    r"""\s*(?:export\s+)?(?P<name>[A-Za-z_]\w*)\s*=\s*
        (?:'(?P<single>[^']*)'|"(?P<double>[^"]*)"|(?P<plain>[^#]*?))\s*(?:\#.*)?""",
    re.VERBOSE,
)


def read_dotenv(path: Path) -> dict[str, str]:
    """The variables in the file; none if there is no file."""
    if not path.exists():
        return {}
    found = (_LINE.fullmatch(line) for line in path.read_text().splitlines())
    return {match["name"]: match["single"] or match["double"] or match["plain"] or "" for match in found if match}
