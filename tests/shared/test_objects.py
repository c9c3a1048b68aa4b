"""Objects, contents, uploads, and the digests that name them."""

from __future__ import annotations

import hashlib
from dataclasses import FrozenInstanceError, replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.signing import canonical
from tests.shared.samples import CONTENT, MODIFIED, RUN_ID, UPLOAD, VIDEO, any_text, uploads

if TYPE_CHECKING:
    from shared.domain.objects import Upload

#: The upload, for which somebody asked once more.
RECHECK = replace(UPLOAD, run=RUN_ID)


def test_an_object_and_an_upload_read_like_a_path() -> None:
    assert str(VIDEO) == str(UPLOAD) == "videos-1250000000/uploads/clip.mp4"


def test_the_id_of_an_object_is_sha256_over_bucket_and_key() -> None:
    # Claims of a running deployment are filed under it, so it may never change.
    said = b'["videos-1250000000","uploads/clip.mp4"]'

    assert VIDEO.id == hashlib.sha256(said).hexdigest()


def test_the_id_of_an_upload_is_sha256_over_bucket_key_content_and_time() -> None:
    # So are records. Nobody asked for it: the place of the run is empty.
    said = b'["videos-1250000000","uploads/clip.mp4","13464384021742137342","1029","1767225600",""]'

    assert UPLOAD.id == hashlib.sha256(said).hexdigest()


def test_the_id_of_a_re_check_is_also_over_the_run_that_asked_for_it() -> None:
    said = (
        b'["videos-1250000000","uploads/clip.mp4","13464384021742137342","1029","1767225600","20260101T080000Z-4f2a"]'
    )

    assert RECHECK.id == hashlib.sha256(said).hexdigest()


class TestUploadIdentity:
    def test_two_puts_of_the_same_bytes_are_two_uploads(self) -> None:
        again = replace(UPLOAD, modified=MODIFIED + 1)

        assert again.content == UPLOAD.content
        assert again != UPLOAD
        assert again.id != UPLOAD.id

    def test_the_region_does_not_count_for_a_bucket_exists_once_in_the_world(self) -> None:
        elsewhere = replace(UPLOAD, target=replace(VIDEO, region="ap-shanghai"))

        assert elsewhere.id == UPLOAD.id
        assert elsewhere.target.id == VIDEO.id

    @pytest.mark.parametrize(
        "other",
        [
            replace(UPLOAD, target=replace(VIDEO, bucket="videos-1250000001")),
            replace(UPLOAD, target=replace(VIDEO, key="uploads/Clip.mp4")),
            replace(UPLOAD, content=replace(CONTENT, crc64="1")),
            replace(UPLOAD, content=replace(CONTENT, size=1030)),
            replace(UPLOAD, modified=MODIFIED - 1),
            RECHECK,
        ],
    )
    def test_another_bucket_key_checksum_size_time_or_run_is_another_upload(self, other: Upload) -> None:
        assert other.id != UPLOAD.id

    def test_a_re_check_is_of_the_same_writing(self) -> None:
        assert RECHECK.writing == UPLOAD.writing == UPLOAD

    @given(uploads, uploads)
    def test_uploads_that_differ_in_more_than_the_region_have_different_ids(self, one: Upload, other: Upload) -> None:
        here = replace(other, target=replace(other.target, region=one.target.region))
        assume(here != one)

        assert other.id != one.id


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


def test_objects_contents_and_uploads_cannot_be_changed() -> None:
    for value, name in ((VIDEO, "key"), (CONTENT, "size"), (UPLOAD, "modified")):
        with pytest.raises(FrozenInstanceError):
            setattr(value, name, None)
