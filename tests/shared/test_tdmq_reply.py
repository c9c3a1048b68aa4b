"""A reply of TDMQ, however it is cut into parts, is what its whole text says; but long texts are not kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.cloud.tdmq_reply import MAX_TEXT, take_apart
from shared.errors import MalformedError

if TYPE_CHECKING:
    from collections.abc import Iterator

texts = st.text(st.sampled_from('\\\\""{}[]:,aé视🎬\n\0'))
elements = st.dictionaries(texts, texts | st.lists(texts, max_size=2), max_size=3)
replies = st.builds(lambda message, found: {"message": message, "list": found}, texts, st.lists(elements, max_size=3))


def parts(body: bytes, size: int) -> Iterator[bytes]:
    return (body[start : start + size] for start in range(0, len(body), size))


def taken_apart(document: object, size: int = 65_536) -> tuple[Any, list[Any]]:
    return take_apart(parts(json.dumps(document, ensure_ascii=False).encode(), size), lambda tree: tree)


@given(replies, st.integers(1, 20), st.booleans())
def test_the_elements_of_its_list_come_one_by_one_and_leave_null(reply: Any, size: int, ascii_only: bool) -> None:  # noqa: ANN401 - any reply
    body = json.dumps(reply, ensure_ascii=ascii_only).encode(errors="surrogatepass")

    around, found = take_apart(parts(body, size), lambda tree: tree)

    assert (around, found) == ({**reply, "list": [None] * len(reply["list"])}, reply["list"])


@pytest.mark.parametrize("letter", ["x", "\0", '"', "\\", "{", "视", "🎬"])
def test_a_text_that_is_too_long_is_null_and_what_stands_beside_it_is_read(letter: str) -> None:
    long = {"id": "1", "body": letter * MAX_TEXT, "handle": "h"}
    short = {"id": "2", "body": letter * 9, "handle": "i"}

    around, found = taken_apart({"code": "0", "list": [short, long, short], "message": letter * MAX_TEXT})

    assert found == [short, {**long, "body": None}, short]
    assert around == {"code": "0", "list": [None] * 3, "message": None}


@pytest.mark.parametrize("length", [MAX_TEXT - 2, MAX_TEXT - 1])
def test_the_limit_is_for_the_text_with_its_marks(length: int) -> None:
    _, [found] = taken_apart({"list": [{"body": "x" * length}]})

    assert found["body"] == ("x" * length if length + 2 <= MAX_TEXT else None)


@pytest.mark.parametrize("body", [b"[" * 5_000_000, b"1" * 5_000_000, b'{"a":[{"b":' + b"1" * 5_000_000])
def test_neither_are_other_long_things(body: bytes) -> None:
    with pytest.raises(MalformedError):
        take_apart(parts(body, 65_536), lambda tree: tree)
