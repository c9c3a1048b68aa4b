"""Questions about the events of COS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

from ops import waiting
from ops.probe.copies import onto_itself
from ops.probe.multipart import joined
from ops.probe.patience import awaited
from ops.probe.questions import NotSeenError, Question, judged
from ops.probe.seen import settled
from ops.probe.things import WATCHED
from shared.events.uploads import UploadEvent, read_uploads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.probe.questions import Answer
    from ops.probe.stage import Stage

_HERE = "shared/events/uploads.py"
#: Seconds that a new trigger may take (deploy says so), that an event may take then, and between two uploads.
_NEW, _COMES, _BETWEEN = 180, 60, 5
_KEYS = ("a b", "a+b", "a%20b", "你好", "🎬", "a//b", "a?b&c=d", "a'b(c)*~!")


def _ready(stage: Stage) -> float:
    """Seconds until the trigger worked; whatever asks needs it to work."""
    stage.watch()
    begun = waiting.now()

    def look() -> float | None:
        settled(stage.calls.cos("PUT", f"{WATCHED}first", body=b"first"), "uploading")
        waiting.pause(1)
        return waiting.now() - begun if any(_records(stage, "first")) else None

    took = awaited(look, _NEW + _COMES, _BETWEEN)
    if took is None:
        raise NotSeenError(f"no event came within {_NEW + _COMES} s after the trigger was made")
    return took


def _records(stage: Stage, key: str) -> Iterator[dict[str, Any]]:
    """The records about an object, however its key is spelled."""
    wanted = {WATCHED + key, quote(WATCHED + key), quote(WATCHED + key, safe="")}
    for recorded in stage.recordings.of("events"):
        for record in recorded.event.get("Records", ()) if isinstance(recorded.event, dict) else ():
            if _spelled(record) in wanted:
                yield record


def _spelled(record: dict[str, Any]) -> str:
    told = str(record.get("cos", {}).get("cosObject", {}).get("key", ""))
    return "/".join(told.split("/")[3:])


def _record(stage: Stage, key: str, event: str) -> dict[str, Any] | None:
    """The record of such an event, or one that bears the trigger's own name, in the order of their coming."""

    def look() -> dict[str, Any] | None:
        return next((r for r in _records(stage, key) if _name(r).endswith((event, "*"))), None)

    return awaited(look, _COMES)


def _name(record: dict[str, Any]) -> str:
    return str(record.get("event", {}).get("eventName", ""))


def _delay(stage: Stage) -> Answer:
    took = _ready(stage)
    return judged(took <= _NEW, f"{took:.0f} s from its creation to the first event; others may be later")


def _keys(stage: Stage) -> Answer:
    _ready(stage)
    for key in _KEYS:
        settled(stage.calls.cos("PUT", WATCHED + key, body=b"key"), f"uploading {key}")
    found = {key: _record(stage, key, "Put") for key in _KEYS}
    told, right = [], True
    for key, record in found.items():
        if record is None:
            told.append(f"{key!r}: no event")
            right = False
            continue
        url = urlsplit(str(record["cos"]["cosObject"]["url"]))
        read = read_uploads({"Records": [record]}, stage.account.region)[0]
        spelled = _spelled(record)
        as_it_is = spelled == WATCHED + key
        named = isinstance(read, UploadEvent) and read.target.key == WATCHED + key
        right = right and as_it_is and named
        in_url = f"{url.path}?{url.query}" if url.query else url.path
        reading = "read right" if named else "read wrong"
        told.append(f"{key!r}: key {'as it is' if as_it_is else spelled}, url {in_url}, {reading}")
    return judged(right, "; ".join(told))


def _self_copy(stage: Stage) -> Answer:
    _ready(stage)
    key = "copied"
    settled(stage.calls.cos("PUT", WATCHED + key, body=b"copied"), "uploading")
    _record(stage, key, "Put")
    settled(onto_itself(stage.calls, WATCHED + key, {"x-cos-meta-probe": "a%20b"}), "copying")
    record = awaited(lambda: next((r for r in _records(stage, key) if _is_of_copy(r)), None), _COMES)
    if record is None:
        names = [_name(one) for one in _records(stage, key)]
        return judged(
            holds=False, evidence=f"no event of a copy within {_COMES} s; events: {', '.join(names) or 'none'}"
        )
    meta = record["cos"]["cosObject"].get("meta", {})
    shown = ", ".join(f"{name}: {value}" for name, value in meta.items() if name != "x-cos-request-id")
    nodes = ", ".join([*record["cos"]["cosObject"], *record["cos"]["cosBucket"], *record["event"]])
    return judged(_name(record).endswith(":Copy"), f"{_name(record)}; meta: {shown}; nodes: {nodes}")


def _is_of_copy(record: dict[str, Any]) -> bool:
    """By its name, or by the field that only the copy has."""
    meta = record["cos"]["cosObject"].get("meta", {})
    return _name(record).endswith(":Copy") or (_name(record).endswith("*") and "x-cos-meta-probe" in meta)


def _parts(stage: Stage) -> Answer:
    _ready(stage)
    joined(stage.calls, f"{WATCHED}parts", [b"a" * 1024 * 1024, b"b"], {})
    record = _record(stage, "parts", "CompleteMultipartUpload")
    names = sorted({_name(one) for one in _records(stage, "parts")})
    return judged(record and not _name(record).endswith("*"), ", ".join(names) or f"no event within {_COMES} s")


def _notification(stage: Stage) -> Answer:
    stage.watch()
    seen = stage.calls.cos("GET", params={"notification": ""})
    text = unquote(seen.body.decode(errors="replace"))
    return judged(seen.ok and "cos-watermark-probe" in text, f"{seen} {' '.join(text.split())}")


QUESTIONS = (
    Question(
        "event-delay",
        "How long does a new trigger of a bucket take until it works?",
        "up to three minutes",
        "ops/deploy/command.py",
        _delay,
    ),
    Question(
        "event-keys",
        "How are keys spelled in events?",
        "the key as it is, the URL percent-encoded",
        _HERE,
        _keys,
    ),
    Question(
        "event-self-copy",
        "Does a self-copy cause an event, and what is in it?",
        "cos:ObjectCreated:Copy",
        _HERE,
        _self_copy,
    ),
    Question(
        "event-parts",
        "Which event does a multipart upload cause?",
        "cos:ObjectCreated:CompleteMultipartUpload",
        _HERE,
        _parts,
    ),
    Question(
        "event-notification",
        "Does the bucket show which functions get its events?",
        "GET ?notification names the function",
        "faketencent/cos/setup_responses.py",
        _notification,
    ),
)
