"""Operations on multipart uploads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faketencent.cos.acl import user_id
from faketencent.cos.calls import cause, named_bucket
from faketencent.cos.checksums import crc64
from faketencent.cos.copying import CopySource, check_allowed, read_source
from faketencent.cos.documents import document, element, parse
from faketencent.cos.encryption import encryption_headers
from faketencent.cos.exceptions import invalid_argument, malformed_xml
from faketencent.cos.headers import written_headers
from faketencent.cos.listing import Page
from faketencent.cos.objects import Properties
from faketencent.cos.ranges import byte_range
from faketencent.cos.responses import check_digest
from faketencent.cos.times import iso_date, listed_date
from faketencent.wire import Reply, xml_reply

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from faketencent.cos.documents import Xml
    from faketencent.cos.models import CosBackend
    from faketencent.cos.multipart import Part, Upload
    from faketencent.routes import Call

MOST_PARTS_LISTED = 1000
_NAMESPACE = ' xmlns="http://www.qcloud.com/document/product/436/7751"'


class UploadResponses:
    """The operations on one multipart upload, and the list of all of them."""

    def __init__(self, backend: CosBackend) -> None:
        self.backend = backend

    def initiate(self, call: Call) -> Reply:
        """https://cloud.tencent.com/document/product/436/7746."""
        bucket = named_bucket(self.backend, call)
        properties = Properties.from_headers(call.request.headers)
        now = self.backend.clock.now()
        upload = self.backend.uploads.start(bucket.name, call.key, properties, now)
        result = element(
            "InitiateMultipartUploadResult",
            element("Bucket", bucket.name),
            element("Key", call.key),
            element("UploadId", upload.upload_id),
        )
        return xml_reply(200, document(result), *encryption_headers(properties.encryption))

    def upload_part(self, call: Call) -> Reply:
        """https://cloud.tencent.com/document/product/436/7750."""
        upload = self._upload(call)
        check_digest(call)
        part = upload.add(_number(call, "partNumber"), call.request.body, self.backend.clock.now())
        checksums = [("ETag", part.etag), ("x-cos-hash-crc64ecma", crc64(part.body))]
        return Reply(200, [*checksums, *encryption_headers(upload.properties.encryption)])

    def copy_part(self, call: Call) -> Reply:
        """https://cloud.tencent.com/document/product/436/8287."""
        headers = call.request.headers
        upload = self._upload(call)
        named = CopySource.parse(headers["x-cos-copy-source"])
        check_allowed(call, named, self.backend.appid, ("cos:UploadPartCopy", "cos:UploadPart"))
        source = read_source(self.backend, named, headers)
        wanted = byte_range(headers.get("x-cos-copy-source-range"), source.size)
        first, last = wanted or (0, source.size - 1)
        now = self.backend.clock.now()
        part = upload.add(_number(call, "partNumber"), source.body[first : last + 1], now)
        result = element(
            "CopyPartResult",
            element("ETag", part.etag),
            element("LastModified", iso_date(part.last_modified)),
        )
        version = [("x-cos-copy-source-version-id", named.version_id)] if named.version_id else []
        return xml_reply(200, document(result), *version)

    def complete(self, call: Call) -> Reply:
        """https://cloud.tencent.com/document/product/436/7742."""
        bucket, upload = named_bucket(self.backend, call), self._upload(call)
        nodes = parse(call.request.body, "CompleteMultipartUpload").iterfind("Part")
        content = upload.assemble([_listed_part(node) for node in nodes])
        stored = self.backend.store(
            bucket, call.key, content, upload.properties, cause(call, "CompleteMultipartUpload")
        )
        self.backend.uploads.forget(upload)
        result = element(
            "CompleteMultipartUploadResult",
            element("Location", f"http://{call.request.host}/{call.key}"),
            element("Bucket", bucket.name),
            element("Key", call.key),
            element("ETag", stored.etag),
            attributes=_NAMESPACE,
        )
        # The ETag is in the body alone.
        told = [(name, value) for name, value in written_headers(stored) if name != "ETag"]
        return xml_reply(200, document(result), *told)

    def abort(self, call: Call) -> Reply:
        """https://cloud.tencent.com/document/product/436/7740."""
        self.backend.uploads.forget(self._upload(call))
        return Reply(204)

    def list_parts(self, call: Call) -> Reply:
        """https://cloud.tencent.com/document/product/436/7747."""
        upload = self._upload(call)
        marker, limit = _number(call, "part-number-marker", 0), _number(call, "max-parts", MOST_PARTS_LISTED)
        parts = sorted(upload.parts.values(), key=lambda part: part.number)
        page = Page.of((part for part in parts if part.number > marker), min(limit, MOST_PARTS_LISTED))
        following = [element("NextPartNumberMarker", page.items[-1].number)] if page.truncated else []
        result = element(
            "ListPartsResult",
            element("Bucket", upload.bucket),
            element("EncodingType"),
            element("Key", upload.key),
            element("UploadId", upload.upload_id),
            self._owner(),
            element("PartNumberMarker", marker),
            self._initiator(),
            *map(_part_element, page.items),
            *following,
            element("StorageClass", upload.properties.storage_class.value),
            element("MaxParts", limit),
            element("IsTruncated", "true" if page.truncated else "false"),
        )
        return xml_reply(200, document(result))

    def list_uploads(self, call: Call) -> Reply:
        """https://cloud.tencent.com/document/product/436/7736; always the whole list, without paging."""
        bucket, prefix = named_bucket(self.backend, call), call.request.params.get("prefix", "")
        uploads = self.backend.uploads.of_bucket(bucket.name, prefix)
        result = element(
            "ListMultipartUploadsResult",
            element("Bucket", bucket.name),
            element("EncodingType"),
            element("KeyMarker"),
            element("UploadIdMarker"),
            element("Prefix", prefix),
            element("MaxUploads", MOST_PARTS_LISTED),
            element("IsTruncated", "false"),
            *map(self._upload_element, uploads),
        )
        return xml_reply(200, document(result))

    def _upload(self, call: Call) -> Upload:
        bucket = named_bucket(self.backend, call)
        return self.backend.uploads.find(bucket.name, call.key, call.request.params["uploadId"])

    def _upload_element(self, upload: Upload) -> Xml:
        return element(
            "Upload",
            element("Key", upload.key),
            element("UploadId", upload.upload_id),
            element("StorageClass", upload.properties.storage_class.value),
            self._initiator(),
            self._owner(),
            element("Initiated", listed_date(upload.started_at)),
        )

    def _initiator(self) -> Xml:
        uin = self.backend.owner_uin
        return element("Initiator", element("ID", user_id(uin)), element("DisplayName", uin))

    def _owner(self) -> Xml:
        appid = self.backend.appid
        return element("Owner", element("ID", appid), element("DisplayName", appid))


def _listed_part(node: Element) -> tuple[int, str]:
    try:
        return int(node.findtext("PartNumber") or ""), node.findtext("ETag") or ""
    except ValueError as error:
        raise malformed_xml("a Part needs a PartNumber and an ETag") from error


def _part_element(part: Part) -> Xml:
    return element(
        "Part",
        element("PartNumber", part.number),
        element("LastModified", listed_date(part.last_modified)),
        element("ETag", part.etag),
        element("Size", len(part.body)),
    )


def _number(call: Call, name: str, default: int | None = None) -> int:
    text = call.request.params.get(name, "")
    if not text and default is not None:
        return default
    if not text.isdecimal():
        raise invalid_argument(f"{name} must be a number, not {text!r}")
    return int(text)
