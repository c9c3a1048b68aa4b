"""Which lines somebody wants: how that is asked of CLS, and how it is looked at here.

A query finds words, and not always exactly: it may give more lines than are wanted, never fewer. What is not indexed,
or cannot be written safely, is left out of it. Syntax: https://cloud.tencent.com/document/product/614/47044.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops.logs.fields import SEPARATORS
from ops.logs.line import WELL
from shared.errors import ConfigurationError
from shared.log import Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ops.logs.line import LogLine

#: Bytes. The longest key has 850, the longest name of a bucket 60.
_LONGEST = 1000
_LEVELS = (Level.INFO, Level.WARNING, Level.ERROR)
#: What ends a phrase: separators that could mean more than themselves in a query, even between quotes.
_ENDS = re.compile(r'["?|\n\t\r]')
_WORD = re.compile(f"[^{re.escape(SEPARATORS)}]+")
_WILD = frozenset("\\*")


@dataclass(frozen=True)
class About:
    """An object, upload or job: lines that have all fields of one of these."""

    any_of: tuple[Mapping[str, str], ...]

    @classmethod
    def object(cls, bucket: str, key: str) -> About:
        """Exactly that object."""
        return cls(({"bucket": bucket, "key": key},))

    @classmethod
    def read(cls, text: str, buckets: Iterable[str]) -> About:
        """A key, the same under its bucket (`cos://<bucket>/<key>`, or without `cos://`), an upload's id, or a job's.

        Raises:
            ConfigurationError: it is empty, or longer than any of them.
        """
        if not text or len(text.encode(errors="surrogatepass")) > _LONGEST:
            raise ConfigurationError(
                "--about takes a key, perhaps as cos://<bucket>/<key>, the id of an upload or a job"
            )
        starts = [(bucket, start) for bucket in buckets for start in (f"{bucket}/", f"cos://{bucket}/")]
        under = [(bucket, text.removeprefix(start)) for bucket, start in starts if text.startswith(start)]
        found = [{"key": text}, *({"bucket": bucket, "key": key} for bucket, key in under)]
        if re.fullmatch(r"[0-9A-Fa-f]{64}", text):
            found.append({"correlation": text.lower()})
        if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", text):
            found.append({"job": text})
        return cls(tuple(found))

    def is_met_by(self, line: LogLine) -> bool:
        """Whether the line is about it."""
        return any(all(line.fields.get(name) == value for name, value in one.items()) for one in self.any_of)

    @property
    def query(self) -> str:
        """What finds such lines; empty if that cannot be said safely."""
        found = [_and(_field(name, value) for name, value in one.items()) for one in self.any_of]
        return _or(f"({one})" for one in found) if all(found) else ""


@dataclass(frozen=True)
class Wanted:
    """Lines of that level and above, about something or anything."""

    level: Level = Level.INFO
    about: About | None = None

    @property
    def narrow(self) -> bool:
        """Whether it takes fields of our own to tell which lines these are."""
        return self.level is not Level.INFO or self.about is not None

    def is_met_by(self, line: LogLine) -> bool:
        """Whether the line is wanted."""
        above = _LEVELS.index(line.level) >= _LEVELS.index(self.level)
        return above and (self.about is None or self.about.is_met_by(line))

    def query(self, functions: Sequence[str], *, indexed: bool) -> str:
        """What finds such lines of these functions; `indexed` says whether our own fields can be searched for."""
        of_them = _or(_field("SCF_FunctionName", name) for name in functions)
        # The platform has three lines or more on each run; who searches wants those on runs that failed.
        ended_well = _or(_field("SCF_StatusCode", code) for code in WELL)
        failed = f'(SCF_Type:"Platform" NOT {ended_well})'
        if not indexed or self.level is Level.INFO:
            matters = _or(['SCF_Type:"Custom"', failed])
        else:
            names = [level.value for level in _LEVELS[_LEVELS.index(self.level) :]]
            matters = _or([*(_field(field, name) for field in ("level", "SCF_Level") for name in names), failed])
        return _and([of_them, matters, self.about.query if self.about and indexed else ""])


def _field(name: str, value: str) -> str:
    """Conditions that the field has the words of the value, in their order."""
    return _and(f'{name}:"{phrase}"' for phrase in phrases(value))


def phrases(value: str) -> list[str]:
    """The runs of words in the value that mean nothing but themselves between double quotes.

    Only whole words are left out, as a part of one finds nothing: those with a wildcard, an escape, or a character that
    shows nothing. Separators stay, so that it makes no difference whether an index cuts the field at them.
    """
    found: list[str] = []
    for part in _ENDS.split(value):
        begin = end = None
        for word in _WORD.finditer(part):
            if _WILD & set(word[0]) or not word[0].isprintable():
                found.append(part[begin:end] if begin is not None else "")
                begin = None
            else:
                begin, end = word.start() if begin is None else begin, word.end()
        found.append(part[begin:end] if begin is not None else "")
    return [phrase for phrase in found if phrase]


def _and(conditions: Iterable[str]) -> str:
    return " AND ".join(condition for condition in conditions if condition)


def _or(conditions: Iterable[str]) -> str:
    return f"({' OR '.join(conditions)})"
