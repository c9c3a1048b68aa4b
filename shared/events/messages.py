"""The queue doors: callback documents taken out of messages, whichever way a message came.

A TDMQ topic pushes its messages over HTTP, in an envelope or as they are
(https://cloud.tencent.com/document/product/1496/65109). Two triggers of SCF hand messages over as `Records`: the CMQ
topic trigger, which cannot be created any more but may still fire, and CKafka (both as in
https://github.com/tencentyun/scf-go-lib/tree/master/events).
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from shared.documents import parse_json
from shared.errors import MalformedError

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Under which name a record holds a message.
_CARRIERS = ("CMQ", "Ckafka")


def is_records(event: Mapping[str, Any]) -> bool:
    """Whether the event brings messages."""
    records = event.get("Records")
    return isinstance(records, list) and any(_carried(record) is not None for record in records)


def read_records(event: Mapping[str, Any]) -> list[bytes | MalformedError]:
    """The documents in such an event, each read on its own, so that a bad one does not take the others with it."""
    return [_read_record(record) for record in event["Records"]]


def read_message(body: bytes) -> bytes:
    """The document in a message: out of its envelope and out of base64, if it is in them.

    The base64 is what the official SDK of the queue can make of a message. No document of ours could be taken for
    one: it would begin with a brace or an angle bracket.
    """
    content = _without_envelope(body)
    try:
        return base64.b64decode(b"".join(content.split()), validate=True)
    except binascii.Error:
        return content


def _without_envelope(body: bytes) -> bytes:
    if b'"msgBody"' not in body:
        return body
    try:
        envelope = parse_json(body, len(body))
    except MalformedError:
        return body
    message = envelope.get("msgBody") if isinstance(envelope, dict) else None
    return _encode(message) if isinstance(message, str) else body


def _read_record(record: object) -> bytes | MalformedError:
    message = _carried(record)
    if message is None:
        return MalformedError(f"a record holds no message under {' or '.join(_CARRIERS)}")
    return read_message(_encode(message))


def _carried(record: object) -> str | None:
    for carrier in _CARRIERS:
        message = record.get(carrier) if isinstance(record, dict) else None
        body = message.get("msgBody") if isinstance(message, dict) else None
        if isinstance(body, str):
            return body
    return None


def _encode(text: str) -> bytes:
    # Half a character pair cannot be encoded; as a question mark it fails in the parser, where it belongs.
    return text.encode(errors="replace")
