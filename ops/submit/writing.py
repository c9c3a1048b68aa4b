"""The second half of a run: a waiting entry in the ledger for each object that was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops.index.ledger import entry_fields
from ops.parallel import in_parallel
from ops.patience import patiently
from ops.who import whoever
from shared.domain.waiting import WaitingEntry, waiting_name
from shared.errors import ConflictError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ops.access import Access
    from ops.index.index import Index
    from ops.index.synchronise import Fields
    from ops.progress import Follow, Tell
    from ops.submit.journal import Chosen, Journal, Run
    from shared.cloud.store import Store

#: How many entries are written between two notes of how far the run is.
_NOTE_EACH = 64


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
            self.access.clients.store, self.access.region, self.journal.run, whoever(), again=self.journal.again
        )
        with self.follow("writing waiting entries", count) as tell:
            tell(self.journal.written)
            while some := self.journal.unwritten(_NOTE_EACH):
                self._write(some, writer, tell)

    def _write(self, some: Sequence[Chosen], writer: _Writer, tell: Tell) -> None:
        done = [chosen for chosen in some if self._is_taken_up(chosen)]
        left = [chosen for chosen in some if chosen not in done]
        rows: list[Fields] = []
        tell(len(done))
        try:
            for chosen, (entry, etag) in zip(left, in_parallel(writer.write, left), strict=True):
                if etag:
                    rows.append({"name": waiting_name(entry.run, entry.target), "etag": etag, **entry_fields(entry)})
                done.append(chosen)
                tell()
        finally:
            self.journal.mark(done)
            self.index.put("waiting", rows)
            self.index.save()

    def _is_taken_up(self, chosen: Chosen) -> bool:
        """Whether the timer took up its entry, of which a run that was killed made no note: it asks once."""
        claims = "SELECT 1 FROM claims WHERE bucket = ? AND key = ? AND asked_by = ?"
        records = "SELECT 1 FROM records WHERE bucket = ? AND key = ? AND run = ?"
        place = (chosen.bucket, chosen.key, self.journal.run.name)
        return bool(self.index.one(claims, *place) or self.index.one(records, *place))


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
        return entry, patiently(lambda: self._create(entry))

    def _create(self, entry: WaitingEntry) -> str:
        try:
            return self.store.create(waiting_name(entry.run, entry.target), entry.model_dump_json().encode()).etag
        except ConflictError:
            # Of the same run, so it says the same: written by a try whose reply, or whose note, was lost.
            return ""
