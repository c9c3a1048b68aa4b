"""`--wait`: until everything that a run asked for has come to its end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ops import waiting
from ops.index.ledger import LedgerIndex
from ops.patience import is_momentary
from ops.progress import follower
from ops.submit.journal import Chosen
from ops.submit.remarks import what_holds
from shared.errors import CloudError

if TYPE_CHECKING:
    from ops.access import Access
    from ops.index.index import Index
    from ops.progress import Follow
    from ops.submit.journal import Journal
    from ops.submit.screen import Screen

#: Seconds between two looks.
_LOOK = 30


@dataclass
class Following:
    """Waits. Raises CloudError, IndexFileError, KeyboardInterrupt: the functions go on by themselves."""

    access: Access
    index: Index
    journal: Journal
    screen: Screen
    follow: Follow
    _said: list[str] = field(default_factory=list)
    _states: Counter[str] = field(default_factory=Counter)

    def run(self) -> None:
        """Look until all objects have a result, and say the results."""
        count, _ = self.journal.total
        with self.follow("waiting for results", count) as tell:
            ended = 0
            while (left := self._left()) != 0:
                if left is not None:
                    tell(count - left - ended, remark=", ".join(f"{n:,} {state}" for state, n in self._states.items()))
                    ended = count - left
                waiting.pause(_LOOK)
            tell(count - ended)
        self.screen.answers(self._verdicts())

    def _left(self) -> int | None:
        """How many objects are not at their end; nothing if the cloud does not say now."""
        try:
            LedgerIndex(self.access, self.index, follower(quiet=True), lambda _: None).update()
            self._states = self._seen()
            left = sum(self._states.values())
            self._say(list(what_holds(self.access)) if left else [])
        except CloudError as error:
            # Whoever waits for days will meet one that passes.
            if not is_momentary(error):
                raise
            cause = error.cause
            self._say([f"! {cause.call}: {cause.code or cause.message or cause.status}: looking again"])
            return None
        return left

    def _say(self, lines: list[str]) -> None:
        """Say what was not said at the last look."""
        for line in lines:
            if line not in self._said:
                self.screen.remark(line)
        self._said = lines

    def _seen(self) -> Counter[str]:
        """How many objects wait, and for what."""
        waits = self.index.rows("SELECT bucket, key FROM waiting WHERE run = ?", self.journal.run.name)
        works = self.index.rows("SELECT bucket, key, coalesce('held: ' || held, 'in flight') AS state FROM in_flight")
        states = {(row["bucket"], row["key"]): "waiting" for row in waits}
        # Whoever asked for it: where an upload came first, its result is the one that is waited for.
        states |= {(row["bucket"], row["key"]): row["state"] for row in works if self.journal.has(Chosen(*row[:2]))}
        return Counter(states.values())

    def _verdicts(self) -> Counter[str]:
        """What is known last of each object."""
        found: Counter[str] = Counter()
        for chosen in self.journal.objects():
            sql = "SELECT verdict FROM latest WHERE bucket = ? AND key = ?"
            found[str(self.index.one(sql, chosen.bucket, chosen.key) or "no record")] += 1
        return found
