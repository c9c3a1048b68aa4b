"""How Chinese text is set, and what GitHub makes of it."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from tests.translations.content import content

if TYPE_CHECKING:
    from collections.abc import Iterator

_HAN = "[\u3400-\u9fff]"
_CROWDED = re.compile(rf"{_HAN}[A-Za-z0-9`]|[A-Za-z0-9`%]{_HAN}")
_HALF_WIDTH = re.compile(rf"{_HAN}[,;:!?()]|[,;:!?(]{_HAN}")
_EMPHASIS = re.compile(r"(\*{1,2})(?=[^\s*])(.+?)(?<=[^\s*])\1(.?)")
#: After these a line may end: GitHub shows a line's end as a space.
_MAY_END = tuple("，。；：、？！）”…")


def flaws(text: str) -> Iterator[str]:
    """What a careful typesetter would correct, each with its surroundings."""
    taken_apart = content(text)
    lines = taken_apart.prose.splitlines()
    for line in [*lines, *(row for table in taken_apart.tables for row in table)]:
        shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line)
        bare = re.sub(r"`[^`]*`", "`", shown).replace("*", "")
        for what, pattern in (("a space is missing", _CROWDED), ("half-width punctuation", _HALF_WIDTH)):
            for found in pattern.finditer(bare):
                yield f"{what}: {_around(bare, found)}"
        for found in _EMPHASIS.finditer(line):
            if _is_mark(found[2][-1]) and _is_letter(found[3]):
                yield f"GitHub shows the asterisks here, as a mark stands before them: {_around(line, found)}"
    for line, following in pairwise(lines):
        if line.strip() and _goes_on(following) and not line.startswith("#") and not line.endswith(_MAY_END):
            yield f"a line that goes on ends within a sentence: {line[-20:]}"


def _goes_on(line: str) -> bool:
    return bool(line.strip()) and not re.match(r" *(?:\d+\.|-|>|#+) |\[\w+\]: ", line)


def _is_letter(character: str) -> bool:
    return bool(re.match(r"\w", character))


def _is_mark(character: str) -> bool:
    return not re.match(r"[\w\s]", character)


def _around(text: str, found: re.Match[str]) -> str:
    return text[max(found.start() - 8, 0) : found.end() + 8]
