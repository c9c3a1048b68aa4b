"""A reply of TDMQ, taken apart while it comes, so that memory does not follow what strangers put into a queue.

    {"code": 0, "msgInfoList": [{"msgBody": "...", "receiptHandle": "..."}, ...], "requestId": "..."}

The elements of its list are read one by one, and a text that is too long for a callback is not kept: its message is
received like the others, and can be deleted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from shared.documents import MAX_CALLBACK_BYTES, Tree, parse_json
from shared.errors import MalformedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")

#: Bytes of one text that are kept: a callback, and as much for escapes or base64.
MAX_TEXT = 2 * MAX_CALLBACK_BYTES
#: Bytes of one element, or of all that is around them.
_MAX_KEPT = 2 * MAX_TEXT
#: Levels of nesting from which on all belongs to an element of the list.
_ELEMENT = 3
_MARK, _NOT_KEPT = b'"', b"null"
_BRACKETS = re.compile(rb"([\[\]{}])")


def take_apart(parts: Iterable[bytes], read: Callable[[Tree], T]) -> tuple[Tree, list[T]]:
    """The reply with `null` for each element of its list; and what `read` makes of each, in order.

    A text that is too long is `null` too.

    Raises:
        MalformedError: it is not well-formed, or `read` does not like an element.
    """
    around, element, elements, depth = bytearray(), bytearray(), list[T](), 0
    for piece in _pieces(parts):
        # Brackets in a text are no brackets.
        for token in [piece] if piece.startswith(_MARK) else _BRACKETS.split(piece):
            depth += token in (b"{", b"[")
            kept = element if depth >= _ELEMENT else around
            kept += token
            depth -= token in (b"}", b"]")
            if len(kept) > _MAX_KEPT:
                raise MalformedError("a reply with too much in it")
            if element and depth < _ELEMENT:
                elements.append(read(_parsed(element)))
                element.clear()
                around += _NOT_KEPT
    return _parsed(around), elements


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
            if inside and len(text) <= MAX_TEXT:
                text += piece
            if mark >= 0:
                if inside:
                    yield bytes(text) if len(text) <= MAX_TEXT else _NOT_KEPT
                text[:], inside = _MARK, not inside


def _parsed(text: bytearray) -> Tree:
    # One message in some other encoding must not make the others unreadable.
    return parse_json(text.decode(errors="replace").encode())
