"""Takes back: waiting entries are removed, and jobs that have not begun are cancelled."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from ops.asking import agreed
from ops.index.ledger import LedgerIndex
from ops.parallel import in_parallel
from ops.patience import patiently
from ops.plain import plain
from ops.progress import follower
from ops.submit.journal import journal_of, open_journal
from shared.errors import CloudError, ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ops.access import Access
    from ops.cancel.chosen import Chosen, Entry, Queued
    from ops.index.index import Index


@dataclass(frozen=True)
class TakingBack:
    """One `cancel`. Raises CloudError, IndexFileError: the same command goes on."""

    access: Access
    index: Index
    chosen: Chosen
    quiet: bool
    as_json: bool

    def run(self, *, queued: bool, yes: bool) -> None:
        """Take back what is meant, if whoever is asked agrees; `queued`: also jobs that have not begun."""
        entries, jobs = list(self.chosen.entries()), list(self.chosen.queued()) if queued else []
        if not entries and not jobs:
            self._result(removed=0, taken_up=0, cancelled=0, begun=0)
            self._say_at_work(queued=queued)
            return
        if not agreed(f"Take back {_in_words(len(entries), len(jobs))}{_of_uploads(jobs)}?", yes=yes):
            self._remark("Nothing was taken back.")
            return
        there = self.chosen.still(entries)
        cancelled = self._take_back(there, jobs)
        removed = len(there) - self._taken_up(there)
        self._forget_run()
        self._result(removed=removed, taken_up=len(entries) - removed, cancelled=cancelled, begun=len(jobs) - cancelled)

    def _take_back(self, entries: Sequence[Entry], jobs: Sequence[Queued]) -> int:
        """How many jobs were cancelled."""
        cancelled = 0
        with follower(quiet=self.quiet)("taking back", len(entries) + len(jobs)) as tell:
            for _ in in_parallel(self._remove, entries):
                tell()
            for done in in_parallel(self._end, jobs):
                cancelled += done
                tell()
        return cancelled

    def _remove(self, entry: Entry) -> None:
        # Its name has one life: no other run has it. So it may be removed twice.
        patiently(lambda: self.access.clients.store.delete(entry.name))

    def _end(self, queued: Queued) -> bool:
        """Whether the job is cancelled; otherwise it has begun, and ends by itself."""
        try:
            patiently(lambda: self.access.clients.jobs.cancel(queued.target, queued.job))
        except CloudError as error:
            # With which code it refuses a job that has begun is not documented.
            if error.is_refusal and error.cause.status not in (401, 402, 403):
                return self.chosen.is_cancelled(queued)
            raise
        return True

    def _taken_up(self, entries: Sequence[Entry]) -> int:
        """How many of the entries the timer took up just before they were removed."""
        LedgerIndex(self.access, self.index, follower(quiet=True), lambda _: None).update()
        sql = "SELECT count(*) FROM in_flight WHERE bucket = ? AND key = ? AND asked_by = ?"
        found = (self.index.one(sql, entry.target.bucket, entry.target.key, entry.run) for entry in entries)
        return sum(bool(count) for count in found)

    def _forget_run(self) -> None:
        """Have a run that was stopped, and is taken back as a whole, not go on: the same `submit` begins again."""
        wanted = self.chosen.wanted
        if wanted.run is None or wanted.narrows_run or wanted.buckets != self.access.buckets:
            return
        # There is none here, or it is running at this moment: then it goes on.
        with suppress(ConfigurationError), open_journal(journal_of(self.access.state / "runs", wanted.run)) as journal:
            journal.discard()

    def _say_at_work(self, *, queued: bool) -> None:
        count = self.chosen.at_work()
        if count:
            how = "" if queued else "; --queued cancels jobs that Cloud Infinite has not begun"
            self._remark(f"{count:,} {'is' if count == 1 else 'are'} in flight{how}")

    def _result(self, **counts: int) -> None:
        if self.as_json:
            typer.echo(json.dumps({"v": 1, **counts}))
            return
        typer.echo(f"taken back: {_in_words(counts['removed'], counts['cancelled'])}")
        if counts["taken_up"]:
            self._remark(f"{counts['taken_up']:,} taken up before: in flight, or ended")
        if counts["begun"]:
            self._remark(f"{counts['begun']:,} begun or ended before: Cloud Infinite did not cancel it")

    def _remark(self, text: str) -> None:
        if not self.quiet:
            typer.echo(plain(text), err=True)


def _in_words(entries: int, jobs: int) -> str:
    waiting = "1 waiting entry" if entries == 1 else f"{entries:,} waiting entries"
    queued = "1 queued job" if jobs == 1 else f"{jobs:,} queued jobs"
    return " and ".join(([waiting] if entries else []) + ([queued] if jobs else [])) or "nothing"


def _of_uploads(jobs: Sequence[Queued]) -> str:
    count = sum(not job.is_asked for job in jobs)
    return f" ({count:,} of new uploads)" if count else ""
