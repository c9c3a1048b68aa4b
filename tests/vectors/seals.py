"""Seals that are believed, and such as must be refused."""

from __future__ import annotations

from typing import Any

from shared.signing import Purpose, Secrets
from tests.vectors import ours
from tests.vectors.calling import make
from tests.vectors.made import AT, CASES, CRC64, SECRETS, SIZE, Shown

PREFIX = "x-cos-meta-watermark"


def seals() -> list[Shown]:
    made = [(about, given, make(ours.MAKE, "seal", given, SECRETS)) for about, given in CASES["seal"]]
    believed: list[Shown] = [
        (about, _borne(headers, given["prefix"]), _said_by(given["result"], headers))
        for about, given, headers in made
        if headers
    ]
    ticket = made[0][2]
    assert ticket
    return [*believed, *_odd_seals(ticket), *((about, given, None) for about, given in _forged_seals(ticket))]


def _said_by(result: dict[str, str], headers: dict[str, str]) -> dict[str, str]:
    """What of a result is on the object; half a character is a question mark there."""
    left = {name: text for name, text in result.items() if name == "verdict" or _has(headers, name)}
    return {name: text.encode(errors="replace").decode() for name, text in left.items()}


def _has(headers: dict[str, str], field: str) -> bool:
    return any(name.endswith(f"-{field}") for name in headers)


def _odd_seals(found: dict[str, str]) -> list[Shown]:
    said = {"verdict": "found", "text": "Studio-7_2026", "job": "j1", "at": AT}
    users = {"x-cos-meta-watermark-colour": "red", "x-cos-meta-watermarks": "2", "x-cos-meta-author": "ann"}
    return [
        ("names in capitals", _borne({name.upper(): value for name, value in found.items()}), said),
        ("the user's own metadata beside it", _borne({**users, **found}), said),
    ]


def _forged_seals(found: dict[str, str]) -> list[tuple[str, dict[str, Any]]]:
    seal = found[f"{PREFIX}-seal"]
    others = {name: value for name, value in found.items() if name != f"{PREFIX}-seal"}
    flat = ("", "found", "at", AT, "job", "j1", "text", "Studio-7_2026")
    ticket = Secrets(SECRETS["current"].encode()).sign(Purpose.TICKET, CRC64, str(SIZE), *flat)
    stranger = ours.metadata(SECRETS["stranger"], "watermark", CRC64, SIZE, {"verdict": "none"}, {})
    encoded = make(ours.MAKE, "seal", dict(CASES["seal"])["found: Chinese"], SECRETS)
    percent = encoded[f"{PREFIX}-text"]
    assert stranger
    maybe = (CRC64, str(SIZE), "", "maybe", "job", "j1")
    sealed = Secrets(SECRETS["current"].encode()).sign(Purpose.SEAL, *maybe)
    changes = {
        "another verdict": {PREFIX: "none"},
        "another text": {f"{PREFIX}-text": "Studio-8_2026"},
        "a space behind the text": {f"{PREFIX}-text": "Studio-7_2026 "},
        "another job": {f"{PREFIX}-job": "j2"},
        "another time": {f"{PREFIX}-at": "2026-01-01T00:00:55Z"},
        "a field more": {f"{PREFIX}-code": "x"},
        "an empty field more": {f"{PREFIX}-message": ""},
        "another version": {f"{PREFIX}-seal": "s2" + seal[2:]},
        "no version": {f"{PREFIX}-seal": seal[3:]},
        "the signature in capitals": {f"{PREFIX}-seal": "s1." + seal[3:].upper()},
        "the signature cut": {f"{PREFIX}-seal": seal[:-1]},
        "no signature": {f"{PREFIX}-seal": "s1."},
        "a signature that is not ASCII": {f"{PREFIX}-seal": "s1." + "１" * 64},
        "the signature was made for a ticket": {f"{PREFIX}-seal": f"s1.{ticket}"},
    }
    return [
        *((about, _borne({**found, **change})) for about, change in changes.items()),
        ("other bytes", {**_borne(found), "crc64": CRC64[:-1] + "1"}),
        ("another size", {**_borne(found), "size": SIZE + 1}),
        ("another prefix", _borne(found, "acme-mark")),
        ("no seal", _borne(others)),
        ("a field less", _borne({name: value for name, value in found.items() if not name.endswith("-job")})),
        (
            "a field under another name",
            _borne({(n if n != f"{PREFIX}-job" else f"{PREFIX}-code"): v for n, v in found.items()}),
        ),
        ("signed by somebody else", _borne(stranger)),
        ("a value decoded", _borne({**encoded, f"{PREFIX}-text": "水印 № 7"})),
        ("a value encoded in small letters", _borne({**encoded, f"{PREFIX}-text": percent.lower()})),
        ("no metadata", _borne({})),
        (
            "signed by us: a verdict that is none",
            _borne({PREFIX: "maybe", f"{PREFIX}-job": "j1", f"{PREFIX}-seal": f"s1.{sealed}"}),
        ),
    ]


def _borne(headers: dict[str, str], prefix: str = "watermark") -> dict[str, Any]:
    return {"prefix": prefix, "crc64": CRC64, "size": SIZE, "headers": headers}
