"""`GET /<key>?ci-process=videoinfo`: what CI tells of a media file, to whom, and how it is refused."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
import requests
from defusedxml.ElementTree import fromstring

from faketencent.ci import boxes, watermark
from faketencent.cos.storage import Tier
from faketencent.cos.store import Cause
from faketencent.cos.symlinks import link
from faketencent.video import make_video, tiny_mp4
from tests.faketencent.sdk import signed

if TYPE_CHECKING:
    from faketencent.cam import Identity
    from faketencent.cloud import FakeCloud
    from tests.faketencent.conftest import Connect

#: Says the same on every Python.
pytestmark = pytest.mark.once

CUSTOMER = {
    "x-cos-server-side-encryption-customer-algorithm": "AES256",
    "x-cos-server-side-encryption-customer-key": "MDEyMzQ1Njc4OUFCQ0RFRjAxMjM0NTY3ODlBQkNERUY=",
    "x-cos-server-side-encryption-customer-key-md5": "U5L61r7jcwdNvT7frmUG8g==",
}
READ = "qcs::cos:ap-beijing:uid/1250000000:videos-1250000000/*"


@pytest.fixture
def bucket(cloud: FakeCloud, connect: Connect, videos: str) -> str:  # noqa: ARG001 - while requests are served
    """A bucket with media processing."""
    cloud.ci.backend.bind_bucket(videos)
    return videos


def ask(
    cloud: FakeCloud, bucket: str, key: str = "a.mp4", who: Identity | None = None, region: str = "ap-beijing"
) -> requests.Response:
    host = f"{bucket}.cos.{region}.myqcloud.com"
    url = f"http://{host}/{quote(key)}?ci-process=videoinfo"
    return requests.get(url, auth=signed(who or cloud.cam.account, f"/{key}"), timeout=10)


def user(cloud: FakeCloud, action: str, resource: str) -> Identity:
    """Somebody who may do this alone."""
    statement = {"effect": "allow", "action": [action], "resource": [resource]}
    return cloud.cam.create_user("someone", {"version": "2.0", "statement": [statement]})


def link_to(cloud: FakeCloud, bucket: str, target: str) -> None:
    """Make `a.mp4` a link."""
    cos = cloud.cos.backend
    link(cos, cos.bucket(bucket), "a.mp4", target, Cause("Put"))


def asked(cloud: FakeCloud, bucket: str, key: str = "a.mp4") -> tuple[int, str]:
    """Status and code of a refusal."""
    reply = ask(cloud, bucket, key)
    return reply.status_code, fromstring(reply.content).findtext("Code") or ""


def seconds(reply: requests.Response) -> str | None:
    assert reply.status_code == 200, reply.text
    duration: str | None = fromstring(reply.content).findtext("MediaInfo/Format/Duration")
    return duration


class TestServed:
    def test_headers_are_those_of_the_sample(self, cloud: FakeCloud, bucket: str) -> None:
        """https://www.tencentcloud.com/document/product/1045/72941"""
        cloud.cos.backend.put(bucket, "a.mp4", tiny_mp4(seconds=10.125))

        reply = ask(cloud, bucket)

        assert (reply.headers["Content-Type"], reply.headers["Server"]) == ("application/xml", "tencent-ci")
        assert reply.headers["x-cos-request-id"]
        assert seconds(reply) == "10.125000"
        assert fromstring(reply.content).findtext("MediaInfo/Format/Size") == str(len(tiny_mp4()))

    def test_a_real_clip_lasts_as_long_as_it_is(self, cloud: FakeCloud, bucket: str) -> None:
        cloud.cos.backend.put(bucket, "a.mp4", make_video(seconds=0.4, width=32, height=32))

        reply = ask(cloud, bucket)

        assert seconds(reply) == "0.400000"
        assert fromstring(reply.content).findtext("MediaInfo/Format/NumStream") == "1"

    def test_a_watermark_changes_nothing_of_that(self, cloud: FakeCloud, bucket: str) -> None:
        cloud.cos.backend.put(bucket, "a.mp4", watermark.embed(tiny_mp4(seconds=3), "text"))
        assert seconds(ask(cloud, bucket)) == "3.000000"

    def test_a_test_may_say_it_instead(self, cloud: FakeCloud, bucket: str) -> None:
        cloud.cos.backend.put(bucket, "a.mp4", b"no video at all")
        cloud.ci.backend.lengths[bucket, "a.mp4"] = 90
        assert seconds(ask(cloud, bucket)) == "90.000000"

    def test_keys_of_every_kind(self, cloud: FakeCloud, bucket: str) -> None:
        key = "a b+c/片🎬.mp4"
        cloud.cos.backend.put(bucket, key, tiny_mp4(seconds=3))
        assert seconds(ask(cloud, bucket, key)) == "3.000000"

    def test_a_restored_object(self, cloud: FakeCloud, bucket: str) -> None:
        cos = cloud.cos.backend
        stored = cos.put(bucket, "a.mp4", tiny_mp4(seconds=3), {"x-cos-storage-class": "ARCHIVE"})
        cos.restore(stored, Tier.EXPEDITED, 1, Cause("Post"))
        cloud.advance(300)
        assert seconds(ask(cloud, bucket)) == "3.000000"

    def test_no_service_role_is_needed(self, cloud: FakeCloud, bucket: str) -> None:
        cloud.cos.backend.put(bucket, "a.mp4", tiny_mp4(seconds=3))
        cloud.cam.delete_role("CI_QCSRole")
        assert seconds(ask(cloud, bucket)) == "3.000000"

    def test_a_link_is_as_long_as_what_it_names(self, cloud: FakeCloud, bucket: str) -> None:
        cloud.cos.backend.put(bucket, "target.mp4", tiny_mp4(seconds=3))
        link_to(cloud, bucket, "target.mp4")
        assert seconds(ask(cloud, bucket)) == "3.000000"


class TestRefused:
    def test_a_bucket_without_media_processing(self, cloud: FakeCloud, bucket: str) -> None:
        cloud.cos.backend.put(bucket, "a.mp4", tiny_mp4())
        cloud.ci.backend.unbind_bucket(bucket)
        assert asked(cloud, bucket) == (400, "MediaBucketUnBinded")

    def test_a_bucket_that_is_not_there_or_in_another_region(self, cloud: FakeCloud, bucket: str) -> None:
        assert asked(cloud, "other-1250000000") == (404, "NoSuchBucket")
        assert ask(cloud, bucket, region="ap-shanghai").status_code == 404

    def test_an_object_that_is_gone(self, cloud: FakeCloud, bucket: str) -> None:
        assert asked(cloud, bucket) == (404, "NoSuchKey")

    def test_an_archived_object(self, cloud: FakeCloud, bucket: str) -> None:
        cloud.cos.backend.put(bucket, "a.mp4", tiny_mp4(), {"x-cos-storage-class": "ARCHIVE"})
        assert asked(cloud, bucket) == (403, "InvalidObjectState")

    def test_an_object_under_a_customers_key(self, cloud: FakeCloud, bucket: str) -> None:
        cloud.cos.backend.put(bucket, "a.mp4", tiny_mp4(), CUSTOMER)
        assert asked(cloud, bucket) == (400, "SsecDecryptHeaderInvalid")

    @pytest.mark.parametrize(
        "content", [b"", b"plain text", tiny_mp4()[:-1], tiny_mp4().replace(b"mvhd", b"free")], ids=range(4)
    )
    def test_what_is_no_video(self, cloud: FakeCloud, bucket: str, content: bytes) -> None:
        cloud.cos.backend.put(bucket, "a.mp4", content)
        assert asked(cloud, bucket) == (400, "InvalidArgument")

    def test_whoever_may_not_read_the_object(self, cloud: FakeCloud, bucket: str) -> None:
        cloud.cos.backend.put(bucket, "a.mp4", tiny_mp4(seconds=3))

        assert seconds(ask(cloud, bucket, who=user(cloud, "cos:GetObject", READ))) == "3.000000"
        for action, resource in (("cos:HeadObject", READ), ("ci:*", "*"), ("cos:GetObject", READ.replace("*", "b"))):
            assert ask(cloud, bucket, who=user(cloud, action, resource)).status_code == 403

    def test_whoever_may_read_a_link_but_not_what_it_names(self, cloud: FakeCloud, bucket: str) -> None:
        cloud.cos.backend.put(bucket, "target.mp4", tiny_mp4(seconds=3))
        link_to(cloud, bucket, "target.mp4")
        who = user(cloud, "cos:GetObject", READ.replace("*", "a.mp4"))
        assert ask(cloud, bucket, who=who).status_code == 403

    def test_whoever_did_not_sign(self, cloud: FakeCloud, bucket: str) -> None:
        cloud.cos.backend.put(bucket, "a.mp4", tiny_mp4(), {"x-cos-acl": "public-read"})
        host = f"http://{bucket}.cos.ap-beijing.myqcloud.com"
        assert requests.get(f"{host}/a.mp4", timeout=10).status_code == 200
        assert requests.get(f"{host}/a.mp4?ci-process=videoinfo", timeout=10).status_code == 403

    def test_other_processing_is_not_served(self, cloud: FakeCloud, bucket: str) -> None:
        url = f"http://{bucket}.cos.ap-beijing.myqcloud.com/a.mp4?ci-process=snapshot"
        assert requests.get(url, auth=signed(cloud.cam.account, "/a.mp4"), timeout=10).status_code == 405
        assert len(cloud.unknown) == 1
        cloud.unknown.clear()


class TestLength:
    """What the movie header says: ISO/IEC 14496-12, 8.2.2."""

    @staticmethod
    def movie(header: bytes) -> bytes:
        inner = struct.pack(">I4s", 8 + len(header), b"mvhd") + header
        return struct.pack(">I4s", 8 + len(inner), b"moov") + inner

    def test_in_32_bits_and_in_64(self) -> None:
        assert boxes.seconds(self.movie(struct.pack(">IIIII", 0, 0, 0, 600, 900))) == 1.5
        assert boxes.seconds(self.movie(struct.pack(">IQQIQ", 1 << 24, 0, 0, 600, 900))) == 1.5

    @pytest.mark.parametrize(
        "video",
        [b"", movie(b""), movie(bytes(19)), movie(bytes(20)), movie(bytes([2]) * 40), movie(bytes(40))[:-1]],
        ids=range(6),
    )
    def test_is_unknown_where_there_is_no_header_that_says_it(self, video: bytes) -> None:
        assert boxes.seconds(video) is None

    @pytest.mark.parametrize("length", [0, 0.001, 59.999, 4_000_000])
    def test_is_what_a_tiny_video_was_made_with(self, length: float) -> None:
        assert boxes.seconds(tiny_mp4(seconds=length)) == length
