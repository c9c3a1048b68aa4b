"""Symlinks: small objects that name another one of their bucket.

https://cloud.tencent.com/document/product/436/109082. A link has a name, an ETag, a size, a date and an ACL of its
own, and listings show them; GET and HEAD answer with its target.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from faketencent.cos.exceptions import no_such_key
from faketencent.cos.objects import Content, ObjectType, Properties
from faketencent.cos.resources import object_resource
from faketencent.cos.storage import StorageClass
from faketencent.errors import ServiceError

if TYPE_CHECKING:
    from faketencent.cos.buckets import Bucket
    from faketencent.cos.objects import StoredObject
    from faketencent.cos.store import Cause, Store
    from faketencent.routes import Call


def link(store: Store, bucket: Bucket, key: str, target: str, cause: Cause) -> StoredObject:
    """Make a link; whether its target exists only shows on reading.

    It consists of its target's key, so its ETag is the MD5 of that; it is always in STANDARD. The event is assumed:
    no page names one.
    """
    sent = Properties.from_headers(cause.headers)
    properties = replace(sent, storage_class=StorageClass.STANDARD, kind=ObjectType.SYMLINK)
    content = Content.of(target.encode("utf-8", "surrogatepass"))
    return store.store(bucket, key, content, properties, cause)


def target_key(link: StoredObject) -> str:
    """The key that a link names."""
    return link.body.decode("utf-8", "surrogatepass")


def followed(store: Store, stored: StoredObject) -> StoredObject:
    """The target of a link; any other object itself.

    That a link without a target is answered like an object that is not there, and that links are not followed twice,
    is assumed.

    Raises:
        ServiceError: 404 NoSuchKey.
    """
    if stored.kind is not ObjectType.SYMLINK:
        return stored
    target = store.get(stored.bucket, target_key(stored))
    if target.kind is ObjectType.SYMLINK:
        raise no_such_key()
    return target


def check_target(call: Call, target: StoredObject, appid: str) -> None:
    """Reading through a link needs the right to read its target as well.

    Raises:
        ServiceError: 403 AccessDenied.
    """
    resource = object_resource(call.region, appid, target.bucket, target.key)
    action = call.route.action or ""
    if call.identity is not None and not call.identity.may(action, resource):
        raise ServiceError(403, "AccessDenied", f"Access Denied: {action} on {resource}")
