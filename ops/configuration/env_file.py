"""The text of `.env`: `NAME=value` lines, quotes and comments allowed. What cannot be read is refused by its line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ops.configuration.private import write_private
from shared.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

#: Bytes. No deployment has so many settings; SCF takes 4 KB of them.
_MAX = 64 * 1024
_LINE = re.compile(
    r"""\s*(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*=\s*
        (?:'(?P<single>[^']*)'|"(?P<double>[^"]*)"|(?P<plain>[^\s'"#][^'"]*?)?)(?:\s*|\s+\#.*)""",
    re.VERBOSE,
)
_BLANK = re.compile(r"\s*(?:#.*)?")


class EnvFileError(ConfigurationError):
    """The file cannot be read, or has lines that are no settings; each line of the text names one of them."""


@dataclass(frozen=True)
class EnvFile:
    """What the file says, and where it lies. `lines` are kept as they are written."""

    path: Path
    values: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[str, ...] = ()

    @classmethod
    def read(cls, path: Path) -> EnvFile:
        """Read the file; one that is not there is empty.

        Raises:
            EnvFileError: another encoding than UTF-8, a line that is none of `NAME=value`, or a name twice.
        """
        lines = _lines(_text(path))
        values: dict[str, str] = {}
        problems = []
        for number, line in enumerate(lines, 1):
            found = _LINE.fullmatch(line)
            if found and found["name"] in values:
                problems.append(f"{path.name}, line {number}: {found['name']} is set twice")
            elif found:
                values[found["name"]] = found["single"] or found["double"] or found["plain"] or ""
            elif not _BLANK.fullmatch(line):
                # The line itself may be a secret.
                problems.append(f"{path.name}, line {number}: not of the form NAME=value")
        if problems:
            raise EnvFileError("\n".join(problems))
        return cls(path, {name: value for name, value in values.items() if value}, lines)

    def with_values(self, changed: Mapping[str, str | None]) -> EnvFile:
        """The file with values set, each in the line where its name stands or stood; `None` comments one out."""
        lines = list(self.lines)
        for name, value in changed.items():
            place = _place(lines, name)
            if place is None:
                lines += [f"{name}={_quoted(value)}"] if value is not None else []
            else:
                lines[place] = f"{name}={_quoted(value)}" if value is not None else f"# {lines[place]}"
        merged = {**self.values, **changed}
        return EnvFile(self.path, {name: value for name, value in merged.items() if value}, tuple(lines))

    def write(self) -> None:
        """Put the file in place. Raises ConfigurationError."""
        write_private(self.path, "".join(f"{line}\n" for line in self.lines))


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_MAX + 1)
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise EnvFileError(f"{path} cannot be read ({error.strerror or type(error).__name__})") from error
    if len(content) > _MAX:
        raise EnvFileError(f"{path.name} has more than {_MAX // 1024} KB: it is not a file of settings")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EnvFileError(f"{path.name} is not UTF-8: save it in that encoding") from error
    if "\0" in text:
        raise EnvFileError(f"{path.name} is not UTF-8: save it in that encoding")
    return text


def _lines(text: str) -> tuple[str, ...]:
    """As editors count them: `splitlines` also ends a line at signs that may stand in a value, like U+2028."""
    lines = re.split(r"\r\n|\n|\r", text)
    return tuple(lines if lines[-1] else lines[:-1])


def _place(lines: list[str], name: str) -> int | None:
    """Where the name is set; else where it stands as a comment, as in the example file."""
    return next(_places(lines, name), None)


def _places(lines: list[str], name: str) -> Iterator[int]:
    for pattern in (rf"\s*(?:export\s+)?{name}\s*=.*", rf"\s*#\s*{name}\s*=.*"):
        yield from (number for number, line in enumerate(lines) if re.fullmatch(pattern, line))


def _quoted(value: str) -> str:
    if re.fullmatch(r"[^\s'\"#]+", value):
        return value
    if re.search(r"[\r\n]", value) or ("'" in value and '"' in value):
        raise EnvFileError("a value with a line break, or with both kinds of quotes, cannot be written into the file")
    return f'"{value}"' if "'" in value else f"'{value}'"
