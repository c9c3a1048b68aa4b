"""What lies in the buckets of one account, and what every change of it leads to; without HTTP.

Every write tells the `listeners` what happened, not at once but through the clock, like the real service's event
delivery.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING

from faketencent.cos.acl import PRIVATE, Acl
from faketencent.cos.buckets import Bucket, Versioning
from faketencent.cos.checksums import salted_etag
from faketencent.cos.encryption import hides_content
from faketencent.cos.exceptions import key_deleted, no_such_bucket, no_such_key, no_such_version
from faketencent.cos.listing import walk
from faketencent.cos.multipart import Uploads
from faketencent.cos.objects import Content, DeleteMarker, Lock, ObjectEvent, Properties, StoredObject, Version
from faketencent.cos.replication import follow_up
from faketencent.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from faketencent.clock import Clock
    from faketencent.cos.storage import Restoration

KEY_LIMIT = 850


@dataclass(frozen=True)
class Cause:
    """What made something happen: the event's last word (`Put`, `Copy`, ...) and the request behind it."""

    event: str
    headers: Mapping[str, str] = field(default_factory=dict)
    source_ip: str = "127.0.0.1"


class LockRefusal(Enum):
    """How a write onto an object under retention is refused; the first is the documented one."""

    OBJECT_LOCKED = (409, "ObjectLocked")
    ACCESS_DENIED = (403, "AccessDenied")


class TakenName(Enum):
    """How a bucket is refused that the account has already: two codes are documented for it."""

    OWNED = "BucketAlreadyOwnedByYou"
    EXISTS = "BucketAlreadyExists"


class MixedAcl(Enum):
    """What becomes of a copy with both a canned ACL and grants of its own: no page says it."""

    COMBINED = "both apply"
    REFUSED = "400 InvalidArgument"


@dataclass
class Store:
    """All buckets of one account.

    Where the pages disagree or say nothing, a test can choose: `copy_actions` are the rights of which a copy needs
    one on its target, `lock_refusal` is the error of a write onto a locked object, `mixed_acl` is whether a copy may
    have a canned ACL and grants, `taken_name` is the code for a bucket that is there.
    """

    clock: Clock
    appid: str
    owner_uin: str
    copy_actions: tuple[str, ...] = ("cos:PutObject", "cos:PutObjectCopy")
    lock_refusal: LockRefusal = LockRefusal.OBJECT_LOCKED
    mixed_acl: MixedAcl = MixedAcl.COMBINED
    taken_name: TakenName = TakenName.OWNED
    listeners: list[Callable[[ObjectEvent], None]] = field(default_factory=list)
    told_of: Callable[[str], Sequence[tuple[str, str]]] = lambda _: ()
    uploads: Uploads = field(default_factory=Uploads)
    _buckets: dict[str, Bucket] = field(default_factory=dict)
    _serial: Iterator[int] = field(default_factory=itertools.count)

    def create_bucket(self, name: str, region: str, *, versioning: bool = False, acl: Acl = PRIVATE) -> Bucket:
        """Create a bucket; `name` includes the APPID, as in `videos-1250000000`.

        Raises:
            ServiceError: 409 BucketAlreadyOwnedByYou, BucketAlreadyExists.
        """
        if name in self._buckets:
            raise ServiceError(409, self.taken_name.value, f"The bucket {name} already exists.")
        state = Versioning.ENABLED if versioning else Versioning.NEVER
        self._buckets[name] = Bucket(name, region, state, acl, created_at=self.clock.now())
        return self._buckets[name]

    def delete_bucket(self, name: str) -> None:
        """Delete a bucket in which nothing is left: no version of an object, no part of an upload.

        Raises:
            ServiceError: 404 NoSuchBucket, 409 BucketNotEmpty.
        """
        if self.bucket(name).known or self.uploads.of_bucket(name):
            raise ServiceError(409, "BucketNotEmpty", "The bucket you tried to delete is not empty.")
        del self._buckets[name]

    def all_buckets(self) -> list[Bucket]:
        """All buckets, by name."""
        return sorted(self._buckets.values(), key=lambda bucket: bucket.name)

    def next_serial(self) -> int:
        """A number that no other write has."""
        return next(self._serial)

    def bucket(self, name: str, region: str | None = None) -> Bucket:
        """The bucket of that name, in that region if one is given.

        Raises:
            ServiceError: 404 NoSuchBucket.
        """
        found = self._buckets.get(name)
        if found is None or region not in (None, found.region):
            raise no_such_bucket()
        return found

    def keys(self, bucket: str, prefix: str = "") -> list[str]:
        """The keys of the objects in a bucket, sorted."""
        return [key for key in walk(self.bucket(bucket).live, prefix) if isinstance(key, str)]

    def get(self, bucket: str, key: str, version_id: str | None = None) -> StoredObject:
        """One version of an object, the newest if none is named.

        Raises:
            ServiceError: 404 NoSuchBucket, NoSuchKey, NoSuchVersion.
        """
        found = self.bucket(bucket).find(key, version_id)
        if isinstance(found, StoredObject):
            return found
        if found is not None:
            raise key_deleted()
        raise no_such_version() if version_id else no_such_key()

    def store(self, bucket: Bucket, key: str, content: Content, properties: Properties, cause: Cause) -> StoredObject:
        """Write an object: the one way in for uploads of every kind and for copies.

        Raises:
            ServiceError: 400 KeyTooLong, 409 ObjectLocked, 409 FileAlreadyExists.
        """
        if len(key.encode("utf-8", "surrogatepass")) > KEY_LIMIT:
            raise ServiceError(400, "KeyTooLong", f"Your key is longer than {KEY_LIMIT} bytes")
        self._check_overwrite(bucket, key, cause)
        now, serial = self.clock.now(), self.next_serial()
        hidden = hides_content(properties.encryption)
        stored = StoredObject(
            bucket=bucket.name,
            key=key,
            version_id=bucket.next_version_id(now, serial),
            body=content.body,
            etag=salted_etag(content.etag, str(serial)) if hidden else content.etag,
            crc64=content.crc64,
            last_modified=float(int(now)),
            **vars(properties),
        )
        self.keep(stored, cause)
        return stored

    def keep(self, stored: StoredObject, cause: Cause) -> None:
        """Put a finished version into its bucket, with all that follows from it."""
        bucket = self.bucket(stored.bucket)
        bucket.add(stored)
        self.notify(f"cos:ObjectCreated:{cause.event}", stored, cause)
        follow_up(self, bucket, stored, cause)

    def remove(self, bucket: Bucket, key: str, version_id: str | None, cause: Cause) -> Version | None:
        """Remove a version for good, or, where versions are kept and none is named, set a delete marker.

        Returns what was removed or set; `None` if there was nothing to remove.

        Raises:
            ServiceError: 409 ObjectLocked.
        """
        found = bucket.find(key, version_id)
        self._check_unlocked(found)
        if version_id is None and bucket.versioning is not Versioning.NEVER:
            return self._hide(bucket, key, found, cause)
        if found is not None:
            bucket.remove(found)
        if isinstance(found, StoredObject):
            self.notify("cos:ObjectRemove:Delete", found, cause)
        return found

    def change(
        self,
        stored: StoredObject,
        *,
        acl: Acl | None = None,
        tags: Mapping[str, str] | None = None,
        lock: Lock | None = None,
        restoration: Restoration | None = None,
    ) -> StoredObject:
        """Change what can be changed without a new write of the object: no event, no new version or date."""
        changed = replace(
            stored,
            acl=stored.acl if acl is None else acl,
            tags=stored.tags if tags is None else tags,
            lock=lock or stored.lock,
            restoration=restoration or stored.restoration,
        )
        self.bucket(stored.bucket).swap(stored, changed)
        return changed

    def notify(self, name: str, stored: StoredObject, cause: Cause) -> None:
        """Have the listeners told, as soon as the clock is next run."""
        event = ObjectEvent(
            name=name,
            object=stored,
            region=self.bucket(stored.bucket).region,
            at=self.clock.now(),
            request_headers=cause.headers,
            source_ip=cause.source_ip,
        )
        self.clock.call_later(0, lambda: self._tell(event))

    def _tell(self, event: ObjectEvent) -> None:
        for listener in list(self.listeners):
            listener(event)

    def _check_overwrite(self, bucket: Bucket, key: str, cause: Cause) -> None:
        current = bucket.newest(key)
        self._check_unlocked(current)
        # Without effect once a bucket was versioned: https://cloud.tencent.com/document/product/436/7749.
        forbidden = cause.headers.get("x-cos-forbid-overwrite", "").lower() == "true"
        if forbidden and bucket.versioning is Versioning.NEVER and current is not None:
            raise ServiceError(409, "FileAlreadyExists", "The object already exists.")

    def _check_unlocked(self, version: Version | None) -> None:
        if isinstance(version, StoredObject) and version.lock is Lock.LOCKED:
            raise ServiceError(*self.lock_refusal.value, "The object is under retention")

    def _hide(self, bucket: Bucket, key: str, found: Version | None, cause: Cause) -> DeleteMarker:
        now = self.clock.now()
        marker = DeleteMarker(key, bucket.next_version_id(now, self.next_serial()), float(int(now)))
        bucket.add(marker)
        if isinstance(found, StoredObject):
            hidden = replace(found, version_id=marker.version_id)
            self.notify("cos:ObjectRemove:DeleteMarkerCreated", hidden, cause)
        return marker
