"""COS as a test sees it: its state, and what users, consoles, other programs and lifecycle rules do to it.

backend = cloud.cos.backend
backend.create_bucket("videos-1250000000", "ap-beijing")
backend.put("videos-1250000000", "a.mp4", b"...", {"content-type": "video/mp4"})
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from requests.structures import CaseInsensitiveDict

from faketencent.cos import appending, copying, lifecycle, replication, symlinks
from faketencent.cos.objects import Content, Lock, ObjectEvent, ObjectType, Properties, StoredObject
from faketencent.cos.storage import Restoration, StorageClass
from faketencent.cos.store import Cause, LockRefusal, MixedAcl, Store
from faketencent.cos.tiers import AccessTier, way_back
from faketencent.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faketencent.cos.acl import Acl
    from faketencent.cos.storage import Tier

__all__ = ["Cause", "CosBackend", "LockRefusal", "MixedAcl", "ObjectEvent", "StoredObject"]


@dataclass
class CosBackend(Store):
    """All buckets of one account. What a request could do too raises what that request would be refused with."""

    def put(
        self,
        bucket: str,
        key: str,
        body: bytes,
        headers: Mapping[str, str] | None = None,
        *,
        lock: Lock = Lock.UNLOCKED,
        event: str = "Put",
    ) -> StoredObject:
        """Write an object as an upload with these headers would, its event included.

        Storage class, ACL, tags and encryption are set by their headers (`x-cos-storage-class`, `x-cos-acl`,
        `x-cos-tagging`, ...). `event` is the last word of its name: `Put`, `Post`, `Origin`, `Replication`.
        """
        sent = _headers(headers)
        properties = Properties.from_headers(sent)
        stored = self.store(self.bucket(bucket), key, Content.of(body), properties, Cause(event, sent))
        return self.change(stored, lock=lock)

    def append(
        self, bucket: str, key: str, data: bytes, headers: Mapping[str, str] | None = None, position: int | None = None
    ) -> StoredObject:
        """Let an appendable object grow, or begin one; at its end, unless a position is given."""
        return appending.append(self, self.bucket(bucket), key, data, Cause("Append", _headers(headers)), position)

    def symlink(self, bucket: str, key: str, target: str, headers: Mapping[str, str] | None = None) -> StoredObject:
        """Make a link to another key of the bucket."""
        return symlinks.link(self, self.bucket(bucket), key, target, Cause("Put", _headers(headers)))

    def delete(self, bucket: str, key: str) -> None:
        """Delete an object, as DELETE without a version id does."""
        self.remove(self.bucket(bucket), key, None, Cause("Delete"))

    def copy(
        self, bucket: str, key: str, to: str, headers: Mapping[str, str] | None = None, *, into: str | None = None
    ) -> StoredObject:
        """Copy an object to another key, or `into` another bucket; the headers are those of PUT Object - Copy."""
        source = copying.CopySource(bucket, self.bucket(bucket).region, key, None)
        sent = _headers(headers)
        return copying.copy(self, self.bucket(into or bucket), to, source, Cause("Copy", sent))

    def rename(self, bucket: str, key: str, to: str) -> StoredObject:
        """Rename an object as consoles do it: a copy that keeps the storage class, then a deletion."""
        renamed = self.copy(bucket, key, to, {"x-cos-storage-class": self.get(bucket, key).storage_class.value})
        self.delete(bucket, key)
        return renamed

    def edit(self, bucket: str, key: str, headers: Mapping[str, str]) -> StoredObject:
        """Change some of the metadata as consoles do it: a copy onto itself, everything else sent along."""
        stored = self.get(bucket, key)
        kept = {"x-cos-storage-class": stored.storage_class.value, "x-cos-metadata-directive": "Replaced"}
        return self.copy(bucket, key, key, {**kept, **stored.headers, **headers})

    def lock(self, bucket: str, key: str, state: Lock = Lock.LOCKED) -> StoredObject:
        """Put an object under retention, or end that."""
        return self.change(self.get(bucket, key), lock=state)

    def archive(self, bucket: str, key: str, storage_class: StorageClass = StorageClass.ARCHIVE) -> StoredObject:
        """Move an object to another storage class as a lifecycle rule does: no event, no new date or version.

        https://cloud.tencent.com/document/product/436/17028. Appendable objects take no part in lifecycles.

        Raises:
            ValueError: the object is appendable.
        """
        stored = self.get(bucket, key)
        if stored.kind is ObjectType.APPENDABLE:
            raise ValueError(f"{key} is appendable: no lifecycle rule moves it")
        return self._moved(stored, replace(stored, storage_class=storage_class, restoration=None))

    def set_tier(self, bucket: str, key: str, tier: AccessTier) -> StoredObject:
        """Let an object of INTELLIGENT_TIERING get into another tier, as time without access does: no event.

        Raises:
            ValueError: the object's class has no tiers.
        """
        stored = self.get(bucket, key)
        if not stored.storage_class.tiered:
            raise ValueError(f"{key} is in {stored.storage_class.value}, which has no tiers")
        return self._moved(stored, replace(stored, tier=tier, restoration=None))

    def restore(self, stored: StoredObject, tier: Tier, days: int, cause: Cause) -> StoredObject:
        """Begin to restore an archived object; `days` count for the archive classes only.

        Raises:
            ServiceError: 400 InvalidArgument, 405 RestoreNonArchiveObject, 409 RestoreAlreadyInProgress.
        """
        now = self.clock.now()
        if not stored.archived(now):
            raise ServiceError(405, "RestoreNonArchiveObject", "The object is not archived")
        if stored.restoration and now < stored.restoration.ready_at:
            raise ServiceError(409, "RestoreAlreadyInProgress", "The object is being restored")
        lies_in = stored.access_tier(now)
        asked = way_back(lies_in, tier, now) if lies_in else Restoration.of(stored.storage_class, tier, days, now)
        restored = self.change(stored, restoration=asked)
        self.notify("cos:ObjectRestore:Post", restored, cause)
        wait = asked.ready_at - now
        self.clock.call_later(wait, lambda: self.notify("cos:ObjectRestore:Completed", restored, cause))
        return restored

    def replicate(self, source: str, target: str, prefix: str = "", *, delay: float = 60.0) -> None:
        """Replicate what is written from now on; both ways are two rules."""
        replication.add_rule(self, source, replication.Rule(target, prefix, delay))

    def ask_for_bucket(self, name: str, region: str, acl: Acl) -> None:
        """Create a bucket on request: its name must be the account's, which is assumed to be refused as done here.

        Raises:
            ServiceError: 400 InvalidBucketName, 403 AccessDenied, 409 as `create_bucket`.
        """
        plain, _, appid = name.rpartition("-")
        if not (plain and appid.isdecimal()):
            raise ServiceError(400, "InvalidBucketName", "The specified bucket is not valid.")
        if appid != self.appid:
            raise ServiceError(403, "AccessDenied", "Access Denied.")
        self.create_bucket(name, region, acl=acl)

    def apply_lifecycle(self) -> list[str]:
        """Have the lifecycle rules of all buckets carried out as of now; the keys that expired."""
        return [key for bucket in self.all_buckets() for key in lifecycle.expire(self, bucket)]

    def _moved(self, stored: StoredObject, moved: StoredObject) -> StoredObject:
        self.bucket(stored.bucket).swap(stored, moved)
        return moved


def _headers(headers: Mapping[str, str] | None) -> CaseInsensitiveDict[str]:
    return CaseInsensitiveDict(headers or {})
