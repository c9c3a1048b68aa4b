"""Object tags: https://cloud.tencent.com/document/product/436/42993."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from faketencent.cos.documents import document, element, parse
from faketencent.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LIMIT = 10
# Letters of any script, digits, and `+ - _ = . : / @`; a space on older pages only.
_KEY = re.compile(r"[\w +\-=.:/@]{1,127}")
_VALUE = re.compile(r"[\w +\-=.:/@]{1,255}")


def tags_from_header(text: str) -> dict[str, str]:
    """The tags of an `x-cos-tagging` header, `key=value&...`, URL-encoded.

    Raises:
        ServiceError: 400 InvalidTag.
    """
    return _checked(parse_qsl(text, keep_blank_values=True))


def tags_from_document(body: bytes) -> dict[str, str]:
    """The tags of a `Tagging` document.

    Raises:
        ServiceError: 400 MalformedXML, InvalidTag.
    """
    nodes = parse(body, "Tagging").iterfind("TagSet/Tag")
    return _checked((node.findtext("Key") or "", node.findtext("Value") or "") for node in nodes)


def tagging_document(tags: Mapping[str, str]) -> str:
    """The `Tagging` document of these tags."""
    pairs = (element("Tag", element("Key", key), element("Value", value)) for key, value in tags.items())
    return document(element("Tagging", element("TagSet", *pairs)))


def _checked(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    listed = list(pairs)
    tags = dict(listed)
    if len(tags) < len(listed):
        raise ServiceError(400, "InvalidTag", "a tag key must not repeat")
    if len(tags) > LIMIT:
        raise ServiceError(400, "InvalidTag", f"an object has at most {LIMIT} tags")
    for key, value in tags.items():
        if not (_KEY.fullmatch(key) and _VALUE.fullmatch(value)):
            raise ServiceError(400, "InvalidTag", f"{key!r}={value!r} is not a tag")
    return tags
