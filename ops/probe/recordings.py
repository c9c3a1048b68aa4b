"""What the function has written into the bucket."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from ops.probe.patience import awaited
from ops.probe.seen import settled, tree
from shared.documents import child, items, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from ops.probe.seen import Calls


@dataclass(frozen=True)
class Recorded:
    """One event or request; `at` is the function's time, in seconds since 1970."""

    at: float
    event: Any


@dataclass(frozen=True)
class Recordings:
    """By label: `events` for those of COS, and what an address ends with for requests. Raises CloudError."""

    calls: Calls
    _read_before: dict[str, Recorded] = field(default_factory=dict)

    def of(self, label: str) -> list[Recorded]:
        """All there are, the oldest first."""
        return sorted(map(self._read, self._names(label)), key=lambda one: one.at)

    def first(self, label: str, seconds: float, wanted: Callable[[Recorded], bool] = lambda _: True) -> Recorded | None:
        """The first that is wanted, if it comes within that time."""
        return awaited(lambda: next(filter(wanted, self.of(label)), None), seconds)

    def _names(self, label: str) -> list[str]:
        params = {"prefix": f"recorded/{label}/", "encoding-type": "url"}
        listed = tree(settled(self.calls.cos("GET", params=params), "listing"), "ListBucketResult")
        return [unquote(text(one, "Key")) for one in items(child(listed, "Contents"))]

    def _read(self, name: str) -> Recorded:
        """Records never change."""
        if name not in self._read_before:
            told = json.loads(settled(self.calls.cos("GET", name), "reading a record").body)
            self._read_before[name] = Recorded(float(told["at"]), told["event"])
        return self._read_before[name]
