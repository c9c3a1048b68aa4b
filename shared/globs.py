"""Patterns of keys: `*` and `?` stop at `/`, `**` does not; capitals count.

Nothing is tried twice, whatever the pattern: all the places in it that the key can have come to are the bits of one
number, and each character of the key moves them all at once. (`fnmatch` does not do: its `*` does not stop.)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Wild(Enum):
    """What stands for other characters."""

    ONE = "?"
    SOME = "*"
    ALL = "**"
    #: `**/` where a name begins: nothing, or all up to a `/`.
    FOLDERS = "**/"


#: A character that stands for itself, or for others.
Part = str | Wild

#: A comma between patterns, which `[,]` is not.
_SEPARATOR = re.compile(r"(?<!\[),|,(?!\])")
_PART = re.compile(r"\[.\]|\*+|.", re.DOTALL)
#: What has a meaning in patterns elsewhere, and none here.
_MISTAKEN = frozenset("[{}\\")


def split(text: str) -> list[str]:
    """The patterns of a list with commas, without the blanks around them."""
    return [pattern.strip() for pattern in _SEPARATOR.split(text)]


@dataclass(frozen=True)
class Glob:
    """One pattern, ready to be matched."""

    text: str
    parts: tuple[Part, ...]

    @classmethod
    def read(cls, text: str) -> Glob:
        """The pattern that is written so.

        Raises:
            ValueError: the pattern has no meaning; the text says what to write instead, and does not show the pattern.
        """
        if not text:
            raise ValueError("there is an empty pattern; remove a comma")
        if text.startswith("!"):
            raise ValueError("`!` does not negate a pattern; write `[!]` for the character itself")
        if text.startswith("/"):
            raise ValueError("a key does not begin with `/`; for one that does, write `[/]`")
        if text.endswith("/"):
            raise ValueError("ends with `/`; for everything in a folder write `folder/**`")
        return cls(text, tuple(_with_folders(_parts(text))))

    def matches(self, key: str) -> bool:
        """Whether the pattern stands for this key, for the whole of it."""
        reached = self._opened(1)
        for letter in key:
            stay, go = self._at_slash if letter == "/" else self._in_name
            go |= self._bits.get(letter, 0)
            reached = (reached & stay) | self._opened((reached & go) << 1)
            if not reached:
                return False
        return bool(reached >> len(self.parts))

    def _opened(self, places: int) -> int:
        """These places, and those behind parts that may stand for nothing. From inside `**/` none of them goes on."""
        while onward := (places & self._may_be_nothing) << 1 & ~places:
            places |= onward
        return places

    @cached_property
    def _may_be_nothing(self) -> int:
        return self._places(Wild.SOME, Wild.ALL, Wild.FOLDERS)

    @cached_property
    def _in_name(self) -> tuple[int, int]:
        """Where a character of a name is taken and one stays, and where one goes on."""
        return self._places(Wild.SOME, Wild.ALL, Wild.FOLDERS), self._places(Wild.ONE, Wild.SOME, Wild.ALL)

    @cached_property
    def _at_slash(self) -> tuple[int, int]:
        """The same for a `/`."""
        return self._places(Wild.ALL, Wild.FOLDERS), self._places(Wild.ALL, Wild.FOLDERS)

    def _places(self, *parts: Part) -> int:
        """Where these parts are; place `n` is before part `n`, and bit `n`."""
        return sum(self._bits.get(part, 0) for part in parts)

    @cached_property
    def _bits(self) -> dict[Part, int]:
        bits: dict[Part, int] = {}
        for place, part in enumerate(self.parts):
            bits[part] = bits.get(part, 0) | 1 << place
        return bits


def _parts(text: str) -> Iterator[Part]:
    for found in _PART.findall(text):
        if len(found) == 3 and found[0] == "[":
            yield found[1]
        elif found[0] == "*":
            yield Wild.SOME if found == "*" else Wild.ALL
        elif found == "?":
            yield Wild.ONE
        elif found in _MISTAKEN:
            raise ValueError("`[`, `{`, `}` and `\\` have no meaning; write `[x]` for a character x itself, like `[[]`")
        else:
            yield found


def _with_folders(parts: Iterator[Part]) -> list[Part]:
    found: list[Part] = []
    for part in parts:
        if part == "/" and found[-1:] == [Wild.ALL] and found[-2:-1] in ([], ["/"], [Wild.FOLDERS]):
            found[-1] = Wild.FOLDERS
        else:
            found.append(part)
    return found
