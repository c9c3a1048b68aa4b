"""Tickets that are believed, and such as must be refused."""

from __future__ import annotations

from typing import Any

from shared.signing import Purpose, Secrets
from tests.vectors import ours
from tests.vectors.calling import make
from tests.vectors.made import BUCKET, CASES, CRC64, KEY, KEYS, MODIFIED, REPLACED, RUN, SECRETS, SIZE, Shown

#: What the ticket of a first attempt says.
SAID = dict(CASES["ticket"])["Chinese"]["said"]


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
    stranger = ours.ticket(SECRETS["stranger"], BUCKET, key, SAID)
    too_long = {"region": "a" * 33, "crc64": "1" * 21, "size": 10**20, "modified": 10**12, "attempt": 10**6}
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
        "a zero in front of the size": changed(of_key, f".{SIZE}.", f".0{SIZE}."),
        "a zero in front of the time": changed(of_key, str(MODIFIED), f"0{MODIFIED}"),
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
        ("signed by us: attempt 0", _shown(_signed(key, attempt=0), key)),
        *(
            (f"signed by us: {part} is too long", _shown(_signed(key, **{part: it}), key))
            for part, it in too_long.items()
        ),
        *((about, _shown(text, KEY)) for about, text in of_a_re_check.items()),
        ("for another key", _shown(of_key, "产品/水印 2.mp4")),
        ("for a key in the other spelling", _shown(made["an accent in one character"], KEYS["the same in two"])),
        ("for another bucket", {**_shown(of_key, key), "bucket": "other-1250000000"}),
        ("the signature was made for a seal", _shown(f"w2.ap-beijing.{CRC64}.{SIZE}.{MODIFIED}.1.{seal}", KEY)),
    ]


def _signed(key: str, **other: Any) -> str:  # noqa: ANN401 - texts and numbers
    return ours.ticket(SECRETS["current"], BUCKET, key, {**SAID, **other})


def _shown(text: str, key: str) -> dict[str, Any]:
    return {"bucket": BUCKET, "key": key, "text": text}
