"""Samples of requests and replies, as the files in `samples/` have them.

In a documented reply, `*` and `?` stand for what differs from call to call, and for what the page leaves out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SAMPLES = Path(__file__).parent / "samples"


@dataclass(frozen=True)
class Sample:
    name: str
    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    status: int
    reply_headers: dict[str, str]
    reply_body: bytes

    @property
    def sent_at(self) -> float:
        return parsedate_to_datetime(self.headers["Date"]).timestamp()

    @property
    def stored_at(self) -> float:
        if listed := re.search(rb"<LastModified>([^*<]+)\.000Z", self.reply_body):
            return datetime.fromisoformat(f"{listed[1].decode()}+00:00").timestamp()
        modified = self.reply_headers.get("Last-Modified")
        return parsedate_to_datetime(modified).timestamp() if modified else self.sent_at


def read_samples() -> list[Sample]:
    samples = []
    for path in sorted(SAMPLES.glob("*.http")):
        for block in path.read_text(encoding="utf-8").split("\n### ")[1:]:
            name, text = block.split("\n", 1)
            asked, answered = re.split(r"\n(?=HTTP/1.1 )", text)
            (method, target, _), headers, body = message(asked)
            (_, status, *_), reply_headers, reply_body = message(answered)
            title = f"{path.stem}: {name}"
            samples.append(Sample(title, method, target, headers, body, int(status), reply_headers, reply_body))
    return samples


def message(text: str) -> tuple[list[str], dict[str, str], bytes]:
    head, _, body = text.partition("\n\n")
    first, *lines = head.strip().split("\n")
    return first.split(" "), dict(line.split(": ", 1) for line in lines), body.strip().encode()


def matches(text: str, documented: str) -> bool:
    return text == documented or fnmatchcase(text, documented.replace("[", "[[]"))


def assert_same(given: Element, documented: Element) -> None:
    assert given.tag == documented.tag
    assert given.attrib == documented.attrib
    assert [child.tag for child in given] == [child.tag for child in documented], given.tag
    assert matches((given.text or "").strip(), (documented.text or "").strip()), (given.tag, given.text)
    for mine, theirs in zip(given, documented, strict=True):
        assert_same(mine, theirs)
