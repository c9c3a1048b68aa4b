"""Documents from outside, JSON or XML, as plain trees. Any bytes give a tree or one `MalformedError`.

A tree is text, a list of trees, or a dict of trees: what both formats have in common. In XML an element that
occurs once is a tree, one that occurs more often a list of them; CI's JSON leaves the same choice open.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from shared.errors import MalformedError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

Tree: TypeAlias = "str | list[Tree] | dict[str, Tree] | None"

#: Documents larger than this are not looked at. A job list is a few KB, but a page of a listing can have 3 MB: a
#: thousand names of 850 bytes, percent-encoded.
MAX_BYTES = 4_000_000
#: The same for callbacks, which strangers can send: one is about a KB, and XML can be made slow to read.
MAX_CALLBACK_BYTES = 65_536
#: Levels of nesting; the deepest documented node has six.
MAX_DEPTH = 32


def parse(body: bytes, limit: int = MAX_BYTES) -> Tree:
    """The document's tree, whichever of the two formats it is in.

    Raises:
        TooLargeError: more bytes than `limit`.
        MalformedError: neither JSON nor XML, or one of the tricks that such documents can play.
    """
    if len(body) > limit:
        raise TooLargeError(f"a document of {len(body)} bytes is over the limit of {limit}")
    start = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start == b"<":
        return parse_xml(body.strip(), limit)
    return parse_json(body, limit)


def parse_xml(body: bytes, limit: int = MAX_BYTES, without: Collection[str] = ()) -> dict[str, Tree]:
    """An XML document as `{root name: tree}`; attributes, namespaces and elements of these names are dropped.

    Raises as `parse`.
    """
    if len(body) > limit:
        raise TooLargeError(f"a document of {len(body)} bytes is over the limit of {limit}")
    from xml.etree.ElementTree import ParseError  # noqa: PLC0415 - an event that is skipped has no XML

    from defusedxml import DefusedXmlException  # noqa: PLC0415 - as above
    from defusedxml.ElementTree import DefusedXMLParser  # noqa: PLC0415 - as above

    # Whatever encoding the document names: its author does not choose which of Python's codecs reads it.
    made = _XmlTree(without)
    parser = DefusedXMLParser(target=made, encoding="utf-8", forbid_dtd=True)
    try:
        parser.feed(body)
        parser.close()
    except (ParseError, DefusedXmlException) as error:
        raise MalformedError(f"not a well-formed XML document ({type(error).__name__})") from error
    return made.tree


def parse_json(body: bytes, limit: int = MAX_BYTES) -> Tree:
    """A JSON document: UTF-8, no duplicate names, no NaN, numbers and booleans as their text. Raises as `parse`."""
    if len(body) > limit:
        raise TooLargeError(f"a document of {len(body)} bytes is over the limit of {limit}")
    try:
        tree = json.loads(
            body.decode("utf-8-sig"),
            object_pairs_hook=_unique,
            parse_constant=_refuse_constant,
            parse_int=str,
            parse_float=str,
        )
    except (ValueError, RecursionError) as error:
        raise MalformedError(f"not a well-formed JSON document ({type(error).__name__})") from error
    return _json_tree(tree, 1)


def items(tree: Tree) -> list[Tree]:
    """A node that may be one or many, as many; an absent one is none."""
    if tree is None or tree == "":
        return []
    return tree if isinstance(tree, list) else [tree]


def child(tree: Tree, *names: str) -> Tree:
    """What lies under these names, one inside the other; `None` where one is missing."""
    for name in names:
        tree = tree.get(name) if isinstance(tree, dict) else None
    return tree


def text(tree: Tree, *names: str) -> str:
    """The text under these names; empty where there is none, or something else."""
    found = child(tree, *names)
    return found if isinstance(found, str) else ""


class _XmlTree:
    """Makes the tree while the parser reads: a page of a listing has thousands of elements, and takes little memory."""

    def __init__(self, without: Collection[str]) -> None:
        self._without = without
        #: Of each element that is not closed yet, what lies in it: first of the document itself.
        self._nodes: list[dict[str, Tree]] = [{}]
        self._texts: list[list[str]] = [[]]

    def start(self, _: str, __: Mapping[str, str]) -> None:
        if len(self._nodes) > MAX_DEPTH:
            raise MalformedError(f"a document nested deeper than {MAX_DEPTH} levels")
        self._nodes.append({})
        self._texts.append([])

    def data(self, text: str) -> None:
        self._texts[-1].append(text)

    def end(self, tag: str) -> None:
        inside, text = self._nodes.pop(), "".join(self._texts.pop())
        around, name = self._nodes[-1], tag.rpartition("}")[2]
        if name in self._without:
            return
        if name not in around:
            around[name] = inside or text
        elif isinstance(others := around[name], list):
            others.append(inside or text)
        else:
            around[name] = [others, inside or text]

    @property
    def tree(self) -> dict[str, Tree]:
        return self._nodes[0]


def _json_tree(value: Any, depth: int) -> Tree:  # noqa: ANN401 - what json.loads returns has no better type
    if depth > MAX_DEPTH:
        raise MalformedError(f"a document nested deeper than {MAX_DEPTH} levels")
    # What was read is changed in its place: a second one beside it would take as much memory again.
    if isinstance(value, dict):
        for name, item in value.items():
            value[name] = _json_tree(item, depth + 1)
        return value
    if isinstance(value, list):
        for place, item in enumerate(value):
            value[place] = _json_tree(item, depth + 1)
        return value
    if isinstance(value, bool):
        return str(value).lower()
    return value if value is None else str(value)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) != len(pairs):
        raise ValueError("a name occurs twice in one object")
    return names


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
