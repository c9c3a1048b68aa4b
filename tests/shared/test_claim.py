"""Claims as they are stored: ours come back as they were, anything else is forged."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.claim import Claim, decode, encode
from shared.domain.result import Result, Verdict
from shared.errors import ForgedClaimError
from shared.signing import Purpose, Secrets
from tests.shared.samples import AT, CONTENT, CURRENT, PREVIOUS, SECRETS, STRANGERS, contents, results

NOW = 1_767_225_600
CLAIM = Claim(
    CONTENT,
    (NOW, NOW + 300),
    NOW + 0.5,
    NOW + 300.25,
    "j1",
    Result(Verdict.FOUND, AT, "j1", "team-42"),
    "metadata full",
)
BODY = encode(CLAIM, SECRETS)
times = st.none() | st.floats(0, 1e11, allow_nan=False)
claims = st.builds(
    Claim, contents, st.lists(st.integers(0, 10**11), max_size=5).map(tuple), times, times, st.text(max_size=20),
    st.none() | results, st.text(max_size=20),
)  # fmt: skip


def signed(text: str) -> bytes:
    return json.dumps({"claim": text, "signature": SECRETS.sign(Purpose.CLAIM, text)}).encode()


@given(claims)
def test_what_was_stored_is_read_back(claim: Claim) -> None:
    assert decode(encode(claim, SECRETS), SECRETS) == claim


def test_a_claim_is_one_line_of_json() -> None:
    stored = json.loads(BODY)

    assert stored.keys() == {"claim", "signature"}
    assert json.loads(stored["claim"])["content"]["target"]["key"] == "uploads/clip.mp4"


def test_it_outlives_one_rotation_of_the_secret() -> None:
    assert decode(encode(CLAIM, Secrets(PREVIOUS)), SECRETS) == CLAIM
    assert decode(BODY, Secrets(b"the next secret of 32 bytes, too", CURRENT)) == CLAIM


@given(st.binary(max_size=100) | st.text().map(str.encode))
def test_any_other_bytes_are_forged(body: bytes) -> None:
    with pytest.raises(ForgedClaimError):
        decode(body, SECRETS)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda node: st.lists(node, max_size=3) | st.dictionaries(st.sampled_from(["claim", "signature", "x"]), node),
    max_leaves=8,
)


@given(json_values)
def test_any_other_json_is_forged(value: object) -> None:
    with pytest.raises(ForgedClaimError):
        decode(json.dumps(value).encode(), SECRETS)


@given(json_values)
def test_even_something_that_we_signed_must_be_a_claim(value: object) -> None:
    with pytest.raises(ForgedClaimError):
        decode(signed(json.dumps(value)), SECRETS)


@given(st.integers(0, len(BODY) - 1), st.binary(min_size=1, max_size=1))
def test_tampering_is_noticed(place: int, byte: bytes) -> None:
    tampered = BODY[:place] + byte + BODY[place + 1 :]
    try:
        # White space between the nodes is all that may differ.
        assert decode(tampered, SECRETS) == CLAIM
    except ForgedClaimError:
        assert tampered != BODY


def test_half_a_claim_is_forged() -> None:
    for length in range(len(BODY)):
        with pytest.raises(ForgedClaimError):
            decode(BODY[:length], SECRETS)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(encode(CLAIM, STRANGERS), id="someone else's"),
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(b'{"claim":' * 100_000, id="deep objects"),
        pytest.param(b"9" * 5000, id="huge number"),
        pytest.param(BODY.decode().encode("utf-16-le") + b"x", id="half of UTF-16"),
        pytest.param(b"\xff\xfe", id="a byte order mark"),
        pytest.param(b'{"claim": "\\ud800", "signature": "\\ud800"}', id="lone surrogates"),
        pytest.param(b"NaN", id="NaN"),
    ],
)
def test_hostile_bodies_are_forged_and_nothing_worse(body: bytes) -> None:
    with pytest.raises(ForgedClaimError):
        decode(body, SECRETS)


@pytest.mark.parametrize("purpose", [Purpose.TICKET, Purpose.SEAL])
def test_a_signature_for_another_purpose_is_none(purpose: Purpose) -> None:
    stored = json.loads(BODY)
    stored["signature"] = SECRETS.sign(purpose, stored["claim"])

    with pytest.raises(ForgedClaimError):
        decode(json.dumps(stored).encode(), SECRETS)


class TestAttempts:
    FIRST = Claim(CONTENT, (NOW,))

    def test_the_first_has_no_times_until_cos_tells_them(self) -> None:
        assert self.FIRST.attempt == 1
        assert self.FIRST.dated(NOW + 1.0) == replace(self.FIRST, since=NOW + 1.0, started=NOW + 1.0)

    def test_a_rewritten_claim_keeps_its_times(self) -> None:
        dated = self.FIRST.dated(NOW + 1.0)

        assert replace(dated, job="j1").dated(NOW + 99.0) == replace(dated, job="j1")

    def test_the_next_knows_when_the_first_began_and_every_ticket_so_far(self) -> None:
        # Given a first attempt that got as far as a job
        first = replace(self.FIRST.dated(NOW + 1.0), job="j1", problem="stuck")

        # When the next one is made and stored
        second = first.next_attempt(NOW + 300.9).dated(NOW + 301.0)

        # Then it starts afresh, but for the history
        assert second == Claim(CONTENT, (NOW, NOW + 300), since=NOW + 1.0, started=NOW + 301.0, forgotten=1)
        assert second.attempt == 2
