"""What is checked: an object in a bucket, its content, and one upload of it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace

from shared.signing import canonical


@dataclass(frozen=True)
class ObjectRef:
    """One object. `bucket` is the full name (`videos-1250000000`), `key` is decoded, exactly as COS stores it."""

    region: str
    bucket: str
    key: str

    def __str__(self) -> str:
        return f"{self.bucket}/{self.key}"

    @property
    def id(self) -> str:
        """Where the claims on it are filed. Not by region: a bucket name exists once in the world."""
        return _digest(self.bucket, self.key)


@dataclass(frozen=True)
class Content:
    """Some bytes: the CRC-64 that COS computed, and their number.

    The ETag is left out on purpose: a self-copy may change it while the bytes stay the same
    (https://cloud.tencent.com/document/product/436/10881), the CRC-64 never does. An object for which COS gives no
    checksum has an empty one here; it is never checked.
    """

    crc64: str
    size: int


#: One run of the operator's command: when it began (UTC), and four hex digits to tell two of one second apart.
RUN = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{4}", re.ASCII)


@dataclass(frozen=True)
class Upload:
    """One writing of an object; `modified` is COS's `Last-Modified` of it, in seconds since 1970.

    Two uploads of the same bytes are two. COS's times have a resolution of one second: two writings of the same bytes
    within one second are one upload. A writing that is to be checked again is one more: `run` says who asked for it.
    """

    target: ObjectRef
    content: Content
    modified: int
    run: str = ""

    def __str__(self) -> str:
        return str(self.target)

    @property
    def id(self) -> str:
        """Names its claim and record, and is the `correlation` of its log lines: SHA-256, in hex."""
        bucket, key, content = self.target.bucket, self.target.key, self.content
        return _digest(bucket, key, content.crc64, str(content.size), str(self.modified), self.run)

    @property
    def writing(self) -> Upload:
        """The upload itself, no matter who asked for it."""
        return replace(self, run="") if self.run else self


def _digest(*parts: str) -> str:
    return hashlib.sha256(canonical(*parts)).hexdigest()
