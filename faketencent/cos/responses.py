"""Operations on objects: from a call to a reply. Every method names its page of the documentation."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from faketencent.cos.calls import cause, named_bucket, named_object, named_version
from faketencent.cos.conditions import Verdict, judge
from faketencent.cos.copying import CopySource, check_allowed, copy
from faketencent.cos.documents import document, element, parse
from faketencent.cos.encryption import check_customer_key, encryption_headers
from faketencent.cos.exceptions import malformed_xml, precondition_failed
from faketencent.cos.headers import names_version, object_headers, overridden, written_headers
from faketencent.cos.objects import Content, DeleteMarker, Properties
from faketencent.cos.ranges import byte_range
from faketencent.cos.storage import Tier
from faketencent.cos.symlinks import check_target, followed
from faketencent.cos.times import iso_date
from faketencent.errors import ServiceError
from faketencent.wire import Reply, xml_reply

if TYPE_CHECKING:
    from faketencent.cos.headers import Headers
    from faketencent.cos.models import CosBackend
    from faketencent.cos.objects import StoredObject
    from faketencent.routes import Call


class CosResponses:
    """The operations on one object."""

    def __init__(self, backend: CosBackend) -> None:
        self.backend = backend

    def head_object(self, call: Call) -> Reply:
        """https://cloud.tencent.com/document/product/436/7745."""
        stored, verdict = self._conditionally(call)
        if verdict is Verdict.NOT_MODIFIED:
            # Unlike GET, and as the sample on the page has it, it looks like an error.
            raise ServiceError(304, "NotModified", "Not Modified")
        described = self._described(call, stored)
        return Reply(200, [*described, ("Content-Length", str(stored.size))])

    def get_object(self, call: Call) -> Reply:
        """https://cloud.tencent.com/document/product/436/7753."""
        stored, verdict = self._conditionally(call)
        headers = self._described(call, stored)
        if verdict is Verdict.NOT_MODIFIED:
            return Reply(304, headers)
        stored.check_readable(self.backend.clock.now())
        headers.append(("Accept-Ranges", "bytes"))
        wanted = byte_range(call.request.headers.get("Range"), stored.size)
        if wanted is None:
            return Reply(200, headers, stored.body)
        first, last = wanted
        headers.append(("Content-Range", f"bytes {first}-{last}/{stored.size}"))
        return Reply(206, headers, stored.body[first : last + 1])

    def put_object(self, call: Call) -> Reply:
        """https://cloud.tencent.com/document/product/436/7749."""
        bucket = named_bucket(self.backend, call)
        check_digest(call)
        content = Content.of(call.request.body)
        properties = Properties.from_headers(call.request.headers)
        stored = self.backend.store(bucket, call.key, content, properties, cause(call, "Put"))
        return Reply(200, written_headers(stored))

    def copy_object(self, call: Call) -> Reply:
        """https://cloud.tencent.com/document/product/436/10881."""
        bucket = named_bucket(self.backend, call)
        named = CopySource.parse(call.request.headers["x-cos-copy-source"])
        check_allowed(call, named, self.backend.appid, self.backend.copy_actions)
        stored = copy(self.backend, bucket, call.key, named, cause(call, "Copy"))
        version = [("x-cos-copy-source-version-id", named.version_id)] if named.version_id else []
        return xml_reply(200, _copy_result(stored), *version, *encryption_headers(stored.encryption))

    def delete_object(self, call: Call) -> Reply:
        """https://cloud.tencent.com/document/product/436/7743."""
        bucket = named_bucket(self.backend, call)
        version = self.backend.remove(bucket, call.key, named_version(call), cause(call, "Delete"))
        headers: Headers = []
        if isinstance(version, DeleteMarker):
            headers.append(("x-cos-delete-marker", "true"))
        if version is not None and version.version_id:
            headers.append(("x-cos-version-id", version.version_id))
        return Reply(204, headers)

    def restore_object(self, call: Call) -> Reply:
        """https://cloud.tencent.com/document/product/436/12633."""
        request = parse(call.request.body, "RestoreRequest")
        stored = named_object(self.backend, call)
        # Without a temporary copy nobody needs to say how long it is kept.
        needless = "0" if stored.storage_class.tiered else ""
        try:
            days = int(request.findtext("Days") or needless)
            tier = Tier(request.findtext("CASJobParameters/Tier"))
        except ValueError as error:
            raise malformed_xml("Days and CASJobParameters/Tier are needed") from error
        self.backend.restore(stored, tier, days, cause(call, "Post"))
        return Reply(202)

    def _conditionally(self, call: Call) -> tuple[StoredObject, Verdict]:
        named = named_object(self.backend, call)
        stored = followed(self.backend, named)
        if stored is not named:
            check_target(call, stored, self.backend.appid)
        check_customer_key(stored.encryption, call.request.headers)
        verdict = judge(call.request.headers, stored)
        if verdict is Verdict.FAILED:
            raise precondition_failed()
        return stored, verdict

    def _described(self, call: Call, stored: StoredObject) -> Headers:
        bucket = named_bucket(self.backend, call)
        kind = named_object(self.backend, call).kind
        headers = object_headers(replace(stored, kind=kind), self.backend.clock.now())
        if call.request.method == "GET":
            headers = overridden(headers, call.request.params)
        return bucket.forced_download.apply(call.request.method, headers)


def check_digest(call: Call) -> None:
    """A `Content-MD5` must be that of the body.

    Raises:
        ServiceError: 400 BadDigest.
    """
    sent = call.request.headers.get("Content-MD5")
    digest = hashlib.md5(call.request.body, usedforsecurity=False).digest()
    if sent is not None and sent != base64.b64encode(digest).decode():
        raise ServiceError(400, "BadDigest", "The Content-MD5 you specified did not match what we received.")


def _copy_result(stored: StoredObject) -> str:
    version = [element("VersionId", stored.version_id)] if names_version(stored) else []
    return document(
        element(
            "CopyObjectResult",
            element("ETag", stored.etag),
            element("CRC64", stored.crc64),
            element("LastModified", iso_date(stored.last_modified)),
            *version,
        )
    )
