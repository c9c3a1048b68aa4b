"""What message services and EventBridge put around a message, taken off again.

    {"Records": [{"Ckafka": {"msgBody": "…"}}]}          a CKafka trigger; "CMQ" instead: the CMQ topic trigger
    {"specversion": "1.0", "type": "…", "data": {…}}     EventBridge; of a message queue, `data` has a `msgBody`
    {"EventList": [{"specversion": …}, …]}               EventBridge, delivering in batches

Shapes: https://cloud.tencent.com/document/product/583/31927 and 583/59100. Any of them may lie in another. That plain
lists come, and that `data` may be a text (PutEvents takes it as one: https://cloud.tencent.com/document/api/1359/68465),
is assumed.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, NamedTuple

from shared.errors import MalformedError
from shared.events.kinds import is_cloud_event

if TYPE_CHECKING:
    from collections.abc import Callable

#: Envelopes inside one another that are opened. The most that makes sense are seven: a CKafka trigger's record with a
#: message, in it a list of EventBridge's events, in one of them a message with an event of COS.
MAX_ENVELOPES = 8

_LISTS = ("Records", "EventList")
_CARRIERS = ("CMQ", "Ckafka")
#: What EventBridge's `data` must have for us to look into it: another envelope's name, or a COS record's.
_OPENED = {*_LISTS, *_CARRIERS, "msgBody", "specversion", "cos"}


class Message(NamedTuple):
    """The text of a message, not yet read."""

    text: str


def contents(value: object) -> list[object] | None:
    """What an envelope holds; `None` if this is none."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        return None
    for name in _LISTS:
        if isinstance(value.get(name), list):
            return list(value[name])
    for name in _CARRIERS:
        if name in value:
            return [value[name]]
    if "msgBody" in value:
        return [_message(value["msgBody"])]
    return _data(value) if is_cloud_event(value) else None


def unpack(value: object, read: Callable[[str], object], left: int = MAX_ENVELOPES) -> list[object]:
    """All that lies in the envelopes, in order; what cannot be opened is a `MalformedError` in its place.

    `read` makes something of the text of a message, which may be a further envelope, or raises MalformedError.
    """
    if isinstance(value, Message):
        try:
            value = read(value.text)
        except MalformedError as error:
            return [error]
    inside = contents(value)
    if inside is None:
        return [value]
    if left == 0:
        return [MalformedError(f"more than {MAX_ENVELOPES} envelopes in one another are not opened")]
    if not inside:
        return [MalformedError("an envelope has nothing in it")]
    return [found for item in inside for found in unpack(item, read, left - 1)]


def without_base64(body: bytes) -> bytes:
    """A message's body as it was before a client of the queue put it into base64, if one did.

    No document that we read could be taken for base64: it begins with a brace, a bracket or an angle bracket.
    """
    try:
        return base64.b64decode(b"".join(body.split()), validate=True)
    except binascii.Error:
        return body


def encode(text: str) -> bytes:
    """The bytes of a message's text. Half a surrogate pair becomes a question mark and fails in the parser."""
    return text.encode(errors="replace")


def _data(event: dict[str, object]) -> list[object] | None:
    data = event.get("data")
    if isinstance(data, dict) and not data.keys() & _OPENED:
        return None
    return [_message(data)] if isinstance(data, dict | list | str) else None


def _message(body: object) -> object:
    return Message(body) if isinstance(body, str) else body
