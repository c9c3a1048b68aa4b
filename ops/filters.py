"""Which of the objects that are meant are wanted: by key, age and size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from pydantic import TypeAdapter, ValidationError

from ops.options import complaints
from ops.plain import well_formed
from ops.times import parse_time
from shared.domain.result import stamp
from shared.errors import ConfigurationError
from shared.formats import Globs, Size

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shared.globs import Glob

_T = TypeVar("_T")
_PATTERN = "as in WATERMARK_INCLUDE. Can be given several times."
Bucket = Annotated[str | None, typer.Option("--bucket", metavar="BUCKET", help="Only in this video bucket.")]
Include = Annotated[
    list[str] | None,
    typer.Option("--include", metavar="PATTERN", help=f"Only keys that match this pattern, {_PATTERN}"),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option("--exclude", metavar="PATTERN", help="No keys that match this pattern. Can be given several times."),
]
NewerThan = Annotated[
    str | None,
    typer.Option("--newer-than", metavar="TIME", help="Uploaded since this time: like 7d, 12h or 2026-11-25."),
]
OlderThan = Annotated[str | None, typer.Option("--older-than", metavar="TIME", help="Uploaded before this time.")]
MinSize = Annotated[str | None, typer.Option("--min-size", metavar="SIZE", help="At least this size, like 500MB.")]
MaxSize = Annotated[str | None, typer.Option("--max-size", metavar="SIZE", help="At most this size.")]
Limit = Annotated[int | None, typer.Option("--limit", metavar="N", min=1, help="At most this many videos.")]
_GLOBS: TypeAdapter[tuple[Glob, ...]] = TypeAdapter(Globs)
_SIZE: TypeAdapter[int] = TypeAdapter(Size)


@dataclass(frozen=True)
class Filters:
    """What an object must be like. Times are UTC, ISO 8601, and like the sizes belong to what is wanted."""

    include: tuple[Glob, ...] = ()
    exclude: tuple[Glob, ...] = ()
    newer_than: str | None = None
    older_than: str | None = None
    min_size: int | None = None
    max_size: int | None = None

    @property
    def need_a_look(self) -> bool:
        """Whether the key alone does not tell if an object passes."""
        return any(one is not None for one in (self.newer_than, self.older_than, self.min_size, self.max_size))

    def pass_key(self, key: str) -> bool:
        """Whether an object with that key may be wanted."""
        wanted = not self.include or any(glob.matches(key) for glob in self.include)
        return wanted and not any(glob.matches(key) for glob in self.exclude)

    def passes(self, key: str, modified: str, size: int) -> bool:
        """Whether the object is wanted."""
        if (self.newer_than and modified < self.newer_than) or (self.older_than and modified > self.older_than):
            return False
        small = self.min_size is not None and size < self.min_size
        large = self.max_size is not None and size > self.max_size
        return not small and not large and self.pass_key(key)


@dataclass(frozen=True)
class FilterOptions:
    """The same as it was typed."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    newer_than: str | None = None
    older_than: str | None = None
    min_size: str | None = None
    max_size: str | None = None

    def read(self, now: float, *, utc: bool) -> Filters:
        """What is meant.

        Raises:
            ConfigurationError: a value means nothing; the text names its option.
        """
        return Filters(
            _patterns("--include", self.include),
            _patterns("--exclude", self.exclude),
            _time("--newer-than", self.newer_than, now, utc=utc),
            _time("--older-than", self.older_than, now, utc=utc),
            _read("--min-size", _SIZE, self.min_size),
            _read("--max-size", _SIZE, self.max_size),
        )

    def typed(self) -> Iterable[str]:
        """The options and their values, as they were typed."""
        for option, values in (("--include", self.include), ("--exclude", self.exclude)):
            for value in values:
                yield from (option, value)
        for option, given in (
            ("--newer-than", self.newer_than),
            ("--older-than", self.older_than),
            ("--min-size", self.min_size),
            ("--max-size", self.max_size),
        ):
            if given is not None:
                yield from (option, given)


def _patterns(option: str, values: tuple[str, ...]) -> tuple[Glob, ...]:
    for value in values:
        # Such as a variable of a script that is not set: left out, it would let everything pass.
        if not value.strip(" ,"):
            raise ConfigurationError(f"{option}: an empty pattern; leave the option out if every key may pass")
        if value != well_formed(value):
            raise ConfigurationError(f"{option}: {value!r} is no pattern: keys are UTF-8, and this is another encoding")
    return _read(option, _GLOBS, ",".join(values) or None) or ()


def _read(option: str, kind: TypeAdapter[_T], value: str | None) -> _T | None:
    if value is None:
        return None
    try:
        return kind.validate_python(value)
    except ValidationError as error:
        raise ConfigurationError(f"{option}: {complaints(error)[0]}") from error


def _time(option: str, value: str | None, now: float, *, utc: bool) -> str | None:
    if value is None:
        return None
    try:
        return stamp(parse_time(value, now, utc=utc))
    except ConfigurationError as error:
        raise ConfigurationError(f"{option}: {error}") from error
