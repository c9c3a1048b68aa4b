"""Attempts as they are stored: what we wrote is read back, anything else is none of ours, and says so."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.claim import Attempt, Held, decode, encode
from shared.domain.job import Job
from shared.domain.result import MAX_TEXT, Result, Verdict
from shared.errors import ClaimError
from tests.shared.samples import AT, MODIFIED, RUN_ID, UPLOAD, any_text, results, uploads

if TYPE_CHECKING:
    from shared.documents import Tree

FIRST = Attempt(UPLOAD, 1, since=MODIFIED + 1)
FULL = Attempt(
    UPLOAD,
    2,
    since=MODIFIED + 1,
    job="j1",
    held=Held.REFUSED,
    refused_since=MODIFIED + 60,
    refusal="POST ci videos-1250000000/jobs: 400 InvalidArgument",
    result=Result(Verdict.FOUND, AT, "j1", "team-42"),
    unwritten_since=MODIFIED + 90,
    problem="metadata full",
    chain=2,
    replaces="0123456789abcdef",
    asked_by=RUN_ID,
)
BODY = encode(FULL)
seconds = st.integers(0, 10**11)
texts = st.text(max_size=20)
attempts = st.builds(
    Attempt, uploads, st.integers(1, 999_999), seconds, texts, st.none() | st.sampled_from(Held), st.none() | seconds,
    texts, st.none() | results, st.none() | seconds, texts, st.integers(0, 5), texts, texts,
)  # fmt: skip


@given(attempts)
def test_what_was_stored_is_read_back(attempt: Attempt) -> None:
    assert decode(encode(attempt)) == attempt


def test_it_is_plain_json_without_what_is_not_set() -> None:
    assert json.loads(encode(FIRST)) == {
        "v": 1,
        "upload": {
            "target": {"region": "ap-beijing", "bucket": "videos-1250000000", "key": "uploads/clip.mp4"},
            "content": {"crc64": "13464384021742137342", "size": 1029},
            "modified": MODIFIED,
            "run": "",
        },
        "number": 1,
        "since": MODIFIED + 1,
        "job": "",
        "refusal": "",
        "problem": "",
        "chain": 0,
        "replaces": "",
        "asked_by": "",
    }


@pytest.mark.parametrize("name", ["upload", "number", "since"])
def test_without_what_it_is_about_it_is_none(name: str) -> None:
    stored = json.loads(BODY)
    del stored[name]

    with pytest.raises(ClaimError):
        decode(json.dumps(stored).encode())


def test_a_version_that_nobody_here_knows_is_left_alone() -> None:
    with pytest.raises(ClaimError):
        decode(json.dumps({**json.loads(BODY), "v": 2}).encode())


@pytest.mark.parametrize("held", ["", "someday", None, 1])
def test_no_other_reason_to_be_held_is_known(held: object) -> None:
    stored = json.dumps({**json.loads(BODY), "held": held}).encode()

    if held is None:
        assert decode(stored).held is None
    else:
        with pytest.raises(ClaimError):
            decode(stored)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda node: st.lists(node, max_size=3) | st.dictionaries(st.sampled_from(["upload", "v", "number", "x"]), node),
    max_leaves=8,
)


@given(json_values.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=100))
def test_any_other_bytes_are_none(body: bytes) -> None:
    with pytest.raises(ClaimError):
        decode(body)


def test_half_an_attempt_is_none() -> None:
    for length in range(len(BODY)):
        with pytest.raises(ClaimError):
            decode(BODY[:length])


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(b'{"upload":' * 100_000, id="deep objects"),
        pytest.param(b"9" * 5000, id="huge number"),
        pytest.param(BODY.decode().encode("utf-16-le"), id="UTF-16"),
        pytest.param(b"\xff\xfe", id="a byte order mark"),
        pytest.param(b"NaN", id="NaN"),
    ],
)
def test_hostile_bodies_are_none_and_nothing_worse(body: bytes) -> None:
    with pytest.raises(ClaimError, match="left as it is"):
        decode(body)


@given(any_text.map(lambda text: text * 3000), st.sampled_from(["Success", "Failed"]))
def test_whatever_a_job_says_its_result_can_be_kept_and_read_back(text: str, state: str) -> None:
    # Given a job with texts of any length and kind, half characters among them
    operation: Tree = {"ExtractDigitalWatermark": {"Message": text}}
    job = Job.read({"JobId": "j1", "State": state, "Code": text, "Message": text, "Operation": operation})

    result = job.result()

    # Then the note about it stays small, and says what the result does
    kept = replace(FIRST, result=result)
    assert decode(encode(kept)) == kept
    assert result is not None
    assert max(len(part) for part in (result.text, result.code, result.message)) <= MAX_TEXT


class TestMayPost:
    def test_an_attempt_may_have_a_job_or_get_one(self) -> None:
        assert FIRST.may_post
        assert replace(FIRST, job="j1").may_post

    @pytest.mark.parametrize("held", Held)
    def test_one_that_is_held_may_not(self, held: Held) -> None:
        assert not replace(FIRST, held=held).may_post

    def test_nor_one_that_has_its_result(self) -> None:
        assert not replace(FIRST, result=Result(Verdict.NONE)).may_post
