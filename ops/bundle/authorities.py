"""The certificate authorities as a folder in which OpenSSL finds one by its subject, and so reads no other.

Reading all of them would be a part of each cold start (docs/performance.md). The names are as `openssl rehash` would
make them, `<hash of the subject>.<number>`: https://docs.openssl.org/master/man3/X509_LOOKUP_hash_dir/.
"""

from __future__ import annotations

import re
import ssl
from hashlib import sha1
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PEM = re.compile("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", re.DOTALL)
#: What DER's tags say of a value: https://www.itu.int/rec/T-REC-X.690.
_UTF8, _SEQUENCE, _SET, _VERSION = 0x0C, 0x30, 0x31, 0xA0
#: The texts that are compared without regard to case and blanks; how their bytes are read.
_TEXTS = {
    _UTF8: "utf-8",
    0x13: "ascii",
    0x14: "latin-1",
    0x16: "ascii",
    0x1A: "ascii",
    0x1C: "utf-32-be",
    0x1E: "utf-16-be",
}
_BLANKS = re.compile("[ \t\n\v\f\r]+")
_CAPITALS = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def by_subject(bundle: bytes) -> dict[str, bytes]:
    """The certificates of a PEM file, by the name under which OpenSSL looks for each."""
    found: dict[str, bytes] = {}
    for pem in _PEM.findall(bundle.decode()):
        subject = _hash(_subject(ssl.PEM_cert_to_DER_cert(pem)))
        number = sum(name.startswith(subject) for name in found)
        found[f"{subject}.{number}"] = pem.encode()
    return found


def _hash(subject: bytes) -> str:
    """The hash of a name: of its parts, each text in UTF-8, in small letters, without needless blanks."""
    parts = b"".join(_der(_SET, b"".join(sorted(map(_attribute, _values(part))))) for _, part in _values(subject))
    return sha1(parts, usedforsecurity=False).digest()[3::-1].hex()


def _attribute(attribute: tuple[int, bytes]) -> bytes:
    (kind_tag, kind), (tag, value) = _values(attribute[1])
    if tag in _TEXTS:
        text = _BLANKS.sub(" ", value.decode(_TEXTS[tag])).strip(" ").translate(_CAPITALS)
        tag, value = _UTF8, text.encode()
    return _der(_SEQUENCE, _der(kind_tag, kind) + _der(tag, value))


def _subject(certificate: bytes) -> bytes:
    ((_, whole),) = _values(certificate)
    _, signed = next(_values(whole))
    fields = [value for tag, value in _values(signed) if tag != _VERSION]
    # Serial number, algorithm, issuer, validity, subject.
    return fields[4]


def _values(der: bytes) -> Iterator[tuple[int, bytes]]:
    """The values in these bytes, each with its tag."""
    while der:
        tag, length, start = der[0], der[1], 2
        if length > 0x7F:
            start += length & 0x7F
            length = int.from_bytes(der[2:start], "big")
        yield tag, der[start : start + length]
        der = der[start + length :]


def _der(tag: int, value: bytes) -> bytes:
    length = len(value)
    if length <= 0x7F:
        return bytes([tag, length]) + value
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + value
