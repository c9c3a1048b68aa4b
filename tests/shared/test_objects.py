"""Objects, fingerprints and the digest that names a content."""

from __future__ import annotations

import hashlib
from dataclasses import FrozenInstanceError, replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.signing import canonical
from tests.shared.samples import CONTENT, VIDEO, any_text

if TYPE_CHECKING:
    from shared.domain.objects import Content


def test_an_object_reads_like_a_path() -> None:
    assert str(VIDEO) == "videos-1250000000/uploads/clip.mp4"


def test_a_fingerprint_is_the_checksum_and_the_size() -> None:
    assert str(CONTENT.fingerprint) == "13464384021742137342-1029"


def test_the_digest_is_sha256_over_bucket_key_and_fingerprint() -> None:
    # Claims of a running deployment are filed under it, so it may never change.
    told = b'["videos-1250000000","uploads/clip.mp4","13464384021742137342-1029"]'

    assert CONTENT.digest == hashlib.sha256(told).hexdigest()


def test_the_region_is_no_part_of_the_identity() -> None:
    elsewhere = replace(CONTENT, target=replace(VIDEO, region="ap-shanghai"))

    assert elsewhere.identity == CONTENT.identity
    assert elsewhere.digest == CONTENT.digest


@pytest.mark.parametrize(
    "other",
    [
        replace(CONTENT, target=replace(VIDEO, bucket="videos-1250000001")),
        replace(CONTENT, target=replace(VIDEO, key="uploads/Clip.mp4")),
        replace(CONTENT, fingerprint=replace(CONTENT.fingerprint, crc64="1")),
        replace(CONTENT, fingerprint=replace(CONTENT.fingerprint, size=1030)),
    ],
)
def test_another_bucket_key_checksum_or_size_is_another_content(other: Content) -> None:
    assert other.digest != CONTENT.digest


texts = st.lists(any_text, max_size=4)


@given(texts, texts)
def test_different_lists_of_texts_have_different_canonical_bytes(one: list[str], other: list[str]) -> None:
    assume(one != other)

    assert canonical(*one) != canonical(*other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["ab", "c"], ["a", "bc"]),
        (["a", ""], ["a"]),
        (['a","b'], ["a", "b"]),
        (["\u00e9"], ["e\u0301"]),
        (["\U0001f600"], ["\ud83d\ude00"]),
        (["\\n"], ["\n"]),
    ],
)
def test_texts_that_look_alike_are_told_apart(one: list[str], other: list[str]) -> None:
    assert canonical(*one) != canonical(*other)


def test_objects_and_contents_cannot_be_changed() -> None:
    for value, name in ((VIDEO, "key"), (CONTENT.fingerprint, "size"), (CONTENT, "target")):
        with pytest.raises(FrozenInstanceError):
            setattr(value, name, None)
