"""What lies in a bucket: objects, one `StoredObject` per version, and delete markers."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from faketencent.cos.acl import INHERITED, Acl, acl_from_headers
from faketencent.cos.checksums import crc64, etag
from faketencent.cos.encryption import encryption_from_headers
from faketencent.cos.metadata import kept_headers
from faketencent.cos.storage import Restoration, RestoreState, StorageClass
from faketencent.cos.tagging import tags_from_header
from faketencent.cos.tiers import AccessTier
from faketencent.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The version id of what was written while versioning was off, or is suspended.
NULL_VERSION = "null"


class Lock(Enum):
    """Whether an object is under a retention period: https://www.tencentcloud.com/document/product/436/58301."""

    UNLOCKED = "unlocked"
    LOCKED = "locked"


class ObjectType(Enum):
    """What HEAD calls `x-cos-object-type`; that it says nothing of normal objects follows from its samples."""

    NORMAL = "normal"
    APPENDABLE = "appendable"
    SYMLINK = "symlink"


@dataclass(frozen=True)
class Content:
    """The bytes of an object, and the checksums they are known by."""

    body: bytes
    etag: str
    crc64: str

    @classmethod
    def of(cls, body: bytes) -> Content:
        """Content that came in one piece."""
        return cls(body, etag(body), crc64(body))


@dataclass(frozen=True)
class Properties:
    """All that a write says about an object beside its content."""

    headers: Mapping[str, str] = field(default_factory=dict)
    storage_class: StorageClass = StorageClass.STANDARD
    acl: Acl = INHERITED
    encryption: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    kind: ObjectType = ObjectType.NORMAL

    @classmethod
    def from_headers(cls, headers: Mapping[str, str]) -> Properties:
        """What the headers of an upload ask for.

        Raises:
            ServiceError: 400, for whatever is not allowed.
        """
        return cls(
            headers=kept_headers(headers),
            storage_class=StorageClass.named(headers.get("x-cos-storage-class", "STANDARD")),
            acl=acl_from_headers(headers),
            encryption=encryption_from_headers(headers),
            tags=tags_from_header(headers.get("x-cos-tagging", "")),
        )


@dataclass(frozen=True)
class StoredObject:
    """One version of one object.

    `version_id` is empty in a bucket that was never versioned; `etag` has its double quotes; `last_modified`
    is in whole seconds since 1970; names in `headers` and `encryption` are in lower case.
    """

    bucket: str
    key: str
    version_id: str
    body: bytes
    etag: str
    crc64: str
    last_modified: float
    headers: Mapping[str, str]
    storage_class: StorageClass
    acl: Acl
    encryption: Mapping[str, str]
    tags: Mapping[str, str]
    kind: ObjectType = ObjectType.NORMAL
    lock: Lock = Lock.UNLOCKED
    restoration: Restoration | None = None
    tier: AccessTier = AccessTier.FREQUENT

    @property
    def size(self) -> int:
        """Bytes of content."""
        return len(self.body)

    def access_tier(self, now: float) -> AccessTier | None:
        """The tier it lies in, if its class has any: once restored, it is back in the first one for good."""
        if not self.storage_class.tiered:
            return None
        back = self.restoration is not None and now >= self.restoration.ready_at
        return AccessTier.FREQUENT if back else self.tier

    def archived(self, now: float) -> bool:
        """Whether it lies in an archive, by its class or by its tier; a temporary copy changes nothing of that."""
        tier = self.access_tier(now)
        return self.storage_class.archived or (tier is not None and tier.archived)

    def check_readable(self, now: float) -> None:
        """An archived object is readable only while it is restored.

        Raises:
            ServiceError: 403 InvalidObjectState.
        """
        restored = self.restoration is not None and self.restoration.state(now) is RestoreState.DONE
        if self.archived(now) and not restored:
            raise ServiceError(403, "InvalidObjectState", "The operation is not valid for the object's storage class")


@dataclass(frozen=True)
class DeleteMarker:
    """Says that an object is deleted, while its older versions are still there."""

    key: str
    version_id: str
    last_modified: float


Version = StoredObject | DeleteMarker


@dataclass(frozen=True)
class ObjectEvent:
    """Something happened to an object: https://cloud.tencent.com/document/product/583/9707.

    `name` is the concrete event, such as `cos:ObjectCreated:Put`; `object` is the object afterwards, or, where
    it was removed, the object that is gone.
    """

    name: str
    object: StoredObject
    region: str
    at: float
    request_headers: Mapping[str, str]
    source_ip: str
