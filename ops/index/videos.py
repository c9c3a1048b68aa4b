"""The buckets' part of the index: one HEAD for each video that is not known by ETag and Last-Modified."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ops.index.synchronise import Fields, Table, synchronise
from shared.domain.choice import why_unchecked
from shared.domain.metadata import decode, read_fields
from shared.domain.objects import Content, ObjectRef, Upload
from shared.domain.outcome import Reason
from shared.domain.result import stamp
from shared.errors import RejectedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ops.access import Access
    from ops.index.index import Index
    from ops.progress import Follow
    from ops.tencent.videos import Listed, Page
    from shared.domain.head import Head

_SAME = ("etag", "modified", "storage")


@dataclass(frozen=True)
class VideoIndex:
    """Brings it up to date with what may be checked at all, by key and size; the rest is not in it."""

    access: Access
    index: Index
    follow: Follow
    #: What was listed and is not in the index, by why it is never checked.
    unchecked: Counter[Reason] = field(default_factory=Counter)

    def update(self, bucket: str, prefix: str = "") -> None:
        """See what lies in a bucket, or below a prefix in it. Raises CloudError, IndexFileError."""
        self._read_under(self.access.settings.metadata_prefix)
        # A key is below a prefix if it begins with it; of the empty one too.
        where, values = "bucket = ? AND substr(key, 1, ?) = ?", (bucket, len(prefix), prefix)
        with self.follow(f"looking at {bucket}") as tell:
            table = Table("objects", "key", _SAME, where, values)
            pages = map(self._candidates, self.access.videos.pages(bucket, prefix))
            synchronise(self.index, table, pages, lambda listed: self._looked(bucket, listed), tell)

    def _read_under(self, name: str) -> None:
        """Forget all objects if their fields were read under another name than this: a listing does not show them."""
        if self.index.note("metadata_prefix") != name:
            self.index.change("DELETE FROM objects")
            self.index.set_note("metadata_prefix", name)

    def look(self, target: ObjectRef) -> Fields | None:
        """One object as it is now; nothing if it is gone. Raises CloudError."""
        return self._look(target)

    def keep(self, target: ObjectRef, row: Mapping[str, object] | None) -> None:
        """Keep what was seen of one object. Raises IndexFileError."""
        if row is None:
            self.index.change("DELETE FROM objects WHERE bucket = ? AND key = ?", target.bucket, target.key)
        else:
            self.index.put("objects", [row])

    def _candidates(self, page: Page) -> Page:
        why = [why_unchecked(one.key, one.size, self.access.settings) for one in page.objects]
        self.unchecked.update(reason for reason in why if reason)
        return replace(page, objects=tuple(one for one, reason in zip(page.objects, why, strict=True) if not reason))

    def _looked(self, bucket: str, listed: Listed) -> Fields | None:
        row = self._look(ObjectRef(self.access.region, bucket, listed.key), listed)
        # By what the listing shows it is found again, however HEAD writes the same.
        return row and {**row, **_shown(listed)}

    def _look(self, target: ObjectRef, listed: Listed | None = None) -> Fields | None:
        try:
            head = self.access.videos.head(target)
        except RejectedError:
            listed = listed or self._listed(target)
            return _unreadable(target, listed) if listed else None
        return fields_of(head, self.access) if head else None

    def _listed(self, target: ObjectRef) -> Listed | None:
        try:
            first = next(self.access.videos.pages(target.bucket, target.key))
        except RejectedError:
            # Such as a key that is longer than any.
            return None
        return next((one for one in first.objects if one.key == target.key), None)


def fields_of(head: Head, access: Access) -> Fields:
    """An object as a row of `objects`."""
    upload, prefix = head.upload, access.settings.metadata_prefix
    found = {name: decode(value) for name, value in read_fields(head.metadata, prefix).items()}
    return {
        **_place(upload),
        "etag": head.etag,
        "modified": stamp(upload.modified),
        "size": upload.content.size,
        "storage": head.headers.get("x-cos-storage-class", "STANDARD"),
        "verdict": found.get(""),
        **{name: found.get(name) for name in ("text", "code", "at", "job", "seal")},
        "obstacle": head.obstacle.value if head.obstacle else None,
    }


def _unreadable(target: ObjectRef, listed: Listed) -> Fields:
    """What can be said of an object that nobody can look at without the customer's key."""
    nothing = dict.fromkeys(("verdict", "text", "code", "at", "job", "seal"))
    size = {"size": listed.size, "obstacle": Reason.UNREADABLE.value}
    return {**_place(Upload(target, Content("", listed.size), 0)), **_shown(listed), **size, **nothing}


def _shown(listed: Listed) -> Fields:
    return {"etag": listed.etag, "modified": listed.modified, "storage": listed.storage}


def _place(upload: Upload) -> Fields:
    target = upload.target
    return {
        "bucket": target.bucket,
        "key": target.key,
        "region": target.region,
        "upload": upload.id,
        "crc64": upload.content.crc64,
    }
