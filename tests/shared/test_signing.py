"""Signatures: who can make them, for what, and how they are compared."""

from __future__ import annotations

import hashlib
import hmac
from itertools import permutations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.signing import Purpose, Secrets
from tests.shared.samples import CURRENT, PREVIOUS, SECRETS, STRANGERS, any_text

parts = st.lists(any_text, max_size=4)
ROTATED = Secrets(b"the next secret, of 32 bytes too", CURRENT)


def test_a_signature_is_hmac_sha256_in_hex() -> None:
    told = b'["cos-watermark ticket v2","a","b"]'

    assert SECRETS.sign(Purpose.TICKET, "a", "b") == hmac.new(CURRENT, told, hashlib.sha256).hexdigest()


@given(st.sampled_from(Purpose), parts)
def test_what_was_signed_verifies_before_and_after_one_rotation(purpose: Purpose, signed: list[str]) -> None:
    signature = SECRETS.sign(purpose, *signed)

    assert SECRETS.verify(signature, purpose, *signed)
    assert ROTATED.verify(signature, purpose, *signed)


@given(st.sampled_from(Purpose), parts)
def test_what_others_signed_does_not_verify(purpose: Purpose, signed: list[str]) -> None:
    assert not SECRETS.verify(STRANGERS.sign(purpose, *signed), purpose, *signed)


def test_a_secret_is_forgotten_after_two_rotations() -> None:
    long_ago = Secrets(PREVIOUS).sign(Purpose.SEAL, "a")

    assert SECRETS.verify(long_ago, Purpose.SEAL, "a")
    assert not ROTATED.verify(long_ago, Purpose.SEAL, "a")


@given(st.sampled_from(Purpose), parts, parts)
def test_a_signature_is_for_its_own_texts_only(purpose: Purpose, signed: list[str], shown: list[str]) -> None:
    assume(signed != shown)

    assert not SECRETS.verify(SECRETS.sign(purpose, *signed), purpose, *shown)


@pytest.mark.parametrize(("made_for", "shown_as"), list(permutations(Purpose, 2)))
def test_a_signature_for_one_purpose_never_passes_for_another(made_for: Purpose, shown_as: Purpose) -> None:
    assert not SECRETS.verify(SECRETS.sign(made_for, "a"), shown_as, "a")


@given(any_text)
def test_any_other_text_is_merely_wrong(signature: str) -> None:
    assert not SECRETS.verify(signature, Purpose.TICKET, "a")


@pytest.mark.parametrize("signature", ["", "é" * 64, "\ud800" * 64, "０" * 64, "\0", "A" * 64, "0" * 100_000])
def test_signatures_beyond_ascii_or_of_another_length_raise_nothing(signature: str) -> None:
    assert not SECRETS.verify(signature, Purpose.TICKET, "a")


def test_a_signature_in_capitals_is_not_the_same_signature() -> None:
    assert not SECRETS.verify(SECRETS.sign(Purpose.TICKET, "a").upper(), Purpose.TICKET, "a")


def test_comparison_takes_the_same_time_whatever_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a witness of each comparison
    compared: list[tuple[object, object]] = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return one == other

    monkeypatch.setattr(hmac, "compare_digest", compare)

    # When a signature by the current secret, and a wrong one, are verified
    assert SECRETS.verify(SECRETS.sign(Purpose.SEAL, "a"), Purpose.SEAL, "a")
    assert not SECRETS.verify("wrong", Purpose.SEAL, "a")

    # Then both went through the constant-time function, as bytes, and met both secrets
    assert len(compared) == 4
    assert all(isinstance(side, bytes) for pair in compared for side in pair)


def test_secrets_never_show() -> None:
    assert "current" not in repr(SECRETS)
    assert "previous" not in repr(SECRETS).replace("previous=", "")
