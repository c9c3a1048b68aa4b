"""The first half of a run: look at all that may be meant, decide, and note what is chosen in the journal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from ops.submit.decision import LeftOut, Seen, Wish, why_left_out
from ops.submit.journal import Chosen
from ops.submit.request import Request, Source
from shared.domain.outcome import Reason

if TYPE_CHECKING:
    from ops.access import Access
    from ops.filters import Filters
    from ops.index.index import Index
    from ops.submit.candidates import Candidate, Candidates
    from ops.submit.journal import Journal

#: How many objects are decided between two savings.
_SAVE_EACH = 1000


@dataclass
class Choosing:
    """One choice. Raises CloudError, IndexFileError, ConfigurationError."""

    access: Access
    index: Index
    candidates: Candidates
    journal: Journal

    def choose(self, request: Request, filters: Filters, file: IO[bytes] | None) -> None:
        """Fill the journal."""
        wish = Wish(filters, request.wants_again, request.source is Source.NEVER)
        self.journal.restart()
        taken = 0
        for number, candidate in enumerate(self.candidates.of(request, file), 1):
            chosen, reason = self._decide(candidate, wish)
            if reason is None and request.limit is not None and taken >= request.limit:
                reason = LeftOut.LIMIT
            if reason is None:
                taken += self.journal.choose(chosen)
            else:
                self.journal.leave(chosen, reason, keep=request.source.names_each)
            if number % _SAVE_EACH == 0:
                self.journal.save()
                self.index.save()
        for unchecked, count in self.candidates.videos.unchecked.items():
            self.journal.count(LeftOut(unchecked.value), count)
        self.journal.save()
        self.index.save()

    def _decide(self, candidate: Candidate, wish: Wish) -> tuple[Chosen, LeftOut | None]:
        target, row = candidate
        seen = self._seen(target.bucket, target.key, row)
        return Chosen(target.bucket, target.key, seen.size or 0), why_left_out(seen, wish, self.access.settings)

    def _seen(self, bucket: str, key: str, row: Any) -> Seen:  # noqa: ANN401 - the columns of `objects`
        if row is None:
            return Seen(key)
        waiting = "SELECT max(again) FROM waiting WHERE bucket = ? AND key = ?"
        again = self.index.one(waiting, bucket, key)
        return Seen(
            key,
            row["size"],
            row["modified"],
            Reason(row["obstacle"]) if row["obstacle"] else None,
            has_answer=row["seal"] is not None,
            has_record=bool(self.index.one("SELECT 1 FROM records WHERE upload = ? LIMIT 1", row["upload"])),
            is_in_flight=bool(self.index.one("SELECT 1 FROM claims WHERE bucket = ? AND key = ? LIMIT 1", bucket, key)),
            waits=again is not None,
            waits_again=bool(again),
        )
