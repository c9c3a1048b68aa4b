"""docs/formats.md once more, from that page alone: nothing of ours is imported.

For each part of docs/vectors.json, `MAKE` and `READ` have the function that takes `given` and says `gives`.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Texts = dict[str, str]
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:*")
_RUN = r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{4}"
_TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"
_NUMBER = r"(?!0[0-9])[0-9]"
_TICKET = re.compile(
    rf"w2\.(?P<region>[a-z0-9-]{{1,32}})\.(?P<crc64>[0-9]{{1,20}})\.(?P<size>{_NUMBER}{{1,20}})"
    rf"\.(?P<modified>{_NUMBER}{{1,12}})\.(?P<attempt>[1-9][0-9]{{0,5}})"
    rf"(\.(?P<run>{_RUN})\.(?P<replaces>[0-9a-f]{{16}}|))?\.[0-9a-f]{{64}}"
)
#: Our fields but the seal, and those of them that may be left out, in that order. The verdict's name is empty.
_FIELDS = ("", "text", "code", "message", "job", "at")
_OPTIONAL = ("message", "at", "job", "code")


def canonical(parts: Sequence[str]) -> bytes:
    """The canonical bytes of a list of texts."""
    texts = ("".join(_ESCAPES.get(c, c if c >= " " else f"\\u{ord(c):04x}") for c in part) for part in parts)
    return ("[" + ",".join(f'"{text}"' for text in texts) + "]").encode("utf-8", "surrogatepass")


def sha256(*parts: str) -> str:
    """SHA-256 of some texts."""
    return hashlib.sha256(canonical(parts)).hexdigest()


def sign(secret: str, *parts: str) -> str:
    """The signature over some texts, of which the first is the purpose."""
    return hmac.new(secret.encode(), canonical(parts), hashlib.sha256).hexdigest()


def object_id(bucket: str, key: str) -> str:
    """The id of an object."""
    return sha256(bucket, key)


def upload_id(bucket: str, key: str, crc64: str, size: int, modified: int, run: str) -> str:
    """The id of an upload."""
    return sha256(bucket, key, crc64, str(size), str(modified), run)


def ticket(secret: str, bucket: str, key: str, said: dict[str, Any]) -> str:
    """The ticket that says this of an object."""
    upload = upload_id(bucket, key, said["crc64"], said["size"], said["modified"], said["run"])
    signed = (said["region"], upload, str(said["attempt"]), said["replaces"])
    names = ["region", "crc64", "size", "modified", "attempt", *(["run", "replaces"] if said["run"] else [])]
    return ".".join(["w2", *(str(said[name]) for name in names), sign(secret, "cos-watermark ticket v2", *signed)])


def read_ticket(secrets: list[str], bucket: str, key: str, text: str) -> dict[str, Any] | None:
    """What a ticket says of an object, if we signed it."""
    found = _TICKET.fullmatch(text)
    if not found:
        return None
    parts = {name: part or "" for name, part in found.groupdict().items()}
    said = {name: int(part) if name in ("size", "modified", "attempt") else part for name, part in parts.items()}
    return said if any(hmac.compare_digest(text, ticket(secret, bucket, key, said)) for secret in secrets) else None


def seal(secret: str, crc64: str, size: int, fields: Texts) -> str:
    """The seal over fields as they are written, by their names."""
    flat = (text for name in sorted(fields) for text in (name, fields[name]))
    return "s1." + sign(secret, "cos-watermark seal v2", crc64, str(size), *flat)


def header(prefix: str, name: str) -> str:
    """The header of a field."""
    return f"x-cos-meta-{prefix}" + (f"-{name}" if name else "")


def encoded(text: str) -> str:
    """The text, percent-encoded."""
    return "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in text.encode("utf-8", "replace"))


def metadata(secret: str, prefix: str, crc64: str, size: int, result: Texts, own: Texts) -> Texts | None:
    """All custom metadata of an object that has metadata of its own and gets a result; `None`: there is no room."""
    others = {name: value for name, value in own.items() if name not in [header(prefix, field) for field in _FIELDS]}
    texts = {"" if name == "verdict" else name: encoded(text) for name, text in result.items() if text}
    for dropped in range(len(_OPTIONAL) + 1):
        fields = {name: text for name, text in texts.items() if name not in _OPTIONAL[:dropped]}
        fields["seal"] = seal(secret, crc64, size, fields)
        headers = {**others, **{header(prefix, name): text for name, text in fields.items()}}
        if sum(len(name) + len(value) for name, value in headers.items()) <= 2048:
            return headers
    return None


def read_metadata(secrets: list[str], prefix: str, crc64: str, size: int, headers: Texts) -> Texts | None:
    """The result that an object bears, if it has a seal of ours."""
    lower = {name.lower(): value for name, value in headers.items()}
    fields = {name: lower[header(prefix, name)] for name in _FIELDS if header(prefix, name) in lower}
    given = lower.get(header(prefix, "seal"), "").encode("utf-8", "surrogatepass")
    if not any(hmac.compare_digest(given, seal(secret, crc64, size, fields).encode()) for secret in secrets):
        return None
    result = {name or "verdict": unquote(value) for name, value in fields.items()}
    return result if result.get("verdict") in ("found", "none", "failed") else None


def waiting_name(run: str, bucket: str, key: str) -> str:
    """The name of a waiting entry."""
    return f"waiting/{run}/{object_id(bucket, key)}"


def read_entry(name: str, body: dict[str, Any]) -> dict[str, Any] | None:
    """What a waiting entry of that name asks for, if it is one."""
    said = {"v": 1, "again": False, "by": "", **body}
    run, texts = name[8:29], [said[part] for part in ("region", "bucket", "key", "by", "at")]
    if not (said["v"] == 1 and isinstance(said["again"], bool) and all(isinstance(text, str) for text in texts)):
        return None
    texts.insert(0, run)
    forms = (_RUN, "[a-z0-9-]{1,32}", "[a-z0-9][a-z0-9-]{0,49}-[0-9]{5,20}", "(?s).+", "(?s).*", _TIME)
    formed = all(re.fullmatch(form, text) for form, text in zip(forms, texts, strict=True))
    if not (formed and _is_a_day(said["at"][:10]) and name == waiting_name(run, said["bucket"], said["key"])):
        return None
    return {"run": run, **{part: said[part] for part in ("bucket", "key", "again", "by", "at")}}


def _is_a_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def claim_name(attempt: int, bucket: str, key: str, **upload: Any) -> str:  # noqa: ANN401 - what else makes the upload id
    """The name of a claim's attempt."""
    return f"claims/{object_id(bucket, key)}/{upload_id(bucket, key, **upload)}/{attempt:06d}"


def read_slot_name(name: str) -> int | None:
    """Which of the day it is."""
    found = re.fullmatch(r"slots/[0-9]{4}-[0-9]{2}-[0-9]{2}/([0-9]{8})", name)
    number = 99_999_999 - int(found[1]) if found else 0
    return number if 1 <= number <= 9_999_999 else None


def record_taken(records: list[dict[str, Any]]) -> str:
    """The name of the record that counts, of several on one upload."""
    newest = max(records, key=lambda record: (record["applied"], "job" in record, record["at"]))
    return str(newest["name"])


MAKE: dict[str, Callable[..., Any]] = {
    "canonical": lambda parts: canonical(parts).hex(),
    "object id": object_id,
    "upload id": upload_id,
    "ticket": ticket,
    "seal": metadata,
    "claim name": claim_name,
    "answer name": lambda crc64, size, etag: "answers/" + sha256(crc64, str(size), etag.strip('"')),
    "record name": lambda upload, at: f"results/{at[:10]}/{upload}.json",
    "record taken": record_taken,
    "slot name": lambda day, number: f"slots/{day}/{99_999_999 - number:08d}",
    "waiting name": waiting_name,
}
READ: dict[str, Callable[..., Any]] = {
    "ticket": read_ticket,
    "seal": read_metadata,
    "slot name": read_slot_name,
    "waiting entry": read_entry,
}
