"""A Markdown document by its headings. What begins with `#` in a code block is no heading."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Deeper headings belong to the section that they are in.
DEEPEST = 3
DIGITS = 8
_HEADING = re.compile(r"(#{1,6}) +(.+?)(?: +#+)? *$")
_FENCE = re.compile(r" *(```|~~~)")
#: Stands below a translated heading: the digest of the English section, and its heading.
MARK = re.compile(r"<!-- en: (\S+) (.+?) -->")


@dataclass(frozen=True)
class Section:
    """One heading and what is below it, up to the next one. The first section is that of the title."""

    level: int
    heading: str
    line: int
    text: str

    @property
    def digest(self) -> str:
        """The first digits of a digest of heading and text; how lines are wrapped or ended makes no difference."""
        words = " ".join(f"{self.heading}\n{self.text}".split())
        return hashlib.sha256(words.encode()).hexdigest()[:DIGITS]

    @property
    def translates(self) -> tuple[str, str] | None:
        """Digest and heading of the English section, as a translated one names them."""
        found = MARK.match(self.text.lstrip())
        return (found[1], found[2]) if found else None


def sections(text: str) -> list[Section]:
    """All sections, in order."""
    lines = text.splitlines()
    starts = [(number, level, heading) for number, level, heading in _headings(lines) if level <= DEEPEST]
    ends = [number for number, _, _ in starts[1:]] + [len(lines)]
    return [
        Section(level, heading, number + 1, "\n".join(lines[number + 1 : end]))
        for (number, level, heading), end in zip(starts, ends, strict=True)
    ]


def anchors(text: str) -> list[str]:
    """The names that GitHub gives to all headings, in order; one that comes again gets a number."""
    found: list[str] = []
    taken: dict[str, int] = {}
    for _, _, heading in _headings(text.splitlines()):
        name = anchor(heading)
        found.append(f"{name}-{taken[name]}" if name in taken else name)
        taken[name] = taken.get(name, 0) + 1
    return found


def anchor(heading: str) -> str:
    """The name of a heading that is there once."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _headings(lines: list[str]) -> Iterator[tuple[int, int, str]]:
    fence = ""
    for number, line in enumerate(lines):
        fence = fence_after(line, fence)
        if not fence and (found := _HEADING.match(line)):
            yield number, len(found[1]), found[2]


def fence_after(line: str, fence: str) -> str:
    """What closes the code block that the text is in after a line; nothing if it is in none."""
    found = _FENCE.match(line)
    if not found:
        return fence
    return "" if fence == found[1] else fence or found[1]
