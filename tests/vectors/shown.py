"""What is shown, for each part: what we made, in all the forms that are believed, and what must be refused."""

from __future__ import annotations

from typing import Any

from tests.vectors import ours
from tests.vectors.calling import make
from tests.vectors.made import BUCKET, CASES, KEY, RUN, SECRETS, Shown
from tests.vectors.seals import seals
from tests.vectors.tickets import changed, tickets


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
        (about, _entry(given["key"]), _asked(given["key"])) for about, given in CASES["waiting name"]
    ]
    given = {"again": False, "by": "me", "v": 1, "unknown": "ignored"}
    name, other = _entry(KEY)["name"], _entry("other.mp4")["name"]
    names = {
        "the object id in capitals": f"waiting/{RUN}/{name.rpartition('/')[2].upper()}",
        "the run in small letters": changed(name, RUN, RUN.lower()),
        "hex digits of the run in capitals": changed(name, RUN, RUN[:-1] + "A"),
        "no run": changed(name, RUN, ""),
        "a folder more": changed(name, RUN, f"{RUN}/x"),
        "a line end behind it": name + "\n",
        "another object's name": other,
    }
    bodies: dict[str, dict[str, Any]] = {
        "another version": {"v": 2},
        "a region in capitals": {"region": "AP-BEIJING"},
        "a bucket without its APPID": {"bucket": "videos"},
        "no key": {"key": ""},
        "a key that is no text": {"key": 1},
        "`again` is a text": {"again": "yes"},
        "`by` is nothing": {"by": None},
        "a time with an offset": {"at": "2026-01-01T08:00:00+00:00"},
        "a time in parts of a second": {"at": "2026-01-01T08:00:00.5Z"},
        "a time without zeros": {"at": "2026-1-1T8:00:00Z"},
        "a day that there is not": {"at": "2026-02-30T08:00:00Z"},
    }
    return [
        *believed,
        ("all that may be left out, and more", _entry(KEY, **given), {**_asked(KEY), "by": "me"}),
        ("to be checked again", _entry(KEY, again=True), {**_asked(KEY), "again": True}),
        *((about, {**_entry(KEY), "name": forged}, None) for about, forged in names.items()),
        *((about, _entry(KEY, **body), None) for about, body in bodies.items()),
    ]


def _entry(key: str, /, **other: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """An entry with what it must have, named after what it says."""
    body = {"region": "ap-beijing", "bucket": BUCKET, "key": key, "at": "2026-01-01T08:00:00Z", **other}
    name = ours.MAKE["waiting name"](RUN, body["bucket"], str(body["key"]))
    return {"name": name, "body": body}


def _asked(key: str) -> dict[str, Any]:
    return {"run": RUN, "bucket": BUCKET, "key": key, "again": False, "by": "", "at": "2026-01-01T08:00:00Z"}


SHOWN = {"ticket": tickets, "seal": seals, "slot name": slots, "waiting entry": waiting}
