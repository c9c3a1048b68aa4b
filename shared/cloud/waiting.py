"""The ledger's waiting entries: `waiting/<run>/<object id>`, written by a command, removed by the timer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.cloud.cos import PAGE
from shared.domain.waiting import FOLDER, WaitingEntry, decode
from shared.errors import ClaimError, ConflictError, NotFoundError

if TYPE_CHECKING:
    from shared.cloud.cos import Listed
    from shared.cloud.store import Store


class WaitingList:
    """What operators asked for. Every method raises only `CloudError` and what it names."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def first_page(self) -> list[Listed]:
        """The first of them, the oldest run's before all others."""
        return list(self._store.first(FOLDER, PAGE))

    def read(self, listed: Listed) -> WaitingEntry | None:
        """The entry that was listed; `None` if it is gone, or has changed since.

        Raises:
            ClaimError: it is none; it has to be left alone.
        """
        try:
            return decode(listed.key, self._store.read(listed.key, listed.etag))
        except (NotFoundError, ConflictError):
            return None
        except ClaimError as error:
            raise ClaimError(f"{self._store.at(listed.key)} {error}") from error

    def remove(self, listed: Listed) -> None:
        """Remove it: its object has a claim now, or needs none."""
        self._store.delete(listed.key)
