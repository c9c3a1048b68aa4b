"""From what the vectors are made: each part's cases, what they are about and what is given."""

from __future__ import annotations

from typing import Any

Case = tuple[str, dict[str, Any]]
#: A case, and what it says to those who read; `None`: it must be refused.
Shown = tuple[str, dict[str, Any], Any]

BUCKET = "videos-1250000000"
KEY = "产品.mp4"
RUN = "20260101T080000Z-4f2a"
CRC64, SIZE, MODIFIED = "13464384021742137342", 1029, 1_767_225_600
AT = "2026-01-01T00:00:54Z"
REPLACED = "0123456789abcdef"
#: Which of the secrets signs where nothing else is said.
CURRENT = "current"
SECRETS = {
    CURRENT: "a secret for test vectors and nothing else",
    "previous": "测试向量用的上一个密钥，别处不要用",
    "stranger": "somebody else's secret, who may not sign",
}
KEYS = {
    "a plain key": "uploads/clip.mp4",
    "Chinese": "产品/水印 1.mp4",
    "an emoji, and one of several characters": "🎬/👩‍👩‍👧.mp4",
    "quotes and backslashes": 'it\'s "a\\b".mp4',
    "slashes": "//a///b/.mp4",
    "percent signs, which nobody decodes": "100%/%E6%B0%B4/%2F.mp4",
    "control characters": "a\tb\nc\r\b\f\x00\x1f\x7f.mp4",
    "an accent in one character": "caf\xe9.mp4",
    "the same in two": "cafe\u0301.mp4",
    "what steers a terminal or ends a line of JavaScript": "\u202egpj.\u2028\u2029\ufeff\x1b[2J.mp4",
    "what HTML and JSON libraries like to escape": "<a>&'/\x80\x9f.mp4",
    "the longest key: 850 bytes": "水" * 282 + ".mp4",
}


def _upload(key: str, **other: Any) -> dict[str, Any]:  # noqa: ANN401 - texts and numbers
    return {"bucket": BUCKET, "key": key, "crc64": CRC64, "size": SIZE, "modified": MODIFIED, "run": "", **other}


def _ticket(key: str, secret: str = CURRENT, **other: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    said = {"region": "ap-beijing", "crc64": CRC64, "size": SIZE, "modified": MODIFIED, "attempt": 1}
    return {"secret": secret, "bucket": BUCKET, "key": key, "said": {**said, "run": "", "replaces": "", **other}}


def _result(
    verdict: str, own: dict[str, str] | None = None, secret: str = CURRENT, prefix: str = "watermark", **texts: str
) -> dict[str, Any]:
    about = {"secret": secret, "prefix": prefix, "crc64": CRC64, "size": SIZE}
    return {**about, "result": {"verdict": verdict, **texts}, "own": own or {}}


def _failure(room: int) -> dict[str, Any]:
    """A failure with all that can be left out, on an object whose own metadata leaves so many bytes."""
    name = "x-cos-meta-author"
    texts = {"code": "InvalidVideo", "message": "not a video", "job": "j1", "at": AT}
    return _result("failed", {name: "x" * (2048 - room - len(name))}, **texts)


def _records(*found: tuple[str, bool, str]) -> dict[str, Any]:
    """Records of one upload: when the job ended or the upload was, whether it is applied, and the job."""
    records = [
        {"name": f"results/{at[:10]}/{'0' * 64}.json", "at": at, "applied": applied} | ({"job": job} if job else {})
        for at, applied, job in found
    ]
    return {"records": records}


_FIRST, _SECOND, _THIRD = "2026-01-01T00:00:54Z", "2026-01-02T00:00:00Z", "2026-01-03T23:59:59Z"
#: What the failure of `_failure` costs in bytes, names of headers included, with ever less of it.
_ROOM = {"all": 267, "all but the message": 224, "code and job": 181, "the code": 155, "no more than the verdict": 118}

CASES: dict[str, list[Case]] = {
    "canonical": [
        ("no text", {"parts": []}),
        ("one empty text", {"parts": [""]}),
        ("two texts", {"parts": ["a", "b"]}),
        ("one with a comma in it", {"parts": ["a,b"]}),
        ("one that looks like two", {"parts": ['a","b']}),
        ("quotes, backslashes, slashes", {"parts": ['"\\/', "\\u0041", "\\\\"]}),
        ("all control characters", {"parts": ["".join(map(chr, range(0x20))), "\x7f\x80\x9f"]}),
        ("the first half of a surrogate pair alone", {"parts": ["a\ud83d"]}),
        ("the second half", {"parts": ["\ude00b"]}),
        *((about, {"parts": [key]}) for about, key in KEYS.items()),
    ],
    "object id": [(about, {"bucket": BUCKET, "key": key}) for about, key in KEYS.items()],
    "upload id": [
        *((about, _upload(key)) for about, key in KEYS.items()),
        ("a re-check", _upload("clip.mp4", run=RUN)),
        ("an object that nobody may look at", _upload("clip.mp4", crc64="", size=0)),
        ("large numbers", _upload("clip.mp4", crc64="18446744073709551615", size=50_000_000_000_000)),
        ("small ones", _upload("clip.mp4", crc64="0", size=1, modified=0)),
    ],
    "ticket": [
        *((about, _ticket(key)) for about, key in KEYS.items()),
        ("another region and attempt", _ticket("clip.mp4", region="ap-shanghai-fsi", attempt=999_999)),
        ("small numbers", _ticket("clip.mp4", crc64="0", size=0, modified=0)),
        ("a CRC-64 with zeros in front, as it was given", _ticket("clip.mp4", crc64="00000000000000000042")),
        ("a re-check", _ticket(KEY, run=RUN, replaces=REPLACED)),
        ("a re-check of an object without a seal", _ticket(KEY, run=RUN)),
        ("by the previous secret", _ticket("clip.mp4", "previous")),
    ],
    "seal": [
        ("found", _result("found", text="Studio-7_2026", job="j1", at=AT)),
        ("found: Chinese", _result("found", text="水印 № 7", job="j1", at=AT)),
        ("found: an emoji", _result("found", text="🎬👩‍👩‍👧", job="j1", at=AT)),
        ("found: percent signs, and what looks encoded", _result("found", text="100% %E6%B0%B4 %", job="j1", at=AT)),
        ("found: all of ASCII", _result("found", text="".join(map(chr, range(0x80))), job="j1", at=AT)),
        ("found: line ends that would be headers", _result("found", text="a\r\nx-cos-acl: public-read", at=AT)),
        ("found: half a surrogate pair", _result("found", text="a\ud83db", job="j1", at=AT)),
        ("none", _result("none", job="j1", at=AT)),
        ("none, and nobody knows when", _result("none", job="j1")),
        ("failed", _result("failed", code="InvalidVideo", message="not a video: 水", job="j1", at=AT)),
        ("failed, without a job", _result("failed", code="Forgotten", message="no word of CI")),
        ("nothing but a verdict", _result("none")),
        ("by the previous secret", _result("found", secret="previous", text="Studio-7_2026", job="j1", at=AT)),
        ("another prefix", _result("found", prefix="acme-mark", text="Studio-7_2026", job="j1", at=AT)),
        (
            "metadata of the user stays, that of an earlier result goes",
            _result(
                "none",
                {
                    "x-cos-meta-author": "ann",
                    "x-cos-meta-watermark-colour": "red",
                    "x-cos-meta-watermark": "found",
                    "x-cos-meta-watermark-text": "old",
                    "x-cos-meta-watermark-seal": "s1.0",
                },
                job="j1",
                at=AT,
            ),
        ),
        *((f"room for {left}, to the byte", _failure(room)) for left, room in _ROOM.items()),
        *((f"a byte too little for {left}", _failure(room - 1)) for left, room in _ROOM.items()),
    ],
    "claim name": [
        ("the first attempt", _upload(KEY, attempt=1)),
        ("a later one, of a re-check", _upload(KEY, attempt=123_456, run=RUN)),
    ],
    "answer name": [
        ("an ETag as COS gives it", {"crc64": CRC64, "size": SIZE, "etag": '"9a4802d5c99dafe1c04da0a8e7e166bf"'}),
        ("the same without quotes", {"crc64": CRC64, "size": SIZE, "etag": "9a4802d5c99dafe1c04da0a8e7e166bf"}),
        ("of an upload in parts", {"crc64": CRC64, "size": SIZE, "etag": '"9a4802d5c99dafe1c04da0a8e7e166bf-12"'}),
    ],
    "record name": [
        ("the day's last second", {"upload": "0" * 64, "at": _THIRD}),
        ("the next day's first", {"upload": "0" * 64, "at": "2026-01-04T00:00:00Z"}),
    ],
    "record taken": [
        ("only one", _records((_FIRST, False, ""))),
        ("one that is applied before newer ones", _records((_FIRST, True, "j1"), (_SECOND, False, "j2"))),
        (
            "one that is applied, without a job",
            _records((_FIRST, False, "j1"), (_SECOND, True, ""), (_THIRD, False, "")),
        ),
        ("one with a job before newer ones", _records((_SECOND, False, ""), (_FIRST, False, "j1"))),
        ("the newest of equals", _records((_FIRST, True, "j1"), (_THIRD, True, "j3"), (_SECOND, True, "j2"))),
    ],
    "slot name": [
        ("the first of a day", {"day": "2026-01-01", "number": 1}),
        ("the hundredth", {"day": "2026-01-01", "number": 100}),
        ("the last that there can be", {"day": "2026-12-31", "number": 9_999_999}),
    ],
    "waiting name": [(about, {"run": RUN, "bucket": BUCKET, "key": key}) for about, key in KEYS.items()],
}
