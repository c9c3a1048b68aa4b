"""Whether the deployment is paused: read when a container needs to know first, then at most once a minute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.domain.pause import NAME, Pause, decode, encode
from shared.domain.result import stamp
from shared.errors import ConflictError, NotFoundError

if TYPE_CHECKING:
    from shared.cloud.store import Store

#: Seconds for which what was read is believed.
_BELIEVED = 60
#: Who pauses where no person did.
_BY = "cos-watermark"
#: What this container read last, and when: by ledger, in COS's time.
_read: dict[str, tuple[int, Pause | None]] = {}


def forget_checks() -> None:
    """Read it again, as a new container would."""
    _read.clear()


class Pausing:
    """The ledger's `paused` object. Every method raises only `CloudError`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def state(self, now: int) -> Pause | None:
        """The pause that is on, as far as is known at `now`, COS's time in seconds since 1970."""
        read_at, pause = _read.get(self._ledger, (now, None))
        if self._ledger not in _read or not 0 <= now - read_at < _BELIEVED:
            pause = self._look()
            _read[self._ledger] = (now, pause)
        return pause

    def look(self, now: int) -> Pause | None:
        """The pause that is on, read now."""
        _read.pop(self._ledger, None)
        return self.state(now)

    def begin(self, why: str, now: int) -> None:
        """Pause, unless somebody has already."""
        try:
            self._store.create(NAME, encode(Pause(_BY, stamp(now), why)))
        except ConflictError:
            return
        finally:
            _read.pop(self._ledger, None)

    @property
    def _ledger(self) -> str:
        return str(self._store.at(NAME))

    def _look(self) -> Pause | None:
        try:
            return decode(self._store.read(NAME))
        except NotFoundError:
            return None
