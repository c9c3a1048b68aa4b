"""What a `cancel` is about: waiting entries, and claims whose jobs Cloud Infinite has not begun with."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from ops.index.videos import VideoIndex
from ops.parallel import in_parallel
from shared.domain.job import JobState
from shared.domain.objects import ObjectRef

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ops.access import Access
    from ops.filters import Filters
    from ops.index.index import Index, Row
    from ops.progress import Follow

#: How many jobs Cloud Infinite tells about at a time.
_JOBS = 10


@dataclass(frozen=True)
class Wanted:
    """Which objects are meant. Without keys, run and prefix all are."""

    filters: Filters
    targets: frozenset[ObjectRef] = field(default_factory=frozenset)
    buckets: tuple[str, ...] = ()
    prefix: str = ""
    run: str | None = None

    def means(self, target: ObjectRef, run: str) -> bool:
        """Whether an object is meant, as far as its key tells, that this run asked for."""
        named = not self.targets or target in self.targets
        ours = target.bucket in self.buckets and target.key.startswith(self.prefix) and self.run in (None, run)
        return named and ours and self.filters.pass_key(target.key)


@dataclass(frozen=True)
class Entry:
    """A waiting entry: its name in the ledger, and its object."""

    name: str
    target: ObjectRef
    run: str


@dataclass(frozen=True)
class Queued:
    """A job that has not begun, and its object."""

    job: str
    target: ObjectRef


@dataclass(frozen=True)
class Chosen:
    """Finds them. Raises CloudError, IndexFileError."""

    access: Access
    index: Index
    wanted: Wanted
    follow: Follow

    def entries(self) -> Iterator[Entry]:
        """The waiting entries that are meant."""
        rows = list(self.index.rows("SELECT name, region, bucket, key, run FROM waiting ORDER BY name"))
        found = [Entry(row["name"], _target(row), row["run"]) for row in rows]
        meant = (entry for entry in found if self.wanted.means(entry.target, entry.run))
        return self._looked_at(meant) if self.wanted.filters.need_a_look else meant

    def queued(self) -> Iterator[Queued]:
        """The jobs that are meant and have not begun."""
        rows = list(self.index.rows("SELECT * FROM in_flight WHERE job IS NOT NULL ORDER BY bucket, key"))
        passes = self.wanted.filters.passes
        meant = [
            Queued(row["job"], _target(row))
            for row in rows
            if self.wanted.means(_target(row), row["asked_by"]) and passes(row["key"], row["modified"], row["size"])
        ]
        for bucket in self.wanted.buckets:
            yield from self._not_begun([one for one in meant if one.target.bucket == bucket])

    def _not_begun(self, meant: Sequence[Queued]) -> Iterator[Queued]:
        left = iter(meant)
        while some := list(islice(left, _JOBS)):
            states = self.access.clients.jobs.get(some[0].target, [one.job for one in some])
            for one in some:
                job = states[one.job]
                if job and job.state is JobState.SUBMITTED:
                    yield one

    def _looked_at(self, entries: Iterator[Entry]) -> Iterator[Entry]:
        """Those whose objects are as old and as large as is wanted; one that is gone is neither."""
        videos = VideoIndex(self.access, self.index, self.follow)
        with self.follow("looking at objects") as tell:
            for entry, row in in_parallel(lambda entry: (entry, videos.look(entry.target)), entries):
                tell()
                if row and self.wanted.filters.passes(entry.target.key, str(row["modified"]), int(str(row["size"]))):
                    yield entry


def _target(row: Row) -> ObjectRef:
    return ObjectRef(row["region"], row["bucket"], row["key"])
