"""Questions about an object's own metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.probe.questions import Question, judged
from ops.probe.seen import settled
from shared.domain.metadata import CAPACITY, USER_PREFIX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ops.probe.questions import Answer
    from ops.probe.seen import Seen
    from ops.probe.stage import Stage

_HERE = "shared/domain/metadata.py"
#: How many fields share the bytes: whether names count shows in the difference.
_FIELDS = (1, 20)
_MOST = 16_384
#: What is written, as latin-1 text; the last one is UTF-8.
_VALUES = {
    "plain": "Studio-7_2026",
    "encoded": "a%20b%2Fc%E4%BD%A0",
    "punctuation": "a+b=c&d;e,f:g/h?i@j'k\"l",
    "spaces": "a  b c",
    "utf-8": "你好".encode().decode("latin-1"),
}


def _put(stage: Stage, headers: Mapping[str, str]) -> Seen:
    return stage.calls.cos("PUT", "metadata/object", headers=headers, body=b"metadata")


def _fields(count: int, size: int) -> dict[str, str]:
    """So many fields that have so many bytes together, prefixes, names and values."""
    names = [f"{USER_PREFIX}f{number:02}" for number in range(count)]
    left = size - sum(map(len, names))
    each = left // count
    lengths = [each] * (count - 1) + [left - each * (count - 1)]
    return {name: "v" * length for name, length in zip(names, lengths, strict=True)}


def _limit(stage: Stage) -> Answer:
    refusals: list[str] = []
    largest = [_largest(stage, count, refusals) for count in _FIELDS]
    told = ", ".join(
        f"{count} field{'s' if count > 1 else ''}: {size} bytes" for count, size in zip(_FIELDS, largest, strict=True)
    )
    why = ", ".join(dict.fromkeys(refusals)) or "nothing"
    holds = largest == [CAPACITY] * len(_FIELDS)
    return judged(holds, f"largest that is taken, prefixes and names counted, with {told}; one more: {why}")


def _largest(stage: Stage, count: int, refusals: list[str]) -> int:
    low, high = count * 20, _MOST
    while low + 1 < high:
        size = (low + high) // 2
        reply = _put(stage, _fields(count, size))
        if reply.ok:
            low = size
        else:
            refusals.append(str(reply))
            high = size
    return low


def _bytes(stage: Stage) -> Answer:
    changed = []
    for name, value in _VALUES.items():
        reply = _put(stage, {f"{USER_PREFIX}{name}": value})
        back = stage.calls.head("metadata/object").get(f"{USER_PREFIX}{name}", "nothing") if reply.ok else str(reply)
        if back != value:
            changed.append(f"{name}: {value!r} → {back!r}")
    return judged(not changed, "; ".join(changed) or f"all the same: {', '.join(_VALUES)}")


def _underscore(stage: Stage) -> Answer:
    name = f"{USER_PREFIX}with_underscore"
    reply = _put(stage, {name: "1"})
    kept = reply.ok and name in stage.calls.head("metadata/object")
    return judged(reply.ok and not kept, f"{reply}; {'kept' if kept else 'not kept'}")


def _download(stage: Stage) -> Answer:
    """Buckets of today have a GET at COS's own domain say `attachment`, whatever the object has."""
    own = {"Content-Disposition": "inline", "Content-Type": "video/mp4"}
    key = "metadata/download"
    settled(stage.calls.cos("PUT", key, headers=own, body=b"download"), "uploading")
    head, read = stage.calls.head(key), settled(stage.calls.cos("GET", key), "reading").headers
    shown = {"HEAD": head, "GET": read}
    names = (*own, "x-cos-force-download")
    told = "; ".join(f"{how}: {', '.join(f'{n} {h.get(n)}' for n in names if n in h)}" for how, h in shown.items())
    forced = "x-cos-force-download" in head
    return judged(all(head.get(n) == v for n, v in own.items()) or forced, told)


QUESTIONS = (
    Question(
        "metadata-limit",
        "How many bytes of metadata can an object have, what counts, and what is the error above that?",
        f"{CAPACITY}, of prefixes, names and values together; 400",
        _HERE,
        _limit,
    ),
    Question("metadata-bytes", "Does metadata come back byte for byte?", "it does", _HERE, _bytes),
    Question(
        "metadata-download",
        "Does HEAD show the object's own Content-Disposition, where GET says attachment?",
        "it does, or it has x-cos-force-download too",
        "shared/domain/selfcopy.py",
        _download,
    ),
    Question(
        "metadata-underscore",
        "What happens to a field with an underscore in its name?",
        "it is left out, without a refusal",
        "faketencent/cos/metadata.py",
        _underscore,
    ),
)
