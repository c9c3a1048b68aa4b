"""What is shown to those who read: what we made, in all the forms that are believed, and what must be refused."""

from __future__ import annotations

from typing import Any

from shared.signing import Purpose, Secrets
from tests.vectors import ours
from tests.vectors.calling import make
from tests.vectors.made import AT, BUCKET, CASES, CRC64, KEYS, MODIFIED, REPLACED, RUN, SECRETS, SIZE

KEY = "产品.mp4"
PREFIX = "x-cos-meta-watermark"
#: What is shown is about this, and says that; `None`: it must be refused.
Shown = tuple[str, dict[str, Any], Any]


def changed(text: str, old: str, new: str) -> str:
    """The text with another part."""
    assert text.count(old) == 1, (text, old)
    return text.replace(old, new)


def tickets() -> list[Shown]:
    made = [(about, given, make(ours.MAKE, "ticket", given, SECRETS)) for about, given in CASES["ticket"]]
    believed = [(about, _shown(text, given["key"]), given["said"]) for about, given, text in made]
    by_name = {about: text for about, _, text in made}
    return [*believed, *((about, given, None) for about, given in _forged_tickets(by_name))]


def _forged_tickets(made: dict[str, str]) -> list[tuple[str, dict[str, Any]]]:
    of_key, again = made["Chinese"], made["a re-check"]
    key = KEYS["Chinese"]
    upload = ours.upload_of(BUCKET, KEY, CRC64, SIZE, MODIFIED, "")
    said, _, signature = of_key.rpartition(".")
    stranger = ours.ticket(SECRETS["stranger"], BUCKET, key, _said())
    parts = ("ap-beijing", upload.id, "1", "")
    seal = Secrets(SECRETS["current"].encode()).sign(Purpose.SEAL, *parts)
    of_this = {
        "signed by somebody else": stranger,
        "another region": changed(of_key, "ap-beijing", "ap-nanjing"),
        "another CRC-64": changed(of_key, CRC64, CRC64[:-1] + "1"),
        "another size": changed(of_key, f".{SIZE}.", ".1030."),
        "another time": changed(of_key, str(MODIFIED), str(MODIFIED + 1)),
        "another attempt": changed(of_key, f"{MODIFIED}.1.", f"{MODIFIED}.2."),
        "a run put in": f"{said}.{RUN}..{signature}",
        "a zero in front of the attempt": changed(of_key, f"{MODIFIED}.1.", f"{MODIFIED}.01."),
        "a digit that is not ASCII": changed(of_key, f"{MODIFIED}.1.", f"{MODIFIED}.１."),
        "the signature in capitals": f"{said}.{signature.upper()}",
        "the signature cut": of_key[:-1],
        "no signature": f"{said}.",
        "a line end behind it": of_key + "\n",
        "something in front": " " + of_key,
        "another version": "w3" + of_key[2:],
        "nothing": "",
    }
    of_a_re_check = {
        "another run": changed(again, RUN, RUN[:-1] + "0"),
        "a run in small letters": changed(again, RUN, RUN.lower()),
        "another seal that is replaced": changed(again, REPLACED, REPLACED[:-1] + "0"),
        "no seal that is replaced": changed(again, REPLACED, ""),
        "the run left out": changed(again, f".{RUN}.{REPLACED}", ""),
    }
    return [
        *((about, _shown(text, key)) for about, text in of_this.items()),
        *((about, _shown(text, KEY)) for about, text in of_a_re_check.items()),
        ("for another key", _shown(of_key, "产品/水印 2.mp4")),
        ("for a key in the other spelling", _shown(made["an accent in one character"], KEYS["the same in two"])),
        ("for another bucket", {**_shown(of_key, key), "bucket": "other-1250000000"}),
        ("the signature was made for a seal", _shown(f"w2.ap-beijing.{CRC64}.{SIZE}.{MODIFIED}.1.{seal}", KEY)),
    ]


def _said() -> dict[str, Any]:
    about = {"region": "ap-beijing", "crc64": CRC64, "size": SIZE, "modified": MODIFIED}
    return {**about, "attempt": 1, "run": "", "replaces": ""}


def _shown(text: str, key: str) -> dict[str, Any]:
    return {"bucket": BUCKET, "key": key, "text": text}


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
    ]


def _borne(headers: dict[str, str], prefix: str = "watermark") -> dict[str, Any]:
    return {"prefix": prefix, "crc64": CRC64, "size": SIZE, "headers": headers}


def slots() -> list[Shown]:
    believed: list[Shown] = [
        (about, {"name": make(ours.MAKE, "slot name", given, SECRETS)}, given["number"])
        for about, given in CASES["slot name"]
    ]
    refused = {
        "the number 0, which no slot has": "slots/2026-01-01/99999999",
        "a number that is too high": "slots/2026-01-01/89999999",
        "seven digits": "slots/2026-01-01/9999999",
        "a folder": "slots/2026-01-01/",
        "digits that are not ASCII": "slots/2026-01-01/９９９９９９９８",
        "a line end behind it": "slots/2026-01-01/99999998\n",
    }
    return [*believed, *((about, {"name": name}, None) for about, name in refused.items())]


def waiting() -> list[Shown]:
    believed: list[Shown] = [
        (about, {"name": make(ours.MAKE, "waiting name", given, SECRETS), "bucket": BUCKET, "key": given["key"]}, RUN)
        for about, given in CASES["waiting name"]
    ]
    name = ours.MAKE["waiting name"](RUN, BUCKET, KEY)
    refused = {
        "the object id in capitals": f"waiting/{RUN}/{name.rpartition('/')[2].upper()}",
        "the run in small letters": changed(name, RUN, RUN.lower()),
        "hex digits in capitals": changed(name, RUN, RUN[:-1] + "A"),
        "no run": changed(name, RUN, ""),
        "a folder more": changed(name, RUN, f"{RUN}/x"),
        "a line end behind it": name + "\n",
        "another object's": ours.MAKE["waiting name"](RUN, BUCKET, "other.mp4"),
    }
    return [
        *believed,
        *((about, {"name": forged, "bucket": BUCKET, "key": KEY}, None) for about, forged in refused.items()),
    ]


SHOWN = {"ticket": tickets, "seal": seals, "slot name": slots, "waiting name": waiting}
