"""What HEAD tells: the content, the custom metadata, and whether anybody can read the object."""

from __future__ import annotations

import pytest

from shared.domain.head import Head
from shared.domain.objects import Content, Fingerprint
from tests.shared.samples import VIDEO

HEADERS = {
    "content-length": "1029",
    "content-type": "video/mp4",
    "etag": '"ee8de918d05640145b18f70f4c3aa602"',
    "x-cos-hash-crc64ecma": "13464384021742137342",
    "x-cos-meta-author": "ann",
    "x-cos-meta-watermark": "found",
    "x-cos-metadata": "not custom",
}


def test_the_content_is_checksum_and_size() -> None:
    assert Head(VIDEO, HEADERS).content == Content(VIDEO, Fingerprint("13464384021742137342", 1029))


@pytest.mark.parametrize("name", ["x-cos-hash-crc64ecma", "content-length"])
@pytest.mark.parametrize("value", [None, "", "abc", "-1", "1.5", "0x10", "²"])
def test_without_a_checksum_or_a_size_the_content_has_no_identity(name: str, value: str | None) -> None:
    others = {header: told for header, told in HEADERS.items() if header != name}

    assert Head(VIDEO, others if value is None else {**others, name: value}).content is None


def test_custom_metadata_is_all_of_it_and_nothing_else() -> None:
    assert Head(VIDEO, HEADERS).metadata == {"x-cos-meta-author": "ann", "x-cos-meta-watermark": "found"}


@pytest.mark.parametrize("storage", ["ARCHIVE", "DEEP_ARCHIVE", "MAZ_ARCHIVE", "MAZ_DEEP_ARCHIVE"])
@pytest.mark.parametrize(
    ("restore", "unreadable"),
    [
        (None, True),
        ('ongoing-request="true"', True),
        ('ongoing-request="false", expiry-date="Fri, 02 Jan 2026 00:00:00 GMT"', False),
    ],
)
def test_an_archived_object_is_readable_once_it_is_restored(
    storage: str,
    restore: str | None,
    unreadable: bool,
) -> None:
    headers = {**HEADERS, "x-cos-storage-class": storage} | ({"x-cos-restore": restore} if restore else {})

    assert Head(VIDEO, headers).unreadable_archive is unreadable


@pytest.mark.parametrize("storage", [None, "STANDARD", "STANDARD_IA", "MAZ_STANDARD", "INTELLIGENT_TIERING"])
def test_other_storage_classes_are_always_readable(storage: str | None) -> None:
    headers = {**HEADERS, "x-cos-storage-class": storage} if storage else HEADERS

    assert not Head(VIDEO, headers).unreadable_archive
