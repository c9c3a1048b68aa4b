"""What a `submit` asks for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from typing import TYPE_CHECKING

from ops import waiting
from ops.plain import well_formed
from shared.errors import ConfigurationError
from shared.signing import canonical

if TYPE_CHECKING:
    from ops.access import Access
    from ops.filters import FilterOptions


class Source(Enum):
    """Where the objects are named."""

    KEYS = "keys"
    FILE = "file"
    PREFIX = "prefix"
    ALL = "all"
    FAILED = "failed"
    NEVER = "never"

    @property
    def names_each(self) -> bool:
        """Whether somebody named each object: then one that cannot be submitted is refused, not left out."""
        return self in (Source.KEYS, Source.FILE)


@dataclass(frozen=True)
class Request:
    """One request. `file` is a path or `-`; `contents` is the digest of what is in it."""

    source: Source
    options: FilterOptions
    keys: tuple[str, ...] = ()
    file: str | None = None
    prefix: str = ""
    bucket: str | None = None
    contents: str = ""
    again: bool = False
    limit: int | None = None
    utc: bool = False

    def check(self, access: Access) -> None:
        """See that it means something, before the cloud is asked for anything. Raises ConfigurationError."""
        self.options.read(waiting.now(), utc=self.utc)
        if self.bucket is not None:
            access.bucket(self.bucket)
        if self.prefix != well_formed(self.prefix):
            raise ConfigurationError(
                f"--prefix: {self.prefix!r} cannot begin a key: keys are UTF-8, and this is another encoding"
            )
        for key in self.keys:
            access.target(key, self.bucket)

    @property
    def wants_again(self) -> bool:
        """Whether what has an answer is to be checked again; a failure always."""
        return self.again or self.source is Source.FAILED

    @property
    def digest(self) -> str:
        """The same for the same request, so that a command that is typed again finds what it began."""
        return sha256(canonical(*self._typed(), self.contents)).hexdigest()[:16]

    def _typed(self) -> list[str]:
        flags = {Source.ALL: ["--all"], Source.FAILED: ["--failed"], Source.NEVER: ["--never"]}
        typed = list(flags.get(self.source, []))
        for option, value in (("--keys-from", self.file), ("--prefix", self.prefix), ("--bucket", self.bucket)):
            typed += [option, str(value)] if value is not None else []
        typed += [*self.options.typed(), *(["--again"] if self.again else []), *(["--utc"] if self.utc else [])]
        typed += ["--limit", str(self.limit)] if self.limit is not None else []
        return [*typed, *(["--", *self.keys] if self.keys else [])]


def which_source(named: dict[Source, bool], prefix: str | None) -> Source:
    """The one place where objects are named; a prefix can also narrow some of the others.

    Raises:
        ConfigurationError: there is none, or more than one.
    """
    found = [source for source, given in named.items() if given]
    if prefix == "":
        raise ConfigurationError("an empty --prefix means the whole bucket: use --all if you want that")
    if not found and prefix is None:
        raise ConfigurationError(
            "which objects? Give keys, --prefix, --failed, --never or --keys-from, or --all for all videos"
        )
    if len(found) > 1 or (prefix is not None and found and found[0] not in (Source.FAILED, Source.NEVER)):
        raise ConfigurationError(
            "give only one of: keys, --all, --failed, --never, --keys-from; only --failed and --never take --prefix"
        )
    return found[0] if found else Source.PREFIX
