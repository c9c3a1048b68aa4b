"""A reply of TDMQ, however it is cut into parts, is what its whole text says; but long texts are not kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.cloud.tdmq_reply import MAX_TEXT, MESSAGES, read_reply
from shared.documents import Tree, parse_json
from shared.errors import MalformedError

if TYPE_CHECKING:
    from collections.abc import Iterator

texts = st.text(st.sampled_from('\\\\""{}[]:,aé视🎬\n\0'))
anything = st.recursive(
    texts | st.none(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3)
)
messages = st.dictionaries(texts, texts | st.lists(texts, max_size=2), max_size=3)
replies = st.builds(
    lambda others, found: {**others, MESSAGES: found, "code": "0"},
    st.dictionaries(texts, anything, max_size=3),
    st.lists(messages, max_size=3) | messages | texts,
)


def parts(body: bytes, size: int) -> Iterator[bytes]:
    return (body[start : start + size] for start in range(0, len(body), size))


def read(document: object, size: int = 65_536) -> Tree:
    return read_reply(parts(json.dumps(document, ensure_ascii=False).encode(), size))


@given(replies, st.integers(1, 20), st.booleans())
def test_it_is_what_the_whole_text_says(reply: Any, size: int, ascii_only: bool) -> None:  # noqa: ANN401 - any reply
    body = json.dumps(reply, ensure_ascii=ascii_only).encode(errors="surrogatepass")

    assert read_reply(parts(body, size)) == parse_json(body)


@pytest.mark.parametrize("letter", ["x", "\0", '"', "\\", "{", "视", "🎬"])
def test_a_text_that_is_too_long_is_null_and_what_stands_beside_it_is_read(letter: str) -> None:
    long = {"id": "1", "body": letter * (MAX_TEXT + 1), "handle": "h"}
    longest = {"id": "2", "body": letter * MAX_TEXT, "handle": "i"}

    reply = read({"code": "0", MESSAGES: [longest, long, longest], "requestId": "r"})

    assert reply == {"code": "0", MESSAGES: [longest, {**long, "body": None}, longest], "requestId": "r"}


@pytest.mark.parametrize("detail", [[{"x": "1"}], {"x": {"y": ["1"]}}, [[{"x": "1"}]]])
def test_what_is_not_documented_keeps_nothing_from_being_read(detail: Any) -> None:  # noqa: ANN401 - whatever may come
    reply = {"code": "4440", "detail": detail, MESSAGES: [{"msgBody": "b"}], "more": detail}

    assert read(reply, 1) == reply


@pytest.mark.parametrize(
    "body",
    [b"[" * 5_000_000, b"1" * 5_000_000, b'{"a":[{"b":' + b"1" * 5_000_000, b'{"code":0}"junk', b'{"code":0}\\"'],
)
def test_what_is_not_well_formed_or_no_list_of_messages_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedError):
        read_reply(parts(body, 65_536))
