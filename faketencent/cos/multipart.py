"""Multipart uploads: https://cloud.tencent.com/document/product/436/14112."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from faketencent.cos.checksums import crc64, etag, multipart_etag, salted_etag
from faketencent.cos.encryption import hides_content
from faketencent.cos.exceptions import invalid_argument, malformed_xml, no_such_upload
from faketencent.cos.objects import Content
from faketencent.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from faketencent.cos.objects import Properties

#: Every part but the last must have this many bytes.
SMALLEST_PART = 1024 * 1024
_MOST_PARTS = 10_000


@dataclass(frozen=True)
class Part:
    """One part that was uploaded."""

    number: int
    body: bytes
    etag: str
    last_modified: float


@dataclass
class Upload:
    """A multipart upload in progress; `properties` are those of the object it becomes."""

    upload_id: str
    bucket: str
    key: str
    properties: Properties
    started_at: float
    parts: dict[int, Part] = field(default_factory=dict)

    def add(self, number: int, body: bytes, now: float) -> Part:
        """Take a part, in place of one with the same number.

        Raises:
            ServiceError: 400 InvalidArgument.
        """
        if not 1 <= number <= _MOST_PARTS:
            raise invalid_argument(f"part numbers go from 1 to {_MOST_PARTS}")
        plain = etag(body)
        hidden = hides_content(self.properties.encryption)
        tag = salted_etag(plain, f"{self.upload_id} {number}") if hidden else plain
        self.parts[number] = Part(number, body, tag, float(int(now)))
        return self.parts[number]

    def assemble(self, listed: Sequence[tuple[int, str]]) -> Content:
        """The content that the listed parts, each a number and an ETag, make up.

        Raises:
            ServiceError: 400 MalformedXML, InvalidPartOrder, InvalidPart, EntityTooSmall.
        """
        if not listed:
            raise malformed_xml("no parts are listed")
        numbers = [number for number, _ in listed]
        if numbers != sorted(set(numbers)):
            raise ServiceError(400, "InvalidPartOrder", "parts must be listed in ascending order")
        parts = [self._part(number, tag) for number, tag in listed]
        if any(len(part.body) < SMALLEST_PART for part in parts[:-1]):
            raise ServiceError(400, "EntityTooSmall", "only the last part may have less than 1 MB")
        body = b"".join(part.body for part in parts)
        return Content(body, multipart_etag([part.etag for part in parts]), crc64(body))

    def _part(self, number: int, tag: str) -> Part:
        part = self.parts.get(number)
        if part is None or part.etag.strip('"') != tag.strip('"'):
            raise ServiceError(400, "InvalidPart", f"part {number} was not uploaded with ETag {tag}")
        return part


@dataclass
class Uploads:
    """The uploads in progress in all buckets."""

    _by_id: dict[str, Upload] = field(default_factory=dict)
    _started: int = 0

    def start(self, bucket: str, key: str, properties: Properties, now: float) -> Upload:
        """Begin an upload."""
        self._started += 1
        digest = hashlib.sha256(f"{bucket}/{key} {self._started}".encode()).hexdigest()
        upload = Upload(f"{int(now)}{digest}", bucket, key, properties, float(int(now)))
        self._by_id[upload.upload_id] = upload
        return upload

    def find(self, bucket: str, key: str, upload_id: str) -> Upload:
        """An upload in progress.

        Raises:
            ServiceError: 404 NoSuchUpload.
        """
        upload = self._by_id.get(upload_id)
        if upload is None or (upload.bucket, upload.key) != (bucket, key):
            raise no_such_upload()
        return upload

    def forget(self, upload: Upload) -> None:
        """End an upload, completed or not."""
        del self._by_id[upload.upload_id]

    def of_bucket(self, bucket: str, prefix: str = "") -> list[Upload]:
        """The uploads into a bucket, sorted by key, then by age."""
        found = [u for u in self._by_id.values() if u.bucket == bucket and u.key.startswith(prefix)]
        return sorted(found, key=lambda upload: (upload.key, upload.started_at))
