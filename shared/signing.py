"""The secrets that sign tickets and seals: the current one signs, the previous one is still believed."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from enum import Enum


class Purpose(Enum):
    """What a signature is for; one made for the one purpose never passes for the other."""

    TICKET = "cos-watermark ticket v2"
    SEAL = "cos-watermark seal v2"
    SETTINGS = "cos-watermark settings v1"


@dataclass(frozen=True)
class Secrets:
    """One or two secrets of at least 32 bytes each."""

    current: bytes = field(repr=False)
    previous: bytes | None = field(default=None, repr=False)

    def sign(self, purpose: Purpose, *parts: str) -> str:
        """HMAC-SHA256 over the parts, in hex, with the current secret."""
        return _mac(self.current, purpose, parts)

    def verify(self, signature: str, purpose: Purpose, *parts: str) -> bool:
        """Whether one of the secrets made this signature; takes the same time whatever is wrong with it."""
        # Bytes, because compare_digest raises TypeError on text beyond ASCII, which a forger may well send.
        given = signature.encode(errors="surrogatepass")
        secrets = [secret for secret in (self.current, self.previous) if secret is not None]
        matches = [hmac.compare_digest(given, _mac(secret, purpose, parts).encode()) for secret in secrets]
        return any(matches)


def canonical(*parts: str) -> bytes:
    """Texts as unambiguous bytes, to be hashed or signed: no two different lists give the same bytes."""
    # Not escaped to ASCII: there an emoji and the two lone surrogates that spell it would look the same.
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass")


def _mac(secret: bytes, purpose: Purpose, parts: tuple[str, ...]) -> str:
    return hmac.new(secret, canonical(purpose.value, *parts), hashlib.sha256).hexdigest()
