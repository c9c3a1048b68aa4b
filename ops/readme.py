"""The parts of the documents that are made from the code. `make readme` renews them; a test fails when they drift."""

from __future__ import annotations

import io
import re
from enum import Enum
from functools import cache, partial
from typing import TYPE_CHECKING

from rich.console import Console

from ops.checkout import ROOT
from ops.configuration.configuration import Laptop
from ops.demo.narrator import WIDTH
from ops.demo.play import run
from ops.reference import helps, index_tables
from shared.domain.record import Record
from shared.domain.status import Status
from shared.domain.waiting import WaitingEntry
from shared.settings import Settings, variable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

README = ROOT / "README.md"
README_IN_CHINESE = ROOT / "README.zh-CN.md"
DEMO = ROOT / "docs" / "demo.md"
REFERENCE = ROOT / "docs" / "reference.md"
FORMATS = ROOT / "docs" / "formats.md"
DEPLOY = ROOT / "docs" / "deploy.md"
COMMANDS = ROOT / "docs" / "commands.md"
INTEGRATE = ROOT / "docs" / "integrate.md"
SCREENS = ROOT / "tests" / "ops" / "screens"
SAMPLES = ROOT / "docs" / "samples"


def settings_table() -> str:
    """All settings, in the order of the model."""
    rows = [
        f"| `{variable(name)}` | {_default(field)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(["| Variable | Default | Meaning |", "|---|---|---|", *rows])


def laptop_table() -> str:
    """What in `.env` is for the commands alone."""
    rows = [f"| `{field.alias}` | {_default(field)} | {field.description} |" for field in Laptop.model_fields.values()]
    return "\n".join(["| Variable | Default | Meaning |", "|---|---|---|", *rows])


def fields_of(model: type[BaseModel]) -> str:
    """All fields of what lies in the ledger, in the order in which they are written."""
    stored = {name: field for name, field in model.model_fields.items() if not field.exclude}
    rows = [f"| `{name}` | {field.description} |" for name, field in stored.items()]
    return "\n".join(["| Field | Holds |", "|---|---|", *rows])


@cache
def demo_transcript() -> str:
    """What `make demo` prints."""
    printed = io.StringIO()
    run(Console(file=printed, width=WIDTH))
    return "\n".join(("    " + line).rstrip() for line in printed.getvalue().splitlines())


def demo_end() -> str:
    """The last scene of it."""
    _, heading, end = demo_transcript().rpartition("    Balance\n")
    return heading + end


def listing(path: Path, language: str) -> str:
    """A whole file, set as code."""
    return f"```{language}\n{path.read_text(encoding='utf-8')}```"


def screen(name: str, typed: str) -> str:
    """A command as it is typed, and what it prints: a screen that the tests keep."""
    printed = (SCREENS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return "\n".join(("    " + line).rstrip() for line in (f"$ ./cos-watermark {typed}", *printed))


#: What lies in the ledger for operators.
MODELS: dict[str, type[BaseModel]] = {"record": Record, "status": Status, "waiting": WaitingEntry}
#: The commands that docs/commands.md is about.
OPERATING = ("status", "list", "show", "submit", "cancel", "pause", "resume", "verify", "report", "logs")
#: The parts of each document, by the names that stand in their marks.
PARTS: dict[Path, dict[str, Callable[[], str]]] = {
    README: {"demo_end": demo_end},
    README_IN_CHINESE: {"demo_end": demo_end},
    DEMO: {"demo": demo_transcript},
    REFERENCE: {"settings": settings_table},
    DEPLOY: {"laptop": laptop_table},
    FORMATS: {name: partial(fields_of, model) for name, model in MODELS.items()},
    COMMANDS: {
        **helps(*OPERATING),
        "index": index_tables,
        "status": partial(screen, "shown-status", "status --utc"),
        "show": partial(screen, "shown-show", 'show --utc "holiday/beach 1.mp4"'),
        "submit": partial(screen, "shown-submit", "submit --all --dry-run --estimate"),
    },
    INTEGRATE: {
        "tell": partial(listing, SAMPLES / "tell" / "index.py", "python"),
        "tell_policy": partial(listing, SAMPLES / "tell" / "policy.json", "json"),
        "act": partial(listing, SAMPLES / "act" / "index.py", "python"),
        "act_policy": partial(listing, SAMPLES / "act" / "policy.json", "json"),
    },
}

#: What differs from run to run of the demo: port, times and ages, sizes of the video, and all that is hashed or signed.
_VARYING = re.compile(
    r"[~ ] last-modified: [^\n]*|:[0-9]{4,5}\b|[0-9T:-]{19}Z|[A-Z][a-z]{2}, [0-9A-Za-z :]+ GMT|[0-9]+ bytes"
    r"|results/[0-9-]{10}/|[0-9a-f.]{7,}…?[0-9a-f]*"
)


def renewed(document: Path) -> str:
    """The document's text with every part as the code has it now, unless only that differs which always does.

    Raises:
        LookupError: a part is missing.
    """
    return with_parts(document, PARTS[document], "make readme")


def with_parts(document: Path, parts: Mapping[str, Callable[[], str]], command: str) -> str:
    """The document's text with these parts; each stands between marks that name the command that makes it.

    Raises:
        LookupError: a part is missing.
    """
    text = document.read_text(encoding="utf-8")
    for name, make in parts.items():
        begin, end = f"<!-- {name}: made by `{command}` -->", f"<!-- end of {name} -->"
        before, found, rest = text.partition(begin)
        old, closed, after = rest.partition(end)
        if not (found and closed):
            raise LookupError(f"{document.name} has no part named {name}")
        new = f"\n{make()}\n"
        text = before + begin + (old if without_chance(old) == without_chance(new) else new) + end + after
    return text


def without_chance(text: str) -> str:
    """The text with dots for what differs from run to run."""
    return _VARYING.sub("...", text)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    value = field.default
    if value in (None, "", (), frozenset()):
        return "not set"
    if isinstance(value, tuple):
        return f"`{','.join(item.lstrip('.') for item in value)}`"
    return f"`{value.value if isinstance(value, Enum) else value}`"


if __name__ == "__main__":
    for document in PARTS:
        document.write_text(renewed(document), encoding="utf-8")
