"""The second half of a run: a waiting entry in the ledger for each object that was chosen."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops import waiting
from ops.index.ledger import entry_fields
from ops.parallel import in_parallel
from shared.domain.waiting import WaitingEntry, waiting_name
from shared.errors import CloudError, ConflictError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ops.access import Access
    from ops.index.index import Index
    from ops.progress import Follow, Tell
    from ops.submit.journal import Chosen, Journal, Run
    from shared.cloud.store import Store

#: How many entries are written between two notes of how far the run is.
_NOTE_EACH = 64
#: Seconds to wait, after each try, for what passes by itself.
_PAUSES = (1, 2, 4, 8, 16)


@dataclass(frozen=True)
class Writing:
    """Writes them. Raises CloudError, IndexFileError: the journal says how far it got."""

    access: Access
    index: Index
    journal: Journal
    follow: Follow

    def run(self) -> None:
        """Ask for all objects that are not asked for yet."""
        count, _ = self.journal.total
        writer = _Writer(
            self.access.clients.store, self.access.region, self.journal.run, who(), again=self.journal.again
        )
        with self.follow("writing waiting entries", count) as tell:
            tell(self.journal.written)
            while some := self.journal.unwritten(_NOTE_EACH):
                self._write(some, writer, tell)

    def _write(self, some: Sequence[Chosen], writer: _Writer, tell: Tell) -> None:
        done: list[Chosen] = []
        try:
            for chosen, (entry, etag) in zip(some, in_parallel(writer.write, some), strict=True):
                if etag:
                    name = waiting_name(entry.run, entry.target)
                    self.index.put("waiting", [{"name": name, "etag": etag, **entry_fields(entry)}])
                done.append(chosen)
                tell()
        finally:
            self.journal.mark(done)
            self.index.save()


@dataclass(frozen=True)
class _Writer:
    """Writes the entries of one run."""

    store: Store
    region: str
    run: Run
    by: str
    again: bool

    def write(self, chosen: Chosen) -> tuple[WaitingEntry, str]:
        """Have one object asked for; the ETag of the entry is empty if it was there already. Raises CloudError."""
        entry = WaitingEntry(
            run=self.run.name,
            region=self.region,
            bucket=chosen.bucket,
            key=chosen.key,
            again=self.again,
            by=self.by,
            at=self.run.at,
        )
        for pause in (*_PAUSES, None):
            try:
                return entry, self._create(entry)
            except CloudError as error:
                if pause is None or not error.retryable or error.is_refusal:
                    raise
                waiting.pause(pause)
        raise AssertionError("unreachable: the last try returns or raises")

    def _create(self, entry: WaitingEntry) -> str:
        try:
            return self.store.create(waiting_name(entry.run, entry.target), entry.model_dump_json().encode()).etag
        except ConflictError:
            # Of the same run, so it says the same: written by a try whose reply, or whose note, was lost.
            return ""


def who() -> str:
    """Who runs the command, for people."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""
