"""Buckets as a set-up makes them: created, found, given a lifecycle, and deleted, by the SDK's own calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from faketencent.cos.acl import PRIVATE, PUBLIC_READ
from faketencent.cos.objects import Lock
from faketencent.cos.store import TakenName

if TYPE_CHECKING:
    from collections.abc import Callable

    from qcloud_cos import CosS3Client

    from faketencent.cloud import FakeCloud
    from faketencent.cos import CosBackend
    from tests.faketencent.conftest import Connect, Refused

pytestmark = pytest.mark.once

LEDGER = "ledger-1250000000"
DAY = 86_400


def rule(name: str, prefix: str = "", days: int = 30, status: str = "Enabled") -> dict[str, Any]:
    return {"ID": name, "Status": status, "Filter": {"Prefix": prefix}, "Expiration": {"Days": str(days)}}


def settle(client: CosS3Client, bucket: str, *rules: dict[str, Any]) -> None:
    client.put_bucket_lifecycle(Bucket=bucket, LifecycleConfiguration={"Rule": list(rules)})


class TestCreating:
    def test_a_new_bucket_is_private_unversioned_and_where_it_was_asked_for(
        self, client: CosS3Client, cos: CosBackend
    ) -> None:
        client.create_bucket(Bucket=LEDGER, ACL="private")

        assert client.head_bucket(Bucket=LEDGER)["x-cos-bucket-region"] == "ap-beijing"
        assert "Status" not in client.get_bucket_versioning(Bucket=LEDGER)
        assert cos.bucket(LEDGER).acl == PRIVATE

    def test_it_can_be_readable_by_all(self, client: CosS3Client, cos: CosBackend) -> None:
        client.create_bucket(Bucket=LEDGER, ACL="public-read")

        assert cos.bucket(LEDGER).acl == PUBLIC_READ

    @pytest.mark.parametrize("code", TakenName)
    def test_one_that_is_there_is_refused_in_every_region(
        self, connect: Connect, cos: CosBackend, refused: Refused, code: TakenName
    ) -> None:
        cos.taken_name = code
        connect().create_bucket(Bucket=LEDGER)

        for region in ("ap-beijing", "ap-shanghai"):
            with refused(409, code.value):
                connect(region=region).create_bucket(Bucket=LEDGER)

    def test_names_carry_the_appid_of_the_account(self, client: CosS3Client, refused: Refused) -> None:
        with refused(403, "AccessDenied"):
            client.create_bucket(Bucket="ledger-1250000009")
        with refused(400, "InvalidBucketName"):
            client.create_bucket(Bucket="ledger")


class TestFinding:
    def test_all_buckets_are_listed_with_their_regions(self, client: CosS3Client, videos: str, elsewhere: str) -> None:
        said = client.list_buckets()

        assert [(bucket["Name"], bucket["Location"]) for bucket in said["Buckets"]["Bucket"]] == [
            (elsewhere, "ap-shanghai"),
            (videos, "ap-beijing"),
        ]
        assert said["Buckets"]["Bucket"][0]["CreationDate"] == "2026-01-01T00:00:00Z"
        assert said["Owner"]["ID"] == "qcs::cam::uin/100000000001:uin/100000000001"

    def test_an_account_may_have_none(self, client: CosS3Client) -> None:
        assert client.list_buckets()["Buckets"] is None

    @pytest.mark.usefixtures("elsewhere")
    def test_the_host_of_a_region_lists_its_own(self, connect: Connect, videos: str) -> None:
        client = connect(ServiceDomain="cos.ap-beijing.myqcloud.com")

        assert [bucket["Name"] for bucket in client.list_buckets()["Buckets"]["Bucket"]] == [videos]

    def test_many_come_page_by_page(self, client: CosS3Client, videos: str, elsewhere: str) -> None:
        first = client.list_buckets(MaxKeys=1)
        second = client.list_buckets(MaxKeys=1, Marker=first["NextMarker"])

        assert [page["Buckets"]["Bucket"][0]["Name"] for page in (first, second)] == [elsewhere, videos]
        assert (first["IsTruncated"], second["IsTruncated"]) == ("true", "false")


class TestDeleting:
    def test_an_empty_bucket_goes(self, client: CosS3Client, videos: str, refused: Refused) -> None:
        client.delete_bucket(Bucket=videos)

        with refused(404, None):
            client.head_bucket(Bucket=videos)

    def test_one_with_anything_in_it_stays(self, client: CosS3Client, videos: str, refused: Refused) -> None:
        client.create_multipart_upload(Bucket=videos, Key="a.mp4")

        with refused(409, "BucketNotEmpty"):
            client.delete_bucket(Bucket=videos)


class TestLifecycle:
    def test_rules_come_back_as_they_were_sent(self, client: CosS3Client, videos: str) -> None:
        sent = [rule("claims", "claims/", 7), rule("slots", "slots/", 2, "Disabled")]

        settle(client, videos, *sent)

        assert client.get_bucket_lifecycle(Bucket=videos)["Rule"] == sent

    def test_new_rules_take_the_place_of_all(self, client: CosS3Client, videos: str, refused: Refused) -> None:
        settle(client, videos, rule("theirs"))
        settle(client, videos, rule("ours"))
        assert [kept["ID"] for kept in client.get_bucket_lifecycle(Bucket=videos)["Rule"]] == ["ours"]

        client.delete_bucket_lifecycle(Bucket=videos)
        with refused(404, "NoSuchLifecycleConfiguration"):
            client.get_bucket_lifecycle(Bucket=videos)

    @pytest.mark.parametrize(
        ("rules", "code"),
        [
            ([], "MalformedXML"),
            ([rule("a"), rule("a")], "InvalidArgument"),
            ([rule("a", days=0)], "InvalidArgument"),
            ([rule("a", status="On")], "MalformedXML"),
            ([{"ID": "a", "Status": "Enabled", "Filter": {"Prefix": ""}}], "MalformedXML"),
        ],
    )
    def test_refuses_what_makes_no_sense(
        self, client: CosS3Client, videos: str, refused: Refused, rules: list[dict[str, Any]], code: str
    ) -> None:
        with refused(400, code):
            settle(client, videos, *rules)

    def test_objects_expire_under_a_rule_that_is_on(
        self, client: CosS3Client, cloud: FakeCloud, cos: CosBackend, videos: str
    ) -> None:
        for key in ("slots/a", "slots/locked", "records/a"):
            cos.put(videos, key, b"x")
        cos.lock(videos, "slots/locked", Lock.LOCKED)
        settle(client, videos, rule("slots", "slots/", 2), rule("records", "records/", 1, "Disabled"))
        cloud.settle()
        seen: list[str] = []
        cos.listeners.append(lambda event: seen.append(event.name))

        cloud.advance(2 * DAY - 1)
        assert cos.apply_lifecycle() == []
        cloud.advance(1)
        assert cos.apply_lifecycle() == ["slots/a"]

        cloud.settle()
        assert cos.keys(videos) == ["records/a", "slots/locked"]
        assert seen == []

    def test_where_versions_are_kept_they_are_hidden(
        self, client: CosS3Client, cloud: FakeCloud, cos: CosBackend, versioned: str
    ) -> None:
        kept = cos.put(versioned, "a", b"x")
        settle(client, versioned, rule("all", days=1))
        cloud.advance(DAY)
        cos.apply_lifecycle()

        assert cos.keys(versioned) == []
        assert cos.get(versioned, "a", kept.version_id) == kept


class TestReplication:
    def test_its_rules_can_be_read(
        self, client: CosS3Client, cos: CosBackend, versioned: str, refused: Refused
    ) -> None:
        with refused(404, "ReplicationConfigurationNotFoundError"):
            client.get_bucket_replication(Bucket=versioned)
        target = cos.create_bucket("copies-1250000000", "ap-shanghai", versioning=True)
        cos.replicate(versioned, target.name, "uploads/")

        (read,) = client.get_bucket_replication(Bucket=versioned)["Rule"]

        assert (read["Status"], read["Prefix"]) == ("Enabled", "uploads/")
        assert read["Destination"]["Bucket"] == "qcs::cos:ap-shanghai::copies-1250000000"


@pytest.mark.parametrize(
    ("action", "call"),
    [
        ("cos:PutBucket", lambda client: client.create_bucket(Bucket=LEDGER)),
        ("cos:GetBucketLifecycle", lambda client: client.get_bucket_lifecycle(Bucket="ready-1250000000")),
        ("cos:PutBucketLifecycle", lambda client: settle(client, "ready-1250000000", rule("other"))),
        ("cos:DeleteBucket", lambda client: client.delete_bucket(Bucket="ready-1250000000")),
    ],
)
def test_each_call_needs_its_own_right_on_the_bucket(
    cloud: FakeCloud,
    cos: CosBackend,
    connect: Connect,
    refused: Refused,
    action: str,
    call: Callable[[CosS3Client], None],
) -> None:
    cos.create_bucket("ready-1250000000", "ap-beijing")
    settle(connect(), "ready-1250000000", rule("old"))
    # Without a region, it is all of them.
    resource = "qcs::cos::uid/1250000000:*"
    allow = {"effect": "allow", "action": [action], "resource": [resource]}
    allowed = cloud.cam.create_user("amy", {"version": "2.0", "statement": [allow]})

    with refused(403, "AccessDenied"):
        call(connect(cloud.cam.create_user("bob")))
    call(connect(allowed))


def test_the_list_of_buckets_is_a_right_on_everything(cloud: FakeCloud, connect: Connect, refused: Refused) -> None:
    def user(resource: str) -> CosS3Client:
        allow = {"effect": "allow", "action": ["cos:GetService"], "resource": [resource]}
        return connect(cloud.cam.create_user("amy", {"version": "2.0", "statement": [allow]}))

    assert user("*").list_buckets()["Buckets"] is None
    with refused(403, "AccessDenied"):
        user("qcs::cos::uid/1250000000:*").list_buckets()
