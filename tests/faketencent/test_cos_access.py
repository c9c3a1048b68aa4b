"""Who may do what in COS: CAM policies, and what is open to anyone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from faketencent.cos.acl import acl_from_headers

if TYPE_CHECKING:
    from collections.abc import Callable

    from qcloud_cos import CosS3Client

    from faketencent.cloud import FakeCloud
    from faketencent.cos import CosBackend
    from tests.faketencent.conftest import Connect, Refused

#: Says the same on every Python.
pytestmark = pytest.mark.once

OBJECTS = "qcs::cos:ap-beijing:uid/1250000000:videos-1250000000"


@pytest.fixture
def acting_as(cloud: FakeCloud, connect: Connect) -> Callable[..., CosS3Client]:
    """A client with the temporary credentials of a role that may do just this."""

    def assume(*actions: str, resource: str = f"{OBJECTS}/*", deny: tuple[str, ...] = ()) -> CosS3Client:
        statements: list[dict[str, Any]] = [
            {"effect": "allow", "action": list(actions), "resource": [resource]},
            {"effect": "deny", "action": list(deny), "resource": ["*"]},
        ]
        cloud.cam.create_role("worker", {"version": "2.0", "statement": statements})
        return connect(cloud.cam.assume("worker"))

    return assume


def test_an_action_that_is_not_allowed_is_denied(
    acting_as: Callable[..., CosS3Client], cos: CosBackend, videos: str, refused: Refused
) -> None:
    cos.put(videos, "a", b"")
    client = acting_as("cos:HeadObject")

    client.head_object(Bucket=videos, Key="a")
    with refused(403, "AccessDenied"):
        client.get_object(Bucket=videos, Key="a")


def test_a_policy_can_be_limited_to_a_prefix(
    acting_as: Callable[..., CosS3Client], videos: str, refused: Refused
) -> None:
    client = acting_as("cos:PutObject", "cos:GetBucket", resource=f"{OBJECTS}/claims/*")

    client.put_object(Bucket=videos, Key="claims/a", Body=b"")
    assert client.list_objects(Bucket=videos, Prefix="claims/")["Contents"][0]["Key"] == "claims/a"
    with refused(403, "AccessDenied"):
        client.put_object(Bucket=videos, Key="a", Body=b"")
    with refused(403, "AccessDenied"):
        client.list_objects(Bucket=videos)


@pytest.mark.parametrize(
    ("actions", "allowed"),
    [
        (["cos:GetObject", "cos:PutObject"], True),
        (["cos:GetObject", "cos:PutObjectCopy"], True),
        (["cos:GetObject"], False),
        (["cos:PutObject", "cos:PutObjectCopy", "cos:HeadObject"], False),
    ],
)
def test_copying_needs_to_read_the_source_and_to_write_the_target(
    acting_as: Callable[..., CosS3Client], cos: CosBackend, videos: str, refused: Refused,
    actions: list[str], allowed: bool,
) -> None:  # fmt: skip
    cos.put(videos, "a", b"")
    client = acting_as(*actions)
    source = {"Bucket": videos, "Key": "a", "Region": "ap-beijing"}

    if allowed:
        client.copy_object(Bucket=videos, Key="b", CopySource=source)
    else:
        with refused(403, "AccessDenied"):
            client.copy_object(Bucket=videos, Key="b", CopySource=source)
    assert ("b" in cos.keys(videos)) is allowed


def test_a_deny_wins(acting_as: Callable[..., CosS3Client], cos: CosBackend, videos: str, refused: Refused) -> None:
    cos.put(videos, "a", b"")
    client = acting_as("cos:*", deny=("cos:DeleteObject",))

    with refused(403, "AccessDenied"):
        client.delete_object(Bucket=videos, Key="a")


@pytest.mark.parametrize(
    ("bucket_is", "object_is", "readable"),
    [
        ("private", "default", False),
        ("private", "public-read", True),
        ("public-read", "default", True),
        ("public-read", "private", False),
    ],
)
def test_anyone_may_read_what_is_public(
    connect: Connect, cos: CosBackend, refused: Refused, bucket_is: str, object_is: str,
    readable: bool,
) -> None:  # fmt: skip
    # given
    bucket = cos.create_bucket("b-1250000000", "ap-beijing", acl=acl_from_headers({"x-cos-acl": bucket_is})).name
    cos.put(bucket, "a", b"hello", {"x-cos-acl": object_is})
    anyone = connect(Anonymous=True, SecretId=None, SecretKey=None)

    # when, then
    if readable:
        assert anyone.get_object(Bucket=bucket, Key="a")["Content-Length"] == "5"
    else:
        with refused(403, "AccessDenied"):
            anyone.get_object(Bucket=bucket, Key="a")
    with refused(403, "AccessDenied"):
        anyone.put_object(Bucket=bucket, Key="a", Body=b"")
    with refused(403, "AccessDenied"):
        anyone.get_object(Bucket=bucket, Key="a", ResponseContentType="text/html")
