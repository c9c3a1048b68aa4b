"""What replies say about an object in their headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faketencent.cos.encryption import encryption_headers
from faketencent.cos.metadata import CONTENT_HEADERS, DEFAULT_TYPE
from faketencent.cos.objects import NULL_VERSION, ObjectType
from faketencent.cos.storage import StorageClass
from faketencent.cos.times import http_date

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faketencent.cos.objects import StoredObject

Headers = list[tuple[str, str]]


def object_headers(stored: StoredObject, now: float) -> Headers:
    """All that HEAD and GET say: https://cloud.tencent.com/document/product/436/7745."""
    headers: Headers = [
        *_kept(stored),
        ("ETag", stored.etag),
        ("Last-Modified", http_date(stored.last_modified)),
        ("x-cos-hash-crc64ecma", stored.crc64),
        *encryption_headers(stored.encryption),
    ]
    if stored.version_id:
        headers.append(("x-cos-version-id", stored.version_id))
    if stored.storage_class is not StorageClass.STANDARD:
        headers.append(("x-cos-storage-class", stored.storage_class.value))
    if tier := stored.access_tier(now):
        headers.append(("x-cos-storage-tier", tier.value))
    if stored.restoration:
        headers += stored.restoration.headers(now)
    headers += type_headers(stored)
    if stored.tags:
        # Not on the page; Tencent's own demo functions take care to leave it out when they copy headers:
        # https://github.com/tencentyun/serverless-demo, Nodejs12.16-COSHashCalculate.
        headers.append(("x-cos-tagging-count", str(len(stored.tags))))
    return headers


def type_headers(stored: StoredObject) -> Headers:
    """What sort of object it is, unless it is a normal one: https://cloud.tencent.com/document/product/436/7741."""
    if stored.kind is ObjectType.NORMAL:
        return []
    told: Headers = [("x-cos-object-type", stored.kind.value)]
    if stored.kind is ObjectType.APPENDABLE:
        # Not on the page; Tencent's own C SDK reads it from HEAD: cos-c-sdk-v5, test_cos_object.c.
        told.append(("x-cos-next-append-position", str(stored.size)))
    return told


def overridden(headers: Headers, params: Mapping[str, str]) -> Headers:
    """The headers as the parameters `response-content-type` and so on want them."""
    asked = {name.title(): params[f"response-{name}"] for name in CONTENT_HEADERS if f"response-{name}" in params}
    return [(name, value) for name, value in headers if name not in asked] + list(asked.items())


def written_headers(stored: StoredObject) -> Headers:
    """What the reply to a write says about the object it made."""
    version = [("x-cos-version-id", stored.version_id)] if names_version(stored) else []
    checksums = [("ETag", stored.etag), ("x-cos-hash-crc64ecma", stored.crc64)]
    return [*checksums, *version, *encryption_headers(stored.encryption)]


def names_version(stored: StoredObject) -> bool:
    """Whether a reply to a write names the version: not while versioning is suspended."""
    return stored.version_id not in ("", NULL_VERSION)


def _kept(stored: StoredObject) -> Headers:
    kept = {"content-type": DEFAULT_TYPE, **stored.headers}
    return [(name.title() if name in CONTENT_HEADERS else name, value) for name, value in kept.items()]
