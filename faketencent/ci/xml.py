"""Documents made of names and texts, written as XML.

What is behind a name is a text, a mapping, or a sequence of these for a name that repeats.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias, Union

Node: TypeAlias = Union[str, Mapping[str, "Node"], Sequence["Node"]]  # noqa: UP007 - `|` takes no quoted name
Document: TypeAlias = Mapping[str, Node]

#: What XML 1.0 cannot hold, not even as a reference: https://www.w3.org/TR/xml/#charsets
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = str.maketrans({
    "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;",
    "\t": "&#x9;", "\n": "&#xA;", "\r": "&#xD;",
})  # fmt: skip


def to_xml(name: str, node: Node) -> bytes:
    """The document with that root."""
    return _xml(name, node).encode()


def _xml(name: str, node: Node) -> str:
    if isinstance(node, str):
        return f"<{name}>{_escaped(node)}</{name}>" if node else f"<{name}/>"
    if isinstance(node, Mapping):
        return f"<{name}>{''.join(_xml(child, inner) for child, inner in node.items())}</{name}>"
    return "".join(_xml(name, inner) for inner in node)


def _escaped(text: str) -> str:
    # Assumed to be what Go's encoding/xml does, whose style the documented samples have: line ends survive
    # as references, and a character that cannot be written becomes U+FFFD.
    return _NOT_XML.sub("\ufffd", text).translate(_ESCAPES)
