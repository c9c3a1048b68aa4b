"""ACLs and tags of objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.cos.acl import PRIVATE, PUBLIC_READ, Acl
from faketencent.cos.tagging import tags_from_document
from faketencent.errors import ServiceError

if TYPE_CHECKING:
    from qcloud_cos import CosS3Client

    from faketencent.cos import CosBackend
    from tests.faketencent.conftest import Refused

#: Says the same on every Python.
pytestmark = pytest.mark.once

KEY = "a.mp4"
OWNER = {"ID": "qcs::cam::uin/100000000001:uin/100000000001"}
ANYONE = {"Grantee": {"Type": "Group", "URI": "http://cam.qcloud.com/groups/global/AllUsers"}, "Permission": "READ"}


def user(uin: str) -> dict[str, str]:
    full = f"qcs::cam::uin/{uin}:uin/{uin}"
    return {"Type": "CanonicalUser", "ID": full, "DisplayName": full}


def test_without_a_list_of_its_own_an_object_inherits(client: CosS3Client, hello: str) -> None:
    acl = client.get_object_acl(Bucket=hello, Key=KEY)

    assert acl["CannedACL"] == "default"
    assert acl["Owner"]["ID"] == OWNER["ID"]


@pytest.mark.parametrize(("acl", "grants"), [(PRIVATE, None), (PUBLIC_READ, [ANYONE])])
def test_a_bucket_shows_whom_it_lets_in(
    client: CosS3Client, cos: CosBackend, hello: str, acl: Acl, grants: list[object] | None
) -> None:
    cos.bucket(hello).acl = acl

    policy = client.get_bucket_acl(Bucket=hello)

    assert policy["Owner"]["ID"] == OWNER["ID"]
    assert (policy["AccessControlList"] or {}).get("Grant") == grants


@pytest.mark.parametrize("name", ["default", "private", "public-read"])
@pytest.mark.parametrize("way", ["on upload", "afterwards"])
def test_a_canned_list_is_read_back_by_its_name(client: CosS3Client, hello: str, name: str, way: str) -> None:
    if way == "on upload":
        client.put_object(Bucket=hello, Key=KEY, Body=b"", ACL=name)
    else:
        client.put_object_acl(Bucket=hello, Key=KEY, ACL=name)

    assert client.get_object_acl(Bucket=hello, Key=KEY)["CannedACL"] == name


def test_users_are_granted_rights_by_headers(client: CosS3Client, hello: str) -> None:
    client.put_object_acl(
        Bucket=hello,
        Key=KEY,
        ACL="public-read",
        GrantRead='id="100000000002",id="100000000003"',
        GrantFullControl='id="100000000004"',
    )

    acl = client.get_object_acl(Bucket=hello, Key=KEY)

    assert acl["AccessControlList"]["Grant"] == [
        ANYONE,
        {"Grantee": user("100000000002"), "Permission": "READ"},
        {"Grantee": user("100000000003"), "Permission": "READ"},
        {"Grantee": user("100000000004"), "Permission": "FULL_CONTROL"},
    ]
    assert acl["CannedACL"] == "public-read"


def test_a_list_that_was_read_can_be_sent_back(client: CosS3Client, cos: CosBackend, hello: str) -> None:
    client.put_object_acl(Bucket=hello, Key=KEY, ACL="public-read", GrantRead='id="100000000002"')
    read = client.get_object_acl(Bucket=hello, Key=KEY)
    before = cos.get(hello, KEY).acl
    client.put_object_acl(Bucket=hello, Key=KEY, ACL="private")

    policy = {
        "Owner": OWNER,
        "AccessControlList": read["AccessControlList"],
    }
    client.put_object_acl(Bucket=hello, Key=KEY, AccessControlPolicy=policy)

    assert cos.get(hello, KEY).acl == before


def test_changing_the_list_leaves_the_rest_as_it_was(client: CosS3Client, cos: CosBackend, hello: str) -> None:
    before = client.head_object(Bucket=hello, Key=KEY)
    cos.clock.advance(60)

    client.put_object_acl(Bucket=hello, Key=KEY, ACL="public-read")

    assert client.head_object(Bucket=hello, Key=KEY)["Last-Modified"] == before["Last-Modified"]


def tag_set(**tags: str) -> dict[str, object]:
    return {"TagSet": {"Tag": [{"Key": key, "Value": value} for key, value in tags.items()]}}


def test_tags_are_written_read_and_removed(client: CosS3Client, hello: str, refused: Refused) -> None:
    with refused(404, "NoSuchTagSet"):
        client.get_object_tagging(Bucket=hello, Key=KEY)

    client.put_object_tagging(Bucket=hello, Key=KEY, Tagging=tag_set(team="red", 片="长"))
    assert client.get_object_tagging(Bucket=hello, Key=KEY) == tag_set(team="red", 片="长")
    assert client.head_object(Bucket=hello, Key=KEY)["x-cos-tagging-count"] == "2"

    client.put_object_tagging(Bucket=hello, Key=KEY, Tagging=tag_set(size="s"))
    assert client.get_object_tagging(Bucket=hello, Key=KEY) == tag_set(size="s")

    client.delete_object_tagging(Bucket=hello, Key=KEY)
    with refused(404, "NoSuchTagSet"):
        client.get_object_tagging(Bucket=hello, Key=KEY)


def test_tags_come_with_an_upload(client: CosS3Client, hello: str) -> None:
    client.put_object(Bucket=hello, Key=KEY, Body=b"", Tagging="team=red&a%2Fb=%E9%95%BF")

    assert client.get_object_tagging(Bucket=hello, Key=KEY) == tag_set(**{"team": "red", "a/b": "长"})


@pytest.mark.parametrize(
    "tags",
    [
        {f"k{n}": "v" for n in range(11)},
        {"k" * 128: "v"},
        {"k": "v" * 256},
        {"k": ""},
        {"k": "{v}"},
        {"k%": "v"},
    ],
)
def test_tags_have_limits(client: CosS3Client, hello: str, refused: Refused, tags: dict[str, str]) -> None:
    with refused(400, "InvalidTag"):
        client.put_object_tagging(Bucket=hello, Key=KEY, Tagging=tag_set(**tags))


def test_tags_at_their_limits(client: CosS3Client, hello: str) -> None:
    tags = {f"{n}" + "k" * 126: "v" * 255 for n in range(10)}

    client.put_object_tagging(Bucket=hello, Key=KEY, Tagging=tag_set(**tags))

    assert client.get_object_tagging(Bucket=hello, Key=KEY) == tag_set(**tags)


def test_a_version_has_its_own_tags_but_the_null_version_means_the_newest(
    client: CosS3Client, cos: CosBackend, versioned: str
) -> None:
    first = cos.put(versioned, KEY, b"first")
    second = cos.put(versioned, KEY, b"second")

    client.put_object_tagging(Bucket=versioned, Key=KEY, Tagging=tag_set(a="1"), VersionId=first.version_id)
    client.put_object_tagging(Bucket=versioned, Key=KEY, Tagging=tag_set(b="2"), VersionId="null")

    assert cos.get(versioned, KEY, first.version_id).tags == {"a": "1"}
    assert cos.get(versioned, KEY, second.version_id).tags == {"b": "2"}


@pytest.mark.parametrize("body", [b"", b"<Tagging>", b"<Other/>", b"<!DOCTYPE a><Tagging/>", b"\xff\xfe"])
def test_a_body_that_is_not_the_document_expected(body: bytes) -> None:
    with pytest.raises(ServiceError, match="MalformedXML"):
        tags_from_document(body)
