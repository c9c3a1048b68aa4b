"""Documents from strangers: a tree or a `MalformedError`, whatever the bytes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NoReturn
from xml.sax.saxutils import escape

import defusedxml.ElementTree
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.documents import MAX_BYTES, MAX_DEPTH, Tree, items, parse, parse_json, parse_xml
from shared.errors import MalformedError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Callable

SIX_MEGABYTES = 6 * 1024 * 1024
#: Bytes that make JSON and XML parsers do things, to be put together in any order.
TOKENS = [
    b"<a>", b"</a>", b"<a/>", b"<a b='c'>", b'<q:a xmlns:q="u">', b"&lt;", b"&e;", b"&#0;", b"&#xD800;", b"&#65;",
    b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<?p i?>", b"<!DOCTYPE a>", b"<?xml version='1.0'?>", b"{", b"}", b"[",
    b"]", b'"a"', b'"', b":", b",", b"null", b"true", b"-1e9999", b"NaN", b"\\ud800", b"\\u0000", b"\xef\xbb\xbf",
    b"\xff\xfe", b"\xed\xa0\x80", b"\x00", b" ", b"\n", "é".encode(), "视".encode(),
]  # fmt: skip


def is_tree(tree: object) -> bool:
    if isinstance(tree, dict):
        return all(isinstance(name, str) and is_tree(node) for name, node in tree.items())
    if isinstance(tree, list):
        return all(is_tree(node) for node in tree)
    return tree is None or isinstance(tree, str)


def xml(declaration: str = "", body: str = "<Response>x</Response>") -> bytes:
    return f"{declaration}{body}".encode()


@given(st.binary(max_size=200) | st.lists(st.sampled_from(TOKENS), max_size=20).map(b"".join))
@example(b"")
@example(b"<")
@example(b"\xef\xbb\xbf")
def test_any_bytes_are_a_tree_or_malformed(body: bytes) -> None:
    for read in (parse, parse_xml, parse_json):
        try:
            tree = read(body)
        except MalformedError:
            continue
        assert is_tree(tree)


texts = st.text(max_size=8)
trees = st.recursive(texts, lambda node: st.lists(node, max_size=3) | st.dictionaries(texts, node, max_size=3))


@given(trees)
def test_json_says_what_it_says(tree: Tree) -> None:
    assert parse(json.dumps(tree).encode()) == tree
    assert parse(json.dumps(tree, ensure_ascii=False, indent=1).encode()) == tree


xml_names = st.sampled_from(["Response", "JobsDetail", "Code", "é"])
# Without what XML cannot carry, and without the line ends that it unifies.
xml_texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="\ufffe\uffff"), max_size=8
)


@given(st.recursive(xml_texts, lambda node: st.dictionaries(xml_names, node, min_size=1, max_size=3)))
def test_xml_says_what_it_says(tree: Tree) -> None:
    def written(node: Tree) -> str:
        if isinstance(node, dict):
            return "".join(f"<{name}>{written(child)}</{name}>" for name, child in node.items())
        assert isinstance(node, str)
        return escape(node)

    assert parse(f"<Root>{written(tree)}</Root>".encode()) == {"Root": tree}


def test_both_formats_of_a_document_give_the_same_tree() -> None:
    as_xml = b"<R><Id>1</Id><On>true</On><Empty/><Job><A>x</A></Job><Job><A>y</A></Job></R>"
    as_json = b'{"R": {"Id": 1, "On": true, "Empty": "", "Job": [{"A": "x"}, {"A": "y"}]}}'

    assert parse(as_xml) == parse(as_json)


class TestJson:
    @pytest.mark.parametrize(
        ("body", "tree"),
        [
            (b'"x"', "x"),
            (b"null", None),
            (b"[true, false]", ["true", "false"]),
            (b"[1, -0, 1.50, 1e400]", ["1", "-0", "1.50", "1e400"]),
            (b"[" + b"9" * 5000 + b"]", ["9" * 5000]),
            (b"\xef\xbb\xbf{}", {}),
            (b" \r\n\t{} \n", {}),
            ('{"é": "视频"}'.encode(), {"é": "视频"}),
        ],
    )
    def test_numbers_and_booleans_become_their_text(self, body: bytes, tree: Tree) -> None:
        assert parse(body) == tree

    @pytest.mark.parametrize(
        "body",
        [
            pytest.param(b"", id="empty"),
            pytest.param(b" \n", id="blank"),
            pytest.param(b"NaN", id="NaN"),
            pytest.param(b"[-Infinity]", id="-Infinity"),
            pytest.param(b'{"a": Infinity}', id="Infinity"),
            pytest.param(b'{"a": 1, "a": 1}', id="duplicate name"),
            pytest.param(b'[{"x": {"a": 1, "\\u0061": 2}}]', id="duplicate name in disguise"),
            pytest.param(b'{"a": 1,}', id="trailing comma"),
            pytest.param(b"{'a': 1}", id="single quotes"),
            pytest.param(b'{"a": 1} {}', id="two documents"),
            pytest.param(b'"\n"', id="line end in text"),
            pytest.param(b'"\xff"', id="not UTF-8"),
            pytest.param(b'"\xed\xa0\x80"', id="surrogate in UTF-8"),
            pytest.param(b'"\xc0\xaf"', id="overlong UTF-8"),
            pytest.param('{"a": 1}'.encode("utf-16"), id="UTF-16"),
            pytest.param('{"a": 1}'.encode("utf-32-be"), id="UTF-32"),
            pytest.param(b"\xef\xbb\xbf\xef\xbb\xbf{}", id="two byte order marks"),
            pytest.param(b" \xef\xbb\xbf{}", id="byte order mark after white space"),
            pytest.param(b"[" * 200_000, id="200k lists, open"),
            pytest.param(b"[" * 200_000 + b"]" * 200_000, id="200k lists, closed"),
            pytest.param(b'{"a":' * 150_000 + b"1" + b"}" * 150_000, id="150k objects"),
        ],
    )
    def test_whatever_is_not_strict_json_is_malformed(self, body: bytes) -> None:
        with pytest.raises(MalformedError):
            parse(body)

    def test_a_lone_surrogate_is_text_like_any_other(self) -> None:
        assert parse(b'["\\ud800"]') == ["\ud800"]

    def test_a_very_wide_document_is_read(self) -> None:
        assert parse(b"[" + b"1," * 300_000 + b"1]") == ["1"] * 300_001

    @pytest.mark.parametrize(("levels", "fits"), [(MAX_DEPTH - 1, True), (MAX_DEPTH, False)])
    def test_nesting_is_limited(self, levels: int, fits: bool) -> None:
        assert_nesting(b"[" * levels + b'""' + b"]" * levels, fits=fits)


class TestXml:
    @pytest.mark.parametrize(
        ("body", "tree"),
        [
            (b"<R/>", {"R": ""}),
            (b"<R> x </R>", {"R": " x "}),
            (b"<R>\n  <A>1</A>\n</R>", {"R": {"A": "1"}}),
            (b"<R><A/><B/><A>1</A><A/></R>", {"R": {"A": ["", "1", ""], "B": ""}}),
            (b'<R xmlns="urn:x" a="1"><q:A xmlns:q="urn:y">1</q:A></R>', {"R": {"A": "1"}}),
            (b"<R>a<!-- c -->b<?p i?>c</R>", {"R": "abc"}),
            (b"<R><![CDATA[<&]]>&lt;&#x89C6;</R>", {"R": "<&<视"}),
            (b"\xef\xbb\xbf<R/>", {"R": ""}),
            (b"\n\n  <?xml version='1.0' encoding='utf-8' ?>\n<R/>\n", {"R": ""}),
            (b"<R>]]&gt;\r\n\r</R>", {"R": "]]>\n\n"}),
        ],
    )
    def test_elements_become_names_and_text(self, body: bytes, tree: Tree) -> None:
        assert parse(body) == tree

    @pytest.mark.parametrize(
        "body",
        [
            pytest.param(b"<R>", id="unclosed"),
            pytest.param(b"<R></S>", id="crossed"),
            pytest.param(b"<R/><R/>", id="two documents"),
            pytest.param(b"<R/>x", id="text behind"),
            pytest.param(b"<R>&undefined;</R>", id="undefined entity"),
            pytest.param(b"<R>&#0;</R>", id="NUL"),
            pytest.param(b"<R>&#xD800;</R>", id="surrogate"),
            pytest.param(b"<R>\xff</R>", id="not UTF-8"),
            pytest.param(b"<R>\x1b</R>", id="control character"),
            pytest.param(b"<q:R/>", id="unbound prefix"),
            pytest.param(b"<R a='1' a='2'/>", id="duplicate attribute"),
            pytest.param(b"<!DOCTYPE R><R/>", id="bare DTD"),
            pytest.param(b"<!DOCTYPE R SYSTEM 'http://example.com/x.dtd'><R/>", id="external DTD"),
            pytest.param(b"<!DOCTYPE R [<!ENTITY e 'x'>]><R>&e;</R>", id="internal entity"),
            pytest.param(b"<!DOCTYPE R [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><R>&e;</R>", id="external entity"),
            pytest.param(b"<!DOCTYPE R [<!ENTITY % e SYSTEM 'file:///etc/passwd'> %e;]><R/>", id="parameter entity"),
            pytest.param(
                b"<!DOCTYPE R [<!ENTITY a 'ha'>" + b"".join(
                    b"<!ENTITY %c '&%c;&%c;'>" % (after, before, before)
                    for before, after in zip(b"abcdefghijklmnopqrstuvwxy", b"bcdefghijklmnopqrstuvwxyz", strict=True)
                ) + b"]><R>&z;</R>",
                id="billion laughs",
            ),
            pytest.param(b"<a>" * 200_000, id="200k levels, open"),
            pytest.param(b"<a>" * 20_000 + b"</a>" * 20_000, id="20k levels, closed"),
            pytest.param("<R>é</R>".encode("utf-32"), id="UTF-32"),
            pytest.param("<R>é</R>".encode("cp037"), id="EBCDIC"),
        ],
    )  # fmt: skip
    def test_whatever_is_not_plain_xml_is_malformed(self, body: bytes) -> None:
        with pytest.raises(MalformedError):
            parse(body)

    @pytest.mark.parametrize(
        "name",
        [
            "utf-7",
            "idna",
            "rot13",
            "unicode_escape",
            "punycode",
            "undefined",
            "hex",
            "zlib",
            "cp037",
            "mbcs",
            "klingon",
        ],
    )
    def test_no_document_chooses_its_own_codec(self, name: str) -> None:
        # +ADw- is `<` in UTF-7, \u003c in an escape.
        text = r"+ADw-x+AD4-\u003c"
        declaration = f'<?xml version="1.0" encoding="{name}"?>'

        assert parse(xml(declaration, f"<R>{text}</R>")) == {"R": text}

    def test_utf_16_with_its_mark_is_not_read(self) -> None:
        with pytest.raises(MalformedError):
            parse("<R/>".encode("utf-16"))

    def test_a_very_wide_document_is_read(self) -> None:
        tree = parse(b"<R>" + b"<a/>" * 100_000 + b"</R>")

        assert tree == {"R": {"a": [""] * 100_000}}

    @pytest.mark.parametrize(("levels", "fits"), [(MAX_DEPTH, True), (MAX_DEPTH + 1, False)])
    def test_nesting_is_limited(self, levels: int, fits: bool) -> None:
        assert_nesting(b"<a>" * levels + b"</a>" * levels, fits=fits)


def assert_nesting(body: bytes, *, fits: bool) -> None:
    if fits:
        assert is_tree(parse(body))
    else:
        with pytest.raises(MalformedError):
            parse(body)


class TestSize:
    @pytest.fixture
    def no_parsers(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object, **__: object) -> NoReturn:
            raise AssertionError("a document over the limit was parsed")

        monkeypatch.setattr(defusedxml.ElementTree, "DefusedXMLParser", refuse)
        monkeypatch.setattr(json, "loads", refuse)

    @pytest.mark.usefixtures("no_parsers")
    @pytest.mark.parametrize("read", [parse, parse_xml, parse_json])
    @pytest.mark.parametrize("start", [b"<R>", b"[", b" ", b"\xff"])
    def test_six_megabytes_are_refused_unseen(self, read: Callable[[bytes], Tree], start: bytes) -> None:
        with pytest.raises(TooLargeError):
            read(start.ljust(SIX_MEGABYTES))

    def test_the_limit_itself_is_allowed(self) -> None:
        assert parse(b"[]".ljust(MAX_BYTES)) == []
        with pytest.raises(TooLargeError):
            parse(b"[]".ljust(MAX_BYTES + 1))

    @pytest.mark.parametrize("read", [parse, parse_xml])
    def test_a_smaller_limit_can_be_set(self, read: Callable[[bytes, int], Tree]) -> None:
        assert read(b"<R/>", 4) == {"R": ""}
        with pytest.raises(TooLargeError):
            read(b"<R/>", 3)


def test_messages_do_not_repeat_the_document() -> None:
    for body in (b"<secret", b'{"secret": NaN}', b'{"secret": 1, "secret": 2}', b"<!DOCTYPE secret><a/>"):
        with pytest.raises(MalformedError) as refusal:
            parse(body)
        assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    ("tree", "many"),
    [(None, []), ("", []), ([], []), ("x", ["x"]), ({}, [{}]), ({"a": "1"}, [{"a": "1"}]), (["x", ""], ["x", ""])],
)
def test_one_or_many_are_many(tree: Tree, many: list[Tree]) -> None:
    assert items(tree) == many
