"""What HEAD tells: which upload it is, its custom metadata, and what keeps it from being checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.head import Head
from shared.domain.metadata import write_fields
from shared.domain.objects import Content, ObjectRef, Upload
from shared.domain.outcome import Reason
from shared.domain.result import Result, Verdict
from tests.shared.samples import AT, CONTENT, MODIFIED, SECRETS, STRANGERS, UPLOAD, VIDEO, any_text, settings

if TYPE_CHECKING:
    from shared.signing import Secrets

HEADERS = {
    "content-length": "1029",
    "content-type": "video/mp4",
    "date": "Thu, 01 Jan 2026 00:01:00 GMT",
    "etag": '"ee8de918d05640145b18f70f4c3aa602"',
    "last-modified": "Thu, 01 Jan 2026 00:00:00 GMT",
    "x-cos-hash-crc64ecma": "13464384021742137342",
    "x-cos-meta-author": "ann",
    "x-cos-metadata": "not custom",
}
RESTORED = 'ongoing-request="false", expiry-date="Fri, 02 Jan 2026 00:00:00 GMT"'
RESTORING = 'ongoing-request="true"'


def read(**changed: str | None) -> Head:
    """The head with headers changed; `_` stands for `-`, and `None` takes one away."""
    merged = {**HEADERS, **{name.replace("_", "-"): value for name, value in changed.items()}}
    return Head.read(VIDEO, {name: value for name, value in merged.items() if value is not None})


class TestReading:
    def test_the_upload_is_object_checksum_size_and_last_modified(self) -> None:
        assert read().upload == Upload(VIDEO, CONTENT, MODIFIED) == UPLOAD

    def test_it_knows_when_it_was_seen_by_the_clock_of_cos(self) -> None:
        assert read().seen == MODIFIED + 60

    def test_header_names_may_be_in_upper_or_lower_case(self) -> None:
        assert Head.read(VIDEO, {name.title(): value for name, value in HEADERS.items()}) == read()

    @pytest.mark.parametrize("name", ["etag", "last_modified", "date", "content_length"])
    def test_without_what_cos_always_sends_it_is_no_reply_of_cos(self, name: str) -> None:
        with pytest.raises(ValueError, match=f"no {name.replace('_', '-')}"):
            read(**{name: None})

    @pytest.mark.parametrize("name", ["last_modified", "date", "content_length"])
    @pytest.mark.parametrize("value", ["", "abc", "1.5", "0x10", "2026-01-01"])
    def test_nor_where_a_date_or_a_number_is_none(self, name: str, value: str) -> None:
        with pytest.raises(ValueError):  # noqa: PT011 - whatever it says
            read(**{name: value})

    def test_custom_metadata_is_all_of_it_and_nothing_else(self) -> None:
        head = read(x_cos_meta_watermark="found")

        assert head.metadata == {"x-cos-meta-author": "ann", "x-cos-meta-watermark": "found"}


class TestSealed:
    RESULT = Result(Verdict.FOUND, AT, "j1", "team-42")

    def sealed(self, prefix: str = "watermark", upload: Upload = UPLOAD, secrets: Secrets = SECRETS) -> Head:
        fields = write_fields(self.RESULT, secrets, upload, prefix=prefix, own={})
        return read(**fields)

    def test_a_result_that_we_wrote_is_recognised(self) -> None:
        found = self.sealed().sealed(settings())

        assert found is not None
        assert found.result == self.RESULT

    def test_one_about_other_bytes_is_none(self) -> None:
        other = Upload(VIDEO, Content("1", 1029), MODIFIED)

        assert self.sealed(upload=other).sealed(settings()) is None

    def test_nor_is_one_by_another_secret_or_under_another_prefix(self) -> None:
        assert self.sealed(secrets=STRANGERS).sealed(settings()) is None
        assert self.sealed(prefix="wm").sealed(settings()) is None
        assert self.sealed(prefix="wm").sealed(settings(METADATA_PREFIX="wm")) is not None


class TestObstacles:
    """Nothing is paid for an object that CI cannot read or that we could not write onto."""

    def test_an_ordinary_object_has_none(self) -> None:
        assert read().obstacle is None

    @pytest.mark.parametrize("storage", ["ARCHIVE", "DEEP_ARCHIVE", "MAZ_ARCHIVE", "MAZ_DEEP_ARCHIVE"])
    @pytest.mark.parametrize(
        ("restore", "obstacle"), [(None, Reason.ARCHIVED), (RESTORING, Reason.ARCHIVED), (RESTORED, None)]
    )
    def test_archived_and_not_restored(self, storage: str, restore: str | None, obstacle: Reason | None) -> None:
        assert read(x_cos_storage_class=storage, x_cos_restore=restore).obstacle is obstacle

    @pytest.mark.parametrize("storage", [None, "STANDARD", "STANDARD_IA", "MAZ_STANDARD", "COLD"])
    def test_other_storage_classes_can_always_be_read(self, storage: str | None) -> None:
        assert read(x_cos_storage_class=storage).obstacle is None

    @pytest.mark.parametrize(
        ("tier", "obstacle"),
        [
            (None, None),
            ("FREQUENT", None),
            ("INFREQUENT", None),
            ("ARCHIVE", Reason.ARCHIVED),
            ("DEEP_ARCHIVE", Reason.ARCHIVED),
        ],
    )
    @pytest.mark.parametrize("restore", [None, RESTORING])
    def test_in_an_archive_tier_of_intelligent_tiering(
        self, tier: str | None, obstacle: Reason | None, restore: str | None
    ) -> None:
        # Once restored, the object is back in the standard tier.
        head = read(x_cos_storage_class="INTELLIGENT_TIERING", x_cos_storage_tier=tier, x_cos_restore=restore)

        assert head.obstacle is obstacle

    def test_encrypted_with_a_customers_key(self) -> None:
        assert read(x_cos_server_side_encryption_customer_algorithm="AES256").obstacle is Reason.UNREADABLE

    @pytest.mark.parametrize("method", ["AES256", "cos/kms"])
    def test_encryption_by_cos_is_none(self, method: str) -> None:
        assert read(x_cos_server_side_encryption=method).obstacle is None

    @pytest.mark.parametrize("checksum", [None, "", "abc", "-1", "1.5", "0x10", "²"])
    def test_without_a_checksum(self, checksum: str | None) -> None:
        head = read(x_cos_hash_crc64ecma=checksum)

        assert head.obstacle is Reason.NO_CHECKSUM
        assert head.upload.content == Content("", 1029)

    @pytest.mark.parametrize(
        ("kind", "obstacle"),
        [
            (None, None),
            ("normal", None),
            ("appendable", Reason.APPENDABLE),
            ("symlink", Reason.SYMLINK),
        ],
    )
    def test_appended_or_a_link(self, kind: str | None, obstacle: Reason | None) -> None:
        assert read(x_cos_object_type=kind).obstacle is obstacle

    @pytest.mark.parametrize("character", ["\uffff", "\x01", "\r", "\0"])
    def test_a_key_that_no_request_for_a_job_can_name(self, character: str) -> None:
        target = ObjectRef("ap-beijing", "videos-1250000000", f"a{character}.mp4")

        assert Head.read(target, HEADERS).obstacle is Reason.UNNAMABLE

    @given(st.dictionaries(st.sampled_from(["x_cos_storage_class", "x_cos_storage_tier", "x_cos_restore",
                                            "x_cos_object_type", "x_cos_hash_crc64ecma"]), any_text))  # fmt: skip
    def test_no_header_is_more_than_one_of_these_obstacles(self, headers: dict[str, str]) -> None:
        expected = (None, Reason.ARCHIVED, Reason.NO_CHECKSUM, Reason.APPENDABLE, Reason.SYMLINK)

        assert read(**headers).obstacle in expected
