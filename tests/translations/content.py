"""What of a section's text must be the same in each language: code, numbers, tables, steps, and where links lead."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.translations.sections import fence_after

_NUMBER = re.compile(r"(?<![A-Za-z])\d(?:[\d,.]*\d)?")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_REFERENCE = re.compile(r"^\[\w+\]: (\S+)", re.MULTILINE)
#: A block with these is a picture, and its words are translated.
_DRAWN = re.compile("[─-╿▲▶▼◀]")
_ITEM = re.compile(r" *(?:\d+\.|-) ")


@dataclass(frozen=True)
class Content:
    """A section, taken apart: lines of code blocks, rows of each table, and everything else."""

    code: list[str]
    tables: list[list[str]]
    prose: str

    @property
    def links(self) -> list[str]:
        """Where its links lead that do not leave the repository, and what is named below the text."""
        rows = [row for table in self.tables for row in table]
        inside = [target for target in _LINK.findall("\n".join([self.prose, *rows])) if "://" not in target]
        return inside + _REFERENCE.findall(self.prose)

    @property
    def items(self) -> int:
        """How many items its lists have."""
        return sum(bool(_ITEM.match(line)) for line in self.prose.splitlines())


def content(text: str) -> Content:
    """Take a section's text apart."""
    blocks: list[list[str]] = []
    tables: list[list[str]] = []
    prose: list[str] = []
    fence = before = ""
    for line in text.splitlines():
        inside, fence = fence, fence_after(line, fence)
        if inside != fence:
            before = ""
        elif fence or (line.startswith("    ") and before in ("", "code")):
            if before != "code":
                blocks.append([])
            blocks[-1].append(line)
            before = "code"
        elif line.lstrip().startswith("|"):
            if before != "row":
                tables.append([])
            tables[-1].append(line)
            before = "row"
        elif not line.startswith("<!--"):
            prose.append(line)
            before = line.strip() and "prose"
    code = [_without_comment(line) for block in blocks if not _DRAWN.search("".join(block)) for line in block]
    return Content([line for line in code if line], tables, "\n".join(prose))


def cells(row: str) -> list[str]:
    """What is in a row of a table."""
    return re.split(r"(?<!\\)\|", row.strip().strip("|"))


def spans(text: str) -> set[str]:
    """What is set as code in a text."""
    return set(re.findall(r"`([^`]+)`", " ".join(text.split())))


def numbers(text: str) -> set[str]:
    """The numbers in a text that are no code and no address; those before the items of a list do not count."""
    bare = re.sub(r"`[^`]*`|\]\([^)]*\)|^\[\w+\]: .*$|^ *\d+\. ", " ", text, flags=re.MULTILINE)
    return set(_NUMBER.findall(bare))


def _without_comment(line: str) -> str:
    # What a comment in a command line says is translated.
    return re.sub(r"(?:^|(?<=\s))#\s.*$", "", line).strip()
