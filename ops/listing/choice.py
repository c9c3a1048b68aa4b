"""What somebody chose, and how they say it again to go on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops.listing.kinds import Kind
from ops.listing.query import Cursor, Question
from ops.shell import quoted
from shared.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ops.access import Access

_NAMES = {Kind.IN_FLIGHT: "in-flight", Kind.WAITING: "waiting", Kind.NEVER: "never"}
NOT_APPLIED = "not-applied"


@dataclass(frozen=True)
class Choice:
    """The options. `flags` are the kinds of results; times are UTC, ISO 8601, empty if not said."""

    kind: Kind
    flags: tuple[str, ...]
    since: str
    until: str
    prefix: str
    bucket: str | None
    limit: int | None
    form: str
    utc: bool

    def question(self, access: Access, after: Cursor | None) -> Question:
        """The same for the index. Raises ConfigurationError: there is no such bucket."""
        return Question(
            self.kind,
            tuple(flag for flag in self.flags if flag != NOT_APPLIED),
            NOT_APPLIED in self.flags,
            self.since or None,
            self.until or None,
            self.prefix,
            self._buckets(access),
            after,
        )

    def _buckets(self, access: Access) -> tuple[str, ...]:
        if self.bucket is not None:
            return (access.bucket(self.bucket),)
        # The index keeps what it saw in a bucket that is in `.env` no more, and nobody looks there again.
        return access.buckets if self.kind is Kind.NEVER else ()

    def again(self, last: Cursor | None) -> str:
        """The options that go on behind that row. Times that were said as how long ago stay where they were."""
        values = {"since": self.since, "until": self.until, "prefix": self.prefix, "bucket": self.bucket}
        given = [f"--{name} {quoted(value)}" for name, value in values.items() if value]
        kind = [f"--{_NAMES[self.kind]}"] if self.kind in _NAMES else []
        flags = [*kind, *(f"--{flag}" for flag in self.flags), *given]
        rest = [f"--{self.form}"] if self.form else []
        utc = ["--utc"] if self.utc else []
        return "".join(
            f" {part}" for part in [*flags, f"--limit {self.limit}", *rest, *utc, f"--after {quoted(str(last))}"]
        )


def the_kind(kinds: Mapping[Kind, bool], results: Mapping[str, bool]) -> Kind:
    """The kind of rows that is meant.

    Raises:
        ConfigurationError: several are, that have not the same columns.
    """
    chosen = [kind for kind, is_chosen in kinds.items() if is_chosen]
    others = [*(_NAMES[kind] for kind in chosen[1:]), *(name for name, is_chosen in results.items() if is_chosen)]
    if chosen and others:
        raise ConfigurationError(f"--{_NAMES[chosen[0]]} is a separate list: use another command for --{others[0]}")
    return chosen[0] if chosen else Kind.RESULTS
