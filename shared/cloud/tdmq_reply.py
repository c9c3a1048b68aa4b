"""A reply of TDMQ, taken apart while it comes, so that memory does not follow what strangers put into a queue.

    {"code": 0, "msgInfoList": [{"msgBody": "...", "receiptHandle": "..."}, ...], "requestId": "..."}

Messages are read one by one, and a text that is too long for a callback is not kept: its message is received like the
others, and can be deleted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from shared.documents import MAX_CALLBACK_BYTES, Tree, parse_json
from shared.errors import MalformedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Where the messages are.
MESSAGES = "msgInfoList"
#: Characters of one text that are kept: a callback, and as much for base64 or an envelope.
MAX_TEXT = 2 * MAX_CALLBACK_BYTES
#: Bytes of one text that are looked at, with its marks: each character can be escaped (`\u0041`).
_MAX_ESCAPED = 6 * MAX_TEXT + 2
#: Bytes of one message, or of all that is around them.
_MAX_KEPT = 2 * _MAX_ESCAPED
#: How deep the list of messages is, its own bracket counted.
_LIST = 2
_BEGINS = re.compile(rb'"msgInfoList"\s*:\s*\[\Z')
_MARK, _NOT_KEPT = b'"', b"null"
_BRACKETS = re.compile(rb"([\[\]{}])")


def read_reply(parts: Iterable[bytes]) -> Tree:
    """The reply as a tree, in which `None` stands for each text of a message that is too long.

    Raises:
        MalformedError: it is not well-formed, or has too much in it beside its messages' texts.
    """
    around, message, messages = bytearray(), bytearray(), list[Tree]()
    depth, is_in_list = 0, False
    for piece in _pieces(parts):
        # Brackets in a text are no brackets.
        for token in [piece] if piece.startswith(_MARK) else _BRACKETS.split(piece):
            depth += token in (b"{", b"[")
            kept = message if is_in_list and depth > _LIST else around
            kept += token
            depth -= token in (b"}", b"]")
            if len(kept) > _MAX_KEPT:
                raise MalformedError("a reply with too much in it")
            if message and depth <= _LIST:
                messages.append(_without_long_texts(_parsed(message)))
                message.clear()
                around += _NOT_KEPT
            if depth < _LIST:
                is_in_list = False
            elif token == b"[" and depth == _LIST:
                is_in_list = bool(_BEGINS.search(around))
    return _put_together(_parsed(around), messages)


def _put_together(reply: Tree, messages: list[Tree]) -> Tree:
    if messages and isinstance(reply, dict):
        listed = reply.get(MESSAGES)
        if listed != [None] * len(messages):
            raise MalformedError("a list with something else than messages in it")
        reply[MESSAGES] = messages
    return reply


def _without_long_texts(message: Tree) -> Tree:
    if not isinstance(message, dict):
        return message
    return {name: None if isinstance(text, str) and len(text) > MAX_TEXT else text for name, text in message.items()}


def _pieces(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Texts, whole and with their quotation marks, or `null` for one that is too long; and what is between them."""
    text, inside, half = bytearray(), False, b""
    for part in parts:
        read = half + part
        # Escaped marks end no text. An escape can lie in two parts.
        plain = read.replace(rb"\\", b"__").replace(rb"\"", b"__").removesuffix(b"\\")
        start, half = 0, read[len(plain) :]
        while start < len(plain):
            mark = plain.find(_MARK, start)
            stop = mark + 1 or len(plain)
            piece, start = read[start:stop], stop
            if not inside and piece != _MARK:
                yield piece.removesuffix(_MARK)
            if inside and len(text) <= _MAX_ESCAPED:
                text += piece
            if mark >= 0:
                if inside:
                    yield bytes(text) if len(text) <= _MAX_ESCAPED else _NOT_KEPT
                text[:], inside = _MARK, not inside
    if inside or half:
        raise MalformedError("a reply that ends in the middle of a text")


def _parsed(text: bytearray) -> Tree:
    # One message in some other encoding must not make the others unreadable.
    return parse_json(text.decode(errors="replace").encode())
