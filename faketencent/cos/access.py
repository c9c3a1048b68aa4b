"""What anyone may read without a signature."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faketencent.cos.objects import ObjectType, StoredObject
from faketencent.cos.symlinks import target_key
from faketencent.errors import ServiceError

if TYPE_CHECKING:
    from faketencent.cos.buckets import Bucket
    from faketencent.cos.objects import Version
    from faketencent.cos.store import Store


def readable_by_all(store: Store, bucket: str, key: str, version_id: str | None) -> bool:
    """Whether a request without a signature may read the object, and through a link its target too."""
    try:
        place = store.bucket(bucket)
    except ServiceError:
        return False
    found = place.find(key, version_id)
    if isinstance(found, StoredObject) and found.kind is ObjectType.SYMLINK:
        return _public(place, found) and _public(place, place.newest(target_key(found)))
    return _public(place, found)


def _public(place: Bucket, version: Version | None) -> bool:
    own = version.acl if isinstance(version, StoredObject) else place.acl
    return (place.acl if own.inherited else own).public
