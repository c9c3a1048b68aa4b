"""XML documents: what COS writes, and what it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from faketencent.cos.exceptions import malformed_xml

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


class Xml(str):
    """Text that is markup already."""

    __slots__ = ()


def element(name: str, *content: str | int, attributes: str = "") -> Xml:
    """One element around text (escaped here) and other elements."""
    inner = "".join(c if isinstance(c, Xml) else str(c).translate(_ESCAPES) for c in content)
    return Xml(f"<{name}{attributes}>{inner}</{name}>")


def document(root: Xml) -> str:
    """A whole document."""
    return _DECLARATION + root


def parse(body: bytes, root: str) -> Element:
    """The root of a document that was sent, which must have that name.

    Raises:
        ServiceError: 400 MalformedXML.
    """
    try:
        found: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise malformed_xml(str(error)) from error
    if found.tag != root:
        raise malformed_xml(f"<{root}> expected, <{found.tag}> found")
    return found
