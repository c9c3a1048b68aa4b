"""Listing buckets: prefixes, delimiters, pages; objects and versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faketencent.cos.listing import Group, Page, walk

if TYPE_CHECKING:
    from qcloud_cos import CosS3Client

    from faketencent.cos import CosBackend
    from tests.faketencent.conftest import Refused

#: Says the same on every Python.
pytestmark = pytest.mark.once

TEXTS = st.text("ab/é🎬\U0010ffff", max_size=6)
KEYS = st.sets(st.text("ab/é🎬\U0010ffff", min_size=1, max_size=6), max_size=30)


def listed_naively(keys: set[str], prefix: str, delimiter: str) -> list[str | Group]:
    """The documented meaning, without regard to speed."""
    items: list[str | Group] = []
    for key in sorted((key for key in keys if key.startswith(prefix)), key=str.encode):
        rest = key[len(prefix) :]
        if delimiter and delimiter in rest:
            group = Group(prefix + rest.partition(delimiter)[0] + delimiter)
            if group not in items:
                items.append(group)
        else:
            items.append(key)
    return items


@given(keys=KEYS, prefix=TEXTS, delimiter=st.sampled_from(["", "/", "a", "//", "\U0010ffff"]))
def test_a_listing_is_what_the_documentation_says_for_any_keys(keys: set[str], prefix: str, delimiter: str) -> None:
    assert list(walk(sorted(keys), prefix, delimiter)) == listed_naively(keys, prefix, delimiter)


@given(keys=KEYS, prefix=TEXTS, delimiter=st.sampled_from(["", "/", "a"]), size=st.integers(1, 5))
def test_pages_make_up_the_whole(keys: set[str], prefix: str, delimiter: str, size: int) -> None:
    ordered = sorted(keys)
    pages: list[str | Group] = []
    marker, more = "", True
    while more:
        page = Page.of(walk(ordered, prefix, delimiter, marker), size)
        pages += page.items
        more = page.truncated
        last = page.items[-1] if page.items else ""
        marker = last.prefix if isinstance(last, Group) else last

    assert pages == listed_naively(keys, prefix, delimiter)


@pytest.fixture
def library(cos: CosBackend, videos: str) -> str:
    """A bucket with seven objects."""
    for key in ("b/2", "a", "b/1", "c", "b/x/3", "片", "b"):
        cos.put(videos, key, key.encode())
    return videos


def names(listing: dict[str, list[dict[str, str]]]) -> list[str]:
    return [entry["Key"] for entry in listing.get("Contents", [])]


def folders(listing: dict[str, list[dict[str, str]]]) -> list[str]:
    return [entry["Prefix"] for entry in listing.get("CommonPrefixes", [])]


def test_objects_are_listed_in_the_order_of_their_keys(client: CosS3Client, library: str) -> None:
    listing = client.list_objects(Bucket=library)

    assert names(listing) == ["a", "b", "b/1", "b/2", "b/x/3", "c", "片"]
    assert listing["IsTruncated"] == "false"
    assert "NextMarker" not in listing


def test_a_delimiter_makes_folders(client: CosS3Client, library: str) -> None:
    root = client.list_objects(Bucket=library, Delimiter="/")
    inside = client.list_objects(Bucket=library, Delimiter="/", Prefix="b/")

    assert (names(root), folders(root)) == (["a", "b", "c", "片"], ["b/"])
    assert (names(inside), folders(inside)) == (["b/1", "b/2"], ["b/x/"])


def test_a_page_says_where_the_next_one_begins(client: CosS3Client, library: str) -> None:
    first = client.list_objects(Bucket=library, MaxKeys=3, Delimiter="/")
    rest = client.list_objects(Bucket=library, Marker=first["NextMarker"], Delimiter="/")

    assert (names(first), folders(first), first["NextMarker"]) == (["a", "b"], ["b/"], "b/")
    assert (names(rest), folders(rest)) == (["c", "片"], [])


def test_deleted_objects_are_not_listed(client: CosS3Client, cos: CosBackend, versioned: str) -> None:
    cos.put(versioned, "a", b"")
    cos.put(versioned, "b", b"")
    cos.delete(versioned, "a")

    assert names(client.list_objects(Bucket=versioned)) == ["b"]


def test_a_page_has_at_most_a_thousand_keys(client: CosS3Client, cos: CosBackend, videos: str) -> None:
    for n in range(1001):
        cos.put(videos, f"{n:04}", b"")

    listing = client.list_objects(Bucket=videos, MaxKeys=5000)

    assert (len(listing["Contents"]), listing["MaxKeys"]) == (1000, "1000")
    assert listing["NextMarker"] == "0999"


def test_parameters_that_make_no_sense(client: CosS3Client, library: str, refused: Refused) -> None:
    with refused(400, "InvalidArgument"):
        client.list_objects(Bucket=library, MaxKeys="many")


def test_versions_are_listed_page_by_page_through_the_middle_of_an_object(
    client: CosS3Client, cos: CosBackend, versioned: str
) -> None:
    # given
    stored = [cos.put(versioned, key, b"x").version_id for key in ("a", "a", "b")]
    cos.delete(versioned, "b")
    marker = cos.bucket(versioned).versions("b")[0].version_id

    # when
    seen, key, version = [], "", ""
    while True:
        page = client.list_objects_versions(Bucket=versioned, MaxKeys=1, KeyMarker=key, VersionIdMarker=version)
        entries = page.get("Version", []) + page.get("DeleteMarker", [])
        seen += [(entry["Key"], entry["VersionId"], entry["IsLatest"]) for entry in entries]
        if page["IsTruncated"] == "false":
            break
        key, version = page["NextKeyMarker"], page["NextVersionIdMarker"]

    # then
    assert seen == [
        ("a", stored[1], "true"),
        ("a", stored[0], "false"),
        ("b", marker, "true"),
        ("b", stored[2], "false"),
    ]


def test_versions_are_grouped_like_objects(client: CosS3Client, cos: CosBackend, versioned: str) -> None:
    for key in ("a/1", "a/1", "a/2", "b"):
        cos.put(versioned, key, b"")

    listing = client.list_objects_versions(Bucket=versioned, Delimiter="/", MaxKeys=1)

    assert listing["CommonPrefixes"] == [{"Prefix": "a/"}]
    assert (listing["NextKeyMarker"], listing["NextVersionIdMarker"]) == ("a/", None)
    rest = client.list_objects_versions(Bucket=versioned, Delimiter="/", KeyMarker="a/")
    assert [entry["Key"] for entry in rest["Version"]] == ["b"]


def test_an_empty_bucket_and_an_empty_folder(client: CosS3Client, videos: str) -> None:
    assert names(client.list_objects(Bucket=videos)) == []
    assert names(client.list_objects(Bucket=videos, Prefix="none/", Delimiter="/")) == []
    assert client.list_objects_versions(Bucket=videos)["IsTruncated"] == "false"


def test_a_bucket_says_where_it_is(client: CosS3Client, videos: str) -> None:
    assert client.head_bucket(Bucket=videos)["x-cos-bucket-region"] == "ap-beijing"
    assert client.get_bucket_location(Bucket=videos)["LocationConstraint"] == "ap-beijing"
    assert client.bucket_exists(Bucket=videos)
    assert not client.bucket_exists(Bucket="nobody-1250000000")
