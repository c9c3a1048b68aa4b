"""`--wait`: until everything that a run asked for has come to its end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops import waiting
from ops.index.ledger import LedgerIndex
from ops.progress import follower
from ops.submit.remarks import what_holds

if TYPE_CHECKING:
    from ops.access import Access
    from ops.index.index import Index
    from ops.progress import Follow
    from ops.submit.journal import Journal
    from ops.submit.screen import Screen

#: Seconds between two looks.
_LOOK = 30


@dataclass(frozen=True)
class Following:
    """Waits. Raises CloudError, IndexFileError, KeyboardInterrupt: the functions go on by themselves."""

    access: Access
    index: Index
    journal: Journal
    screen: Screen
    follow: Follow

    def run(self) -> None:
        """Look until all objects are answered, and say what came of them."""
        count, _ = self.journal.total
        before: list[str] = []
        with self.follow("waiting for answers", count) as tell:
            ended = 0
            while (left := self._left()) > 0:
                tell(count - left - ended, remark=self._remark())
                ended = count - left
                holds = list(what_holds(self.access))
                for line in holds:
                    if line not in before:
                        self.screen.remark(line)
                before = holds
                waiting.pause(_LOOK)
            tell(count - ended)
        self.screen.answers(self._verdicts())

    def _left(self) -> int:
        """How many objects have a waiting entry of the run, or a claim that comes from one."""
        LedgerIndex(self.access, self.index, follower(quiet=True), lambda _: None).update()
        run = self.journal.run.name
        waits = self.index.one("SELECT count(*) FROM waiting WHERE run = ?", run)
        works = self.index.one("SELECT count(*) FROM in_flight WHERE asked_by = ?", run)
        return int(waits) + int(works)

    def _remark(self) -> str:
        run = self.journal.run.name
        sql = "SELECT coalesce(held, 'at work'), count(*) FROM in_flight WHERE asked_by = ? GROUP BY 1 ORDER BY 2 DESC"
        return ", ".join(f"{count:,} {state}" for state, count in self.index.rows(sql, run))

    def _verdicts(self) -> Counter[str]:
        """What is known last of each object."""
        found: Counter[str] = Counter()
        for chosen in self.journal.objects():
            sql = "SELECT verdict FROM latest WHERE bucket = ? AND key = ?"
            found[str(self.index.one(sql, chosen.bucket, chosen.key) or "no record")] += 1
        return found
