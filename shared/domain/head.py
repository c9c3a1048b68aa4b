"""What HEAD tells about an object, read once (https://cloud.tencent.com/document/product/436/7745)."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple

from shared.domain.job_request import can_name
from shared.domain.metadata import USER_PREFIX, Sealed, read_sealed
from shared.domain.objects import Content, ObjectRef, Upload
from shared.domain.outcome import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.settings import Settings

_ARCHIVES = ("ARCHIVE", "DEEP_ARCHIVE", "MAZ_ARCHIVE", "MAZ_DEEP_ARCHIVE")
#: The tiers of INTELLIGENT_TIERING that must be restored before anybody can read the object.
_ARCHIVE_TIERS = ("ARCHIVE", "DEEP_ARCHIVE")
CUSTOMER_KEY = "x-cos-server-side-encryption-customer-algorithm"
#: COS refuses to copy the one (https://cloud.tencent.com/document/product/436/7741); of the other we would copy the
#: target over the link (https://cloud.tencent.com/document/product/436/109082).
_TYPES = {"appendable": Reason.APPENDABLE, "symlink": Reason.SYMLINK}


class Head(NamedTuple):
    """The object as it was at one look. Header names are lower-case; `seen` is COS's time of the reply, in seconds."""

    upload: Upload
    headers: Mapping[str, str]
    seen: int

    @classmethod
    def read(cls, target: ObjectRef, headers: Mapping[str, str]) -> Head:
        """The head in a reply's headers.

        Raises:
            ValueError: one that must be there is not, or is no date or number.
        """
        lower = {name.lower(): value for name, value in headers.items()}
        missing = [name for name in ("etag", "last-modified", "date", "content-length") if name not in lower]
        if missing:
            raise ValueError(f"no {' and no '.join(missing)}")
        crc64 = lower.get("x-cos-hash-crc64ecma", "")
        content = Content(crc64 if crc64.isdecimal() else "", int(lower["content-length"]))
        modified, seen = _seconds(lower["last-modified"]), _seconds(lower["date"])
        return cls(Upload(target, content, modified), lower, seen)

    @property
    def metadata(self) -> dict[str, str]:
        """The custom metadata, by header name."""
        return {name: value for name, value in self.headers.items() if name.startswith(USER_PREFIX)}

    def sealed(self, settings: Settings, replaced: str = "") -> Sealed | None:
        """The result about these very bytes that the object bears, if we wrote it; not the one that is `replaced`."""
        prefix = settings.metadata_prefix
        sealed = read_sealed(self.metadata, settings.secrets, self.upload.content, prefix=prefix)
        return sealed if sealed and sealed.digits != replaced else None

    @property
    def etag(self) -> str:
        """The ETag, quoted as COS gives it."""
        return self.headers["etag"]

    @property
    def obstacle(self) -> Reason | None:
        """Why the object cannot be read by CI or written by us as it is now. Nothing is paid for such an object."""
        if not self.upload.content.crc64:
            return Reason.NO_CHECKSUM
        if CUSTOMER_KEY in self.headers:
            return Reason.UNREADABLE
        if self._archived:
            return Reason.ARCHIVED
        if not can_name(self.upload.target.key):
            return Reason.UNNAMABLE
        return _TYPES.get(self.headers.get("x-cos-object-type", ""))

    @property
    def _archived(self) -> bool:
        """`x-cos-restore` is `ongoing-request="false", expiry-date=...` once an archived object can be read."""
        if self.headers.get("x-cos-storage-tier", "") in _ARCHIVE_TIERS:
            return True
        archived = self.headers.get("x-cos-storage-class", "") in _ARCHIVES
        return archived and 'ongoing-request="false"' not in self.headers.get("x-cos-restore", "")


def _seconds(date: str) -> int:
    return int(parsedate_to_datetime(date).timestamp())
