"""The command `cancel`."""

import json as jsons
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

from ops.access import Access
from ops.asking import agreed
from ops.cancel.chosen import Chosen, Entry, Queued, Wanted
from ops.checkout import ENV_FILE
from ops.ending import in_words
from ops.filters import Bucket, Exclude, FilterOptions, Include, MaxSize, MinSize, NewerThan, OlderThan
from ops.index.fresh import fresh_index
from ops.index.index import Index
from ops.index.ledger import LedgerIndex
from ops.options import Debug, EnvFile, Json, Quiet, Utc, Yes
from ops.parallel import in_parallel
from ops.plain import plain
from ops.progress import follower
from ops.times import seconds_of
from shared.errors import CloudError, ConfigurationError

_QUEUED = "Also cancel jobs that Cloud Infinite has not begun; they end as `failed`, and can be asked for again."


def cancel(  # noqa: PLR0913 - each is an option that somebody types
    keys: Annotated[list[str] | None, typer.Argument(metavar="[KEY]...", help="Keys, or cos://<bucket>/<key>.")] = None,
    *,
    prefix: Annotated[str | None, typer.Option("--prefix", metavar="PREFIX", help="What is below a prefix.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that waits.")] = False,
    run: Annotated[str | None, typer.Option("--run", metavar="RUN", help="What one `submit` asked for.")] = None,
    queued: Annotated[bool, typer.Option("--queued", help=_QUEUED)] = False,
    bucket: Bucket = None,
    include: Include = None,
    exclude: Exclude = None,
    newer_than: NewerThan = None,
    older_than: OlderThan = None,
    min_size: MinSize = None,
    max_size: MaxSize = None,
    yes: Yes = False,
    json: Json = False,
    quiet: Quiet = False,
    utc: Utc = False,
    debug: Debug = False,
    env_file: EnvFile = ENV_FILE,
) -> None:
    """Take back what `submit` asked for and has not begun.

    Uploads are not touched. Ends with 0 if it is done, 2 for wrong use, 3 if the cloud does not answer; the
    same command goes on.
    """
    options = FilterOptions(tuple(include or ()), tuple(exclude or ()), newer_than, older_than, min_size, max_size)
    with in_words(debug=debug):
        if not (keys or prefix or everything or run):
            raise ConfigurationError("which objects? Say keys, --prefix, --run, or --all for all that waits")
        access = Access.by(env_file)
        targets = frozenset(access.target(key, bucket) for key in keys or ())
        buckets = (access.bucket(bucket),) if bucket else access.buckets
        with fresh_index(access, quiet=quiet) as index:
            filters = options.read(seconds_of(index.note("updated")), utc=utc)
            wanted = Wanted(filters, targets, buckets, prefix or "", run)
            chosen = Chosen(access, index, wanted, follower(quiet=quiet))
            _Cancel(access, index, quiet=quiet, as_json=json).run(
                list(chosen.entries()), list(chosen.queued()) if queued else [], yes=yes
            )


@dataclass(frozen=True)
class _Cancel:
    """Takes back."""

    access: Access
    index: Index
    quiet: bool
    as_json: bool

    def run(self, entries: Sequence[Entry], queued: Sequence[Queued], *, yes: bool) -> None:
        what = _in_words(len(entries), len(queued))
        if not entries and not queued:
            self._result(removed=0, taken_up=0, cancelled=0)
            return
        if not agreed(f"Take back {what}?", yes=yes):
            self._remark("Nothing was taken back.")
            return
        with follower(quiet=self.quiet)("taking back", len(entries) + len(queued)) as tell:
            for _ in in_parallel(self._remove, entries):
                tell()
            cancelled = 0
            for done in in_parallel(self._end, queued):
                cancelled += done
                tell()
        taken_up = self._taken_up(entries)
        self._result(removed=len(entries) - taken_up, taken_up=taken_up, cancelled=cancelled)

    def _remove(self, entry: Entry) -> None:
        self.access.clients.store.delete(entry.name)

    def _end(self, queued: Queued) -> bool:
        """Whether the job is cancelled; otherwise it has begun, and ends by itself."""
        try:
            self.access.clients.jobs.cancel(queued.target, queued.job)
        except CloudError as error:
            # With which code it refuses a job that has begun is not documented.
            if error.is_refusal and error.cause.status not in (401, 402, 403):
                return False
            raise
        return True

    def _taken_up(self, entries: Sequence[Entry]) -> int:
        """How many of the entries the timer took up just before they were removed."""
        LedgerIndex(self.access, self.index, follower(quiet=True), lambda _: None).update()
        sql = "SELECT count(*) FROM in_flight WHERE bucket = ? AND key = ? AND asked_by = ?"
        found = (self.index.one(sql, entry.target.bucket, entry.target.key, entry.run) for entry in entries)
        return sum(bool(count) for count in found)

    def _result(self, **counts: int) -> None:
        if self.as_json:
            typer.echo(jsons.dumps({"v": 1, **counts}))
            return
        typer.echo(f"taken back: {_in_words(counts['removed'], counts['cancelled'])}")
        if counts["taken_up"]:
            self._remark(f"{counts['taken_up']:,} were taken up just before: they are being worked on")

    def _remark(self, text: str) -> None:
        if not self.quiet:
            typer.echo(plain(text), err=True)


def _in_words(entries: int, jobs: int) -> str:
    waiting = "1 object that waits" if entries == 1 else f"{entries:,} objects that wait"
    queued = f" and {jobs:,} {'job' if jobs == 1 else 'jobs'} in the queue" if jobs else ""
    return waiting + queued
