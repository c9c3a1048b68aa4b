"""Copies: where they come from, and what of the source they keep.

https://cloud.tencent.com/document/product/436/10881
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote

from faketencent.cos.acl import mixes
from faketencent.cos.appending import check_copyable
from faketencent.cos.checksums import etag
from faketencent.cos.conditions import COPY_SOURCE, Verdict, judge
from faketencent.cos.encryption import COPY_SOURCE_CUSTOMER, check_customer_key, hides_content
from faketencent.cos.exceptions import invalid_argument, precondition_failed
from faketencent.cos.objects import Content, Properties
from faketencent.cos.resources import object_resource
from faketencent.cos.storage import check_copy
from faketencent.cos.store import MixedAcl
from faketencent.cos.symlinks import followed
from faketencent.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faketencent.cos.buckets import Bucket
    from faketencent.cos.objects import StoredObject, Version
    from faketencent.cos.store import Cause, Store
    from faketencent.routes import Call

_SOURCE = re.compile(
    r"(?P<bucket>[a-z0-9-]+)\.cos\.(?P<region>[a-z0-9-]+)\.myqcloud\.com/(?P<key>[^?]+)(?:\?(?P<query>.*))?"
)


@dataclass(frozen=True)
class CopySource:
    """What the header `x-cos-copy-source` names."""

    bucket: str
    region: str
    key: str
    version_id: str | None

    @classmethod
    def parse(cls, header: str) -> CopySource:
        """Read `<bucket>.cos.<region>.myqcloud.com/<URL-encoded key>[?versionId=<id>]`.

        Raises:
            ServiceError: 400 InvalidCopySource.
        """
        found = _SOURCE.fullmatch(header)
        if found is None:
            raise ServiceError(400, "InvalidCopySource", f"not a copy source: {header!r}")
        version = parse_qs(found["query"] or "").get("versionId", [None])[0]
        return cls(found["bucket"], found["region"], unquote(found["key"]), version)


class Directive(Enum):
    """Whether the copy takes something over from its source, or from the request."""

    COPY = "Copy"
    REPLACED = "Replaced"

    @classmethod
    def named(cls, text: str) -> Directive:
        """The directive of that name; the Java SDK sends `REPLACE`.

        Raises:
            ServiceError: 400 InvalidArgument.
        """
        known = {"copy": cls.COPY, "replaced": cls.REPLACED, "replace": cls.REPLACED}
        if text.lower() not in known:
            raise invalid_argument(f"a directive is Copy or Replaced, not {text!r}")
        return known[text.lower()]


def copy(store: Store, target: Bucket, key: str, named: CopySource, cause: Cause) -> StoredObject:
    """Copy an object as the headers of the cause ask for.

    Raises:
        ServiceError: 4xx, for whatever is not allowed.
    """
    if store.mixed_acl is MixedAcl.REFUSED and mixes(cause.headers):
        raise invalid_argument("x-cos-acl and x-cos-grant-* cannot be sent together")
    source = read_source(store, named, cause.headers)
    check_onto_itself(target.newest(key), source, cause.headers)
    return store.store(target, key, copied_content(source), copied_properties(source, cause.headers), cause)


def read_source(store: Store, source: CopySource, headers: Mapping[str, str]) -> StoredObject:
    """The object to copy, if it may be copied now.

    What happens to a symlink is not documented. Here the conditions are about the link, whose ETag is not the one
    that HEAD shows, and what is copied is its target, so that a copy onto itself puts an object in the link's place.

    Raises:
        ServiceError: 404 NoSuchBucket, NoSuchCopySource, NoSuchVersion; 400 and 403 for a customer key that is
            missing or wrong; 412 PreconditionFailed; 400 InvalidRequest; 403 InvalidObjectState.
    """
    store.bucket(source.bucket, source.region)
    try:
        stored = store.get(source.bucket, source.key, source.version_id)
    except ServiceError as error:
        if error.code == "NoSuchKey":
            raise ServiceError(404, "NoSuchCopySource", "The copy source does not exist.") from error
        raise
    check_customer_key(stored.encryption, headers, COPY_SOURCE_CUSTOMER)
    if judge(headers, stored, COPY_SOURCE) is not Verdict.HOLDS:
        raise precondition_failed()
    stored = followed(store, stored)
    check_copyable(stored)
    stored.check_readable(store.clock.now())
    return stored


def check_allowed(call: Call, source: CopySource, appid: str, writes: tuple[str, ...]) -> None:
    """Copying needs the right to read the source and one of the rights `writes` on the target.

    The pages disagree on the target's action (`PutObject` or `PutObjectCopy`), so either will do.

    Raises:
        ServiceError: 403 AccessDenied.
    """
    origin = object_resource(source.region, appid, source.bucket, source.key)
    target = object_resource(call.region, appid, call.bucket, call.key)
    identity = call.identity
    if identity is None or not identity.may("cos:GetObject", origin):
        raise ServiceError(403, "AccessDenied", f"Access Denied: cos:GetObject on {origin}")
    if not any(identity.may(action, target) for action in writes):
        raise ServiceError(403, "AccessDenied", f"Access Denied: {writes[0]} on {target}")


def check_onto_itself(target: Version | None, source: StoredObject, headers: Mapping[str, str]) -> None:
    """An object can only be copied onto itself to replace its metadata.

    That an older version may be copied back as it is, is assumed.

    Raises:
        ServiceError: 400 InvalidRequest; the code is assumed, none is documented.
    """
    if target is source and metadata_directive(headers) is Directive.COPY:
        raise ServiceError(400, "InvalidRequest", "To copy an object onto itself, the directive is Replaced.")


def copied_properties(source: StoredObject, headers: Mapping[str, str]) -> Properties:
    """Metadata and tags as the two directives say; storage class, ACL and encryption from the request alone.

    Raises:
        ServiceError: 400, for whatever is not allowed.
    """
    asked = Properties.from_headers(headers)
    check_copy(source.storage_class, asked.storage_class)
    if metadata_directive(headers) is Directive.COPY:
        asked = replace(asked, headers=source.headers)
    if Directive.named(headers.get("x-cos-tagging-directive", "Copy")) is Directive.COPY:
        asked = replace(asked, tags=source.tags)
    return asked


def metadata_directive(headers: Mapping[str, str]) -> Directive:
    """The directive for the metadata; `Copy` if none is sent."""
    return Directive.named(headers.get("x-cos-metadata-directive", "Copy"))


def copied_content(source: StoredObject) -> Content:
    """The content with its checksums; that the `-N` of a multipart ETag survives a copy is assumed."""
    known = etag(source.body) if hides_content(source.encryption) else source.etag
    return Content(source.body, known, source.crc64)
