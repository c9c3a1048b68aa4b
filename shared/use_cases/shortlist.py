"""Of very many claims, those that come first: so memory does not grow with their number."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.use_cases.pace import Claim

#: How many claims of each kind one sweep may take up: more than it has time for.
MOST = 1000
#: How many more are kept before the last ones are forgotten.
_SPARE = 250


class Shortlist:
    """Of the claims that are added, those that come first by a key: a few thousand, however many there are."""

    def __init__(self, key: Callable[[Claim], Any]) -> None:
        self._key = key
        self._claims: list[Claim] = []

    def add(self, claim: Claim) -> None:
        """Add one; what has no chance any more is forgotten."""
        self._claims.append(claim)
        if len(self._claims) >= MOST + _SPARE:
            self._claims = self.first()

    def first(self) -> list[Claim]:
        """Those that come first, in order."""
        return heapq.nsmallest(MOST, self._claims, key=self._key)
