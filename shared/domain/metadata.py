"""The result as object metadata: which fields, how they are encoded, and what they may cost.

COS keeps 2 KB of custom metadata per object, names with `-` and without `_`
(https://cloud.tencent.com/document/product/436/13361). What happens to bytes beyond ASCII is not
documented, so every value is percent-encoded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote

from shared.domain.result import Result, Verdict
from shared.errors import MetadataFullError
from shared.signing import Purpose, Secrets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.domain.objects import Content, Upload

#: Where COS keeps what users say about an object.
USER_PREFIX = "x-cos-meta-"
#: Bytes of custom metadata that one object can have. How COS counts is not documented; we count the
#: names, their prefix included, and the values, which is the most that it can come to.
CAPACITY = 2048
#: What is left out first, in this order, when there is too little room.
_OPTIONAL = ("message", "at", "job", "code")
#: All fields there are; anything else under the prefix is the user's and stays.
FIELDS = ("", "text", "code", "message", "job", "at", "seal")
_SEAL_VERSION = "s1"
#: How many digits of a seal's signature tell it from others: they stand for it in tickets and claims.
DIGITS = 16


#: Our fields, by their name after the prefix ("" is the verdict itself), each percent-encoded.
Fields = dict[str, str]


class Sealed(NamedTuple):
    """A result as it lies on an object, and the seal that proves it ours."""

    result: Result
    seal: str

    @property
    def digits(self) -> str:
        """What stands for the seal where a re-check says which one it replaces."""
        return self.seal.partition(".")[2][:DIGITS]


def write_fields(
    result: Result,
    secrets: Secrets,
    upload: Upload,
    *,
    prefix: str,
    own: Mapping[str, str],
) -> dict[str, str]:
    """All custom metadata that the object should have: the user's own, and the sealed result.

    `own` is the custom metadata the object has now, by header name; fields of an earlier result are replaced.

    Raises:
        MetadataFullError: it does not fit, even without the optional fields.
    """
    kept = {name: value for name, value in own.items() if field_of(name, prefix) is None}
    fields = _encode(result)
    for dropped in ("", *_OPTIONAL):
        if dropped:
            fields.pop(dropped, None)
        sealed = {**fields, "seal": _seal(fields, secrets, upload.content)}
        headers = {**kept, **{_header(field, prefix): value for field, value in sealed.items()}}
        if _cost(headers) <= CAPACITY:
            return headers
    raise MetadataFullError(
        f"the result for {upload} needs {_cost(headers)} bytes of metadata together with the object's own "
        f"{_cost(kept)}, and COS keeps {CAPACITY}; it was not written. It stays in the claim, and finally goes "
        "into a record. If you shorten the object's own metadata, that is a new upload, which gets its result without "
        "a new job"
    )


def read_sealed(metadata: Mapping[str, str], secrets: Secrets, content: Content, *, prefix: str) -> Sealed | None:
    """The result that the object carries about these very bytes, if it bears our seal; anyone else's is `None`."""
    fields = read_fields(metadata, prefix)
    seal = fields.pop("seal", "")
    version, _, signature = seal.partition(".")
    if version != _SEAL_VERSION or not secrets.verify(signature, Purpose.SEAL, *_sealed_parts(fields, content)):
        return None
    texts = {field or "verdict": decode(value) for field, value in fields.items()}
    try:
        return Sealed(Result(Verdict(texts.pop("verdict", "")), **texts), seal)
    except ValueError:
        return None


def read_fields(metadata: Mapping[str, str], prefix: str) -> Fields:
    """Our fields among an object's metadata headers, still encoded, no matter who wrote them."""
    found = ((field_of(name, prefix), value) for name, value in metadata.items())
    return {field: value for field, value in found if field is not None}


def decode(value: str) -> str:
    """The text that a field holds."""
    return unquote(value)


def field_of(header: str, prefix: str) -> str | None:
    """Which of our fields the header holds; `None` for a header that is not ours."""
    name = header.lower()
    return next((field for field in FIELDS if name == _header(field, prefix)), None)


def _header(field: str, prefix: str) -> str:
    return f"{USER_PREFIX}{prefix}-{field}" if field else USER_PREFIX + prefix


def _encode(result: Result) -> Fields:
    texts = {
        "": result.verdict.value,
        "text": result.text,
        "code": result.code,
        "message": result.message,
        "job": result.job,
        "at": result.at,
    }
    return {field: quote(text, safe=":*", errors="replace") for field, text in texts.items() if text}


def _seal(fields: Fields, secrets: Secrets, content: Content) -> str:
    return f"{_SEAL_VERSION}.{secrets.sign(Purpose.SEAL, *_sealed_parts(fields, content))}"


def _sealed_parts(fields: Fields, content: Content) -> list[str]:
    flat = [part for field in sorted(fields) for part in (field, fields[field])]
    return [content.crc64, str(content.size), *flat]


def _cost(headers: Mapping[str, str]) -> int:
    return sum(len(name) + len(value) for name, value in headers.items())
