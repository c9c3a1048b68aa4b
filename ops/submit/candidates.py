"""The objects that a request may mean, each looked at: from the index where a listing shows that it is up to date."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import IO, TYPE_CHECKING

from ops.parallel import in_parallel
from ops.submit.keys_file import names_in
from ops.submit.request import Request, Source
from shared.domain.choice import why_unchecked
from shared.domain.objects import ObjectRef
from shared.domain.outcome import Reason
from shared.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ops.access import Access
    from ops.index.index import Index
    from ops.index.videos import VideoIndex
    from ops.progress import Follow
    from ops.submit.keys_file import Named

#: How many objects are looked at between two savings: no other command waits for long to write into the index.
_KEEP_EACH = 100
#: An object and its row in the index, or nothing if it is gone.
Candidate = tuple[ObjectRef, "Mapping[str, object] | None"]


@dataclass(frozen=True)
class Candidates:
    """Finds and looks. Every method raises CloudError, IndexFileError, and ConfigurationError for what is mistyped."""

    access: Access
    index: Index
    videos: VideoIndex
    follow: Follow

    def of(self, request: Request, file: IO[bytes] | None) -> Iterator[Candidate]:
        """All that the request may mean, in no promised order; some may come twice."""
        match request.source:
            case Source.KEYS:
                targets = [(self.access.target(key, request.bucket),) for key in request.keys]
                return self._looked_at(targets)
            case Source.FILE:
                return self._looked_at(self._named(request, file))
            case Source.FAILED:
                return self._looked_at(self._failed(request))
            case Source.PREFIX | Source.ALL | Source.NEVER:
                return self._listed(request)

    def buckets(self, request: Request) -> tuple[str, ...]:
        """The buckets that are meant."""
        return self.access.buckets if request.bucket is None else (self.access.bucket(request.bucket),)

    def _named(self, request: Request, file: IO[bytes] | None) -> Iterator[tuple[ObjectRef, ...]]:
        assert file is not None  # noqa: S101 - this source always comes with a file
        for named in names_in(file, self.access.buckets):
            if request.bucket in (None, named.bucket) or named.bucket is None:
                yield self._targets(named, named.bucket or request.bucket)

    def _targets(self, named: Named, bucket: str | None) -> tuple[ObjectRef, ...]:
        try:
            return tuple(self.access.target(key, bucket) for key in named.spellings)
        except ConfigurationError as error:
            raise ConfigurationError(f"line {named.line} of the keys: {error}") from error

    def _failed(self, request: Request) -> Iterator[tuple[ObjectRef, ...]]:
        sql = "SELECT DISTINCT bucket, key FROM latest WHERE verdict = 'failed' AND substr(key, 1, ?) = ?"
        rows = self.index.rows(sql, len(request.prefix), request.prefix)
        wanted = self.buckets(request)
        return ((ObjectRef(self.access.region, *row),) for row in list(rows) if row["bucket"] in wanted)

    def _looked_at(self, targets: Iterable[tuple[ObjectRef, ...]]) -> Iterator[Candidate]:
        with self.follow("looking at objects") as tell:
            looks = in_parallel(self._look, targets)
            while some := list(islice(looks, _KEEP_EACH)):
                for target, row in some:
                    self.videos.keep(target, row)
                self.index.save()
                tell(len(some))
                yield from some

    def _look(self, spellings: tuple[ObjectRef, ...]) -> Candidate:
        """The first spelling that there is an object for. What is never checked, whatever it is, is not looked at."""
        may_be = [one for one in spellings if why_unchecked(one.key, None, self.access.settings) is None]
        seen = ((target, self.videos.look(target)) for target in may_be)
        return next((found for found in seen if found[1]), (spellings[0], None))

    def _listed(self, request: Request) -> Iterator[Candidate]:
        for bucket in self.buckets(request):
            self.videos.update(bucket, request.prefix)
        for bucket in self.buckets(request):
            below = "bucket = ? AND substr(key, 1, ?) = ?"
            for row in self.index.walk("objects", below, bucket, len(request.prefix), request.prefix):
                yield self._as_it_is_now(ObjectRef(self.access.region, bucket, row["key"]), dict(row))

    def _as_it_is_now(self, target: ObjectRef, row: Mapping[str, object]) -> Candidate:
        """A restored object looks to a listing as it did before."""
        if row["obstacle"] != Reason.ARCHIVED.value:
            return target, row
        now = self.videos.look(target)
        self.videos.keep(target, now)
        self.index.save()
        return target, now
