"""Appendable objects, which grow at their end: https://cloud.tencent.com/document/product/436/7741."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from faketencent.cos.buckets import Versioning
from faketencent.cos.objects import Content, ObjectType, Properties, StoredObject
from faketencent.cos.storage import StorageClass
from faketencent.errors import ServiceError

if TYPE_CHECKING:
    from faketencent.cos.buckets import Bucket
    from faketencent.cos.store import Cause, Store


def append(
    store: Store, bucket: Bucket, key: str, data: bytes, cause: Cause, position: int | None = None
) -> StoredObject:
    """Let an appendable object grow, or begin one; at its end, unless a position is given.

    What the first request said of the object stays; that later ones change nothing of it is documented for the class
    and assumed for the rest. How the ETag of a grown object is made is not documented: here it is the MD5 of all.

    Raises:
        ServiceError: 409 InvalidBucketState, ObjectNotAppendable, AppendPositionErr; 400 NotSupportedStorageClass.
    """
    _check_bucket(bucket)
    sent = Properties.from_headers(cause.headers)
    _check_class(sent.storage_class)
    found = bucket.newest(key)
    current = found if isinstance(found, StoredObject) else None
    before = current.body if current else b""
    if current and current.kind is not ObjectType.APPENDABLE:
        raise ServiceError(
            409, "ObjectNotAppendable", "The operation is not valid for the current state of the object."
        )
    if position not in (None, len(before)):
        # Older lists of codes have it under 400; the page says 409.
        raise ServiceError(409, "AppendPositionErr", f"The object has {len(before)} bytes, not {position}")
    properties = Properties(**{f.name: getattr(current or sent, f.name) for f in fields(Properties)})
    appendable = replace(properties, kind=ObjectType.APPENDABLE)
    return store.store(bucket, key, Content.of(before + data), appendable, cause)


def _check_bucket(bucket: Bucket) -> None:
    # "Take no part in versioning", the page says. That this is a refusal, and its code, is assumed.
    if bucket.versioning is not Versioning.NEVER:
        raise ServiceError(409, "InvalidBucketState", "Appending needs a bucket that was never versioned")


def _check_class(storage_class: StorageClass) -> None:
    # Neither tiers nor archives (436/30933) nor several zones; the code is assumed.
    if storage_class not in (StorageClass.STANDARD, StorageClass.STANDARD_IA):
        raise ServiceError(400, "NotSupportedStorageClass", f"cannot append to {storage_class.value}")


def check_copyable(source: StoredObject) -> None:
    """An appendable object cannot be copied, and so neither can its metadata be replaced.

    Raises:
        ServiceError: 400 InvalidRequest; the code is assumed, none is documented.
    """
    if source.kind is ObjectType.APPENDABLE:
        raise ServiceError(400, "InvalidRequest", "An appendable object cannot be copied")
