"""What HEAD tells about an object."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from shared.domain.metadata import USER_PREFIX
from shared.domain.objects import Content, Fingerprint, ObjectRef

if TYPE_CHECKING:
    from collections.abc import Mapping

ARCHIVES = ("ARCHIVE", "DEEP_ARCHIVE", "MAZ_ARCHIVE", "MAZ_DEEP_ARCHIVE")


@dataclass(frozen=True)
class Head:
    """The reply to HEAD Object (https://cloud.tencent.com/document/product/436/7745); header names are lower-case."""

    target: ObjectRef
    headers: Mapping[str, str]

    @property
    def content(self) -> Content | None:
        """The object's content; `None` where COS gives no checksum (objects from before it computed them)."""
        crc64, size = (self.headers.get(name, "") for name in ("x-cos-hash-crc64ecma", "content-length"))
        if not (crc64.isdecimal() and size.isdecimal()):
            return None
        return Content(self.target, Fingerprint(crc64, int(size)))

    @property
    def modified(self) -> int:
        """When the object was last written, in seconds since 1970, by COS's clock."""
        return _seconds(self.headers["last-modified"])

    @property
    def seen(self) -> int:
        """When COS answered, by the same clock, and never before the object was last written."""
        return max(self.modified, _seconds(self.headers["date"]))

    @property
    def metadata(self) -> dict[str, str]:
        """The custom metadata, by header name."""
        return {name: value for name, value in self.headers.items() if name.startswith(USER_PREFIX)}

    @property
    def unreadable_archive(self) -> bool:
        """Whether the object is archived and not restored: nobody can read or copy it now.

        `x-cos-restore` is `ongoing-request="false", expiry-date=...` once it can be read.
        """
        archived = self.headers.get("x-cos-storage-class", "") in ARCHIVES
        return archived and 'ongoing-request="false"' not in self.headers.get("x-cos-restore", "")


def _seconds(date: str) -> int:
    return int(parsedate_to_datetime(date).timestamp())
