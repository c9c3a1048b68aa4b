"""The two checksums of an object: its ETag and its CRC64."""

from __future__ import annotations

import hashlib
from functools import lru_cache

import crcmod

# https://cloud.tencent.com/document/product/436/40334: CRC-64 as in ECMA-182, over the whole object.
_crc64 = crcmod.mkCrcFun(0x142F0E1EBA9EA3693, initCrc=0, xorOut=0xFFFFFFFFFFFFFFFF, rev=True)


@lru_cache(maxsize=256)
def crc64(body: bytes) -> str:
    """The CRC64 in decimal. Remembered, for crcmod without its C extension takes half a second per megabyte."""
    return str(_crc64(body))


def md5(data: bytes) -> str:
    """The MD5 in hexadecimal."""
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def etag(body: bytes) -> str:
    """The ETag of an object that was uploaded in one piece."""
    return f'"{md5(body)}"'


def multipart_etag(part_etags: list[str]) -> str:
    """The ETag of an object that was uploaded in parts.

    The `-N` is documented; what stands before it is not, and differs there between equal uploads.
    """
    digests = bytes.fromhex("".join(part.strip('"') for part in part_etags))
    return f'"{md5(digests)}-{len(part_etags)}"'


def salted_etag(plain: str, salt: str) -> str:
    """An ETag that says nothing about the content, as encryption with a customer's or KMS key makes it."""
    name, dash, parts = plain.strip('"').partition("-")
    return f'"{md5(f"{name} {salt}".encode())}{dash}{parts}"'
