"""Callback documents taken out of messages, of any channel.

A TDMQ topic pushes its messages over HTTP, in an envelope or as they are
(https://cloud.tencent.com/document/product/1496/65109); its queue is polled. Two triggers of SCF hand messages over as
`Records`: the CMQ topic trigger, which cannot be created any more but may still fire, and CKafka (both as in
https://github.com/tencentyun/scf-go-lib/tree/master/events). EventBridge hands messages over in events of its own.
"""

from __future__ import annotations

from shared.documents import MAX_BYTES, parse_json
from shared.errors import MalformedError
from shared.events.envelopes import Message, contents, encode, unpack, without_base64
from shared.events.kinds import describe

#: The most documents in the body of one message: as many as a queue hands over at once. Strangers can send such bodies.
MAX_DOCUMENTS = 16

#: Without one of these names there is no envelope, and so no need to look for one.
_NAMES = (b'"msgBody"', b'"specversion"')


def is_records(event: object) -> bool:
    """Whether the event brings messages."""
    return any(isinstance(found, Message) for found in unpack(event, Message))


def read_records(event: object) -> list[bytes | MalformedError]:
    """The documents in such an event, each read on its own, so that a bad one does not take the others with it."""
    return [
        document
        for found in unpack(event, Message)
        for document in (read_documents(encode(found.text)) if isinstance(found, Message) else [_document(found)])
    ]


def read_documents(body: bytes) -> list[bytes | MalformedError]:
    """The documents in a message: out of envelopes and base64, if it is in them; nearly always one."""
    documents = [_document(found) for found in unpack(_opened(body), lambda text: _opened(encode(text)))]
    if len(documents) > MAX_DOCUMENTS:
        return [MalformedError(f"a message with {len(documents)} documents in it; {MAX_DOCUMENTS} are the most")]
    return documents


def _opened(body: bytes) -> object:
    """The body as a tree if it is an envelope, or a list of such; else the document that it is."""
    content = without_base64(body)
    if len(content) > MAX_BYTES or not any(name in content for name in _NAMES):
        return content
    try:
        tree = parse_json(content)
    except MalformedError:
        return content
    items = tree if isinstance(tree, list) else [tree]
    return tree if any(contents(item) is not None for item in items) else content


def _document(found: object) -> bytes | MalformedError:
    if isinstance(found, bytes | MalformedError):
        return found
    return MalformedError(f"a message holds {describe(found)}, no text")
