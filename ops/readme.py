"""The parts of README.md that are made from the code. `make readme` renews them; a test fails when they drift."""

from __future__ import annotations

import io
import re
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from ops.demo import run
from shared.settings import Settings, variable

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic.fields import FieldInfo

README = Path(__file__).parent.parent / "README.md"


def settings_table() -> str:
    """All settings, in the order of the model."""
    rows = [
        f"| `{variable(name)}` | {_default(field)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(["| Variable | Default | Meaning |", "|---|---|---|", *rows])


def demo_transcript() -> str:
    """What `make demo` prints."""
    printed = io.StringIO()
    run(Console(file=printed, width=200))
    return "\n".join(("    " + line).rstrip() for line in printed.getvalue().splitlines())


PARTS: dict[str, Callable[[], str]] = {"demo": demo_transcript, "settings": settings_table}

#: What differs from run to run of the demo: the port, times, sizes of the video, and all that is hashed or signed.
_VARYING = re.compile(
    r"[~ ] last-modified: [^\n]*|:[0-9]{4,5}\b|[0-9T:-]{19}Z|[A-Z][a-z]{2}, [0-9A-Za-z :]+ GMT|[0-9]+ bytes"
    r"|\"size\": [0-9]+|[0-9a-f.]{7,}…?[0-9a-f]*"
)


def renewed(text: str) -> str:
    """The text with every generated part made anew, unless it only differs in what always differs."""
    for name, make in PARTS.items():
        begin, end = f"<!-- {name}: made by `make readme` -->", f"<!-- end of {name} -->"
        before, found, rest = text.partition(begin)
        old, closed, after = rest.partition(end)
        if not (found and closed):
            raise LookupError(f"README.md has no part named {name}")
        new = f"\n{make()}\n"
        text = before + begin + (old if settled(old) == settled(new) else new) + end + after
    return text


def settled(text: str) -> str:
    """The text with dots for what differs from run to run."""
    return _VARYING.sub("...", text)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    value = field.default
    if value is None or value == ():
        return "not set"
    if isinstance(value, tuple):
        return f"`{','.join(item.lstrip('.') for item in value)}`"
    return f"`{value.value if isinstance(value, Enum) else value}`"


if __name__ == "__main__":
    README.write_text(renewed(README.read_text(encoding="utf-8")), encoding="utf-8")
