"""What is checked: an object in a bucket, and the identity of its content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from shared.signing import canonical


@dataclass(frozen=True)
class ObjectRef:
    """One object. `bucket` is the full name (`videos-1250000000`), `key` is decoded, exactly as COS stores it."""

    region: str
    bucket: str
    key: str

    def __str__(self) -> str:
        return f"{self.bucket}/{self.key}"


@dataclass(frozen=True)
class Fingerprint:
    """The identity of some content: the CRC-64 that COS computed, and the size in bytes.

    The ETag is left out on purpose: a self-copy may change it while the bytes stay the same
    (https://cloud.tencent.com/document/product/436/10881), the CRC-64 never does.
    """

    crc64: str
    size: int

    def __str__(self) -> str:
        return f"{self.crc64}-{self.size}"


@dataclass(frozen=True)
class Content:
    """One content under one key: what is paid for once, and what a result belongs to."""

    target: ObjectRef
    fingerprint: Fingerprint

    @property
    def digest(self) -> str:
        """Its name, SHA-256 in hex: claims are filed and log lines of both functions joined under it."""
        return hashlib.sha256(canonical(*self.identity)).hexdigest()

    @property
    def identity(self) -> tuple[str, str, str]:
        """Bucket, key and fingerprint. Not the region: a bucket name exists once in the world."""
        return (self.target.bucket, self.target.key, str(self.fingerprint))
