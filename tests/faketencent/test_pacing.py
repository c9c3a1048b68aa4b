"""Replies that come slowly: in process they take the cloud's own time, over HTTP they really dribble."""

from __future__ import annotations

import socket
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import requests
from qcloud_cos.cos_exception import CosClientError

from faketencent.faults import Fault
from faketencent.pacing import Pacing
from faketencent.refusals import BareReply
from faketencent.server import serve
from tests.faketencent.ci_fixtures import extraction

if TYPE_CHECKING:
    from qcloud_cos import CosS3Client

    from faketencent.cloud import FakeCloud
    from faketencent.cos import CosBackend
    from tests.faketencent.conftest import Connect

HOST = "videos-1250000000.cos.ap-beijing.myqcloud.com"
URL = f"http://{HOST}/a.mp4"
#: Long enough that nobody would wait for it; a test that did would never end.
AGES = 86_400.0


@pytest.fixture(autouse=True)
def _public(cos: CosBackend) -> None:
    cos.create_bucket("videos-1250000000", "ap-beijing")
    cos.put("videos-1250000000", "a.mp4", b"hello", {"x-cos-acl": "public-read"})


class TestThroughEitherFrontEnd:
    @pytest.mark.parametrize(
        ("pacing", "body"),
        [
            (Pacing(before=0.01), b"hello"),
            (Pacing(head=0.0001), b"hello"),
            (Pacing(body=0.001), b"hello"),
            (Pacing(body=0.001, piece=2), b"hello"),
            (Pacing(white_space=0.01, beat=0.002), b"     hello"),
            (Pacing(before=0.01, head=0.0001, white_space=0.003, beat=0.002, body=0.001, piece=3), b"  hello"),
        ],
        ids=str,
    )
    def test_all_of_it_arrives_in_the_end(
        self, cloud: FakeCloud, proxies: dict[str, str], pacing: Pacing, body: bytes
    ) -> None:
        cloud.faults.on("GetObject", pacing)

        slow = requests.get(URL, proxies=proxies, timeout=10)
        usual = requests.get(URL, proxies=proxies, timeout=10)

        assert (slow.status_code, slow.content, usual.content) == (200, body, b"hello")
        assert slow.headers["ETag"] == usual.headers["ETag"]

    def test_a_status_that_no_standard_knows_arrives_too(self, cloud: FakeCloud, proxies: dict[str, str]) -> None:
        cloud.faults.on("GetObject", Pacing(body=0.001))
        cloud.faults.on("GetObject", BareReply(520, b"origin"))

        reply = requests.get(URL, proxies=proxies, timeout=10)
        assert (reply.status_code, reply.content) == (520, b"origin")

    def test_white_space_comes_before_the_length_is_known(self, cloud: FakeCloud, proxies: dict[str, str]) -> None:
        cloud.faults.on("GetObject", Pacing(white_space=0.002, beat=0.001))

        assert "Content-Length" not in requests.get(URL, proxies=proxies, timeout=10).headers

    def test_a_copy_kept_alive_has_its_effect_and_its_document_at_the_end(
        self, cloud: FakeCloud, any_client: CosS3Client
    ) -> None:
        bodies: list[bytes] = []
        any_client._session.hooks["response"].append(lambda reply, *_, **__: bodies.append(reply.content))
        source = {"Bucket": "videos-1250000000", "Key": "a.mp4", "Region": "ap-beijing"}
        cloud.faults.on("PutObjectCopy", Pacing(white_space=0.003, beat=0.001))
        try:
            # The SDK cannot read a document with anything before its declaration: its error is none of its own.
            with pytest.raises(SyntaxError):
                any_client.copy_object(Bucket="videos-1250000000", Key="b.mp4", CopySource=source)
        finally:
            any_client._session.hooks["response"].clear()

        assert bodies[-1].startswith(b"   <")
        assert bodies[-1].strip().endswith(b"</CopyObjectResult>")
        assert cloud.cos.backend.get("videos-1250000000", "b.mp4").body == b"hello"

    def test_a_copy_kept_alive_may_fail_on_its_way(self, cloud: FakeCloud, any_client: CosS3Client) -> None:
        source = {"Bucket": "videos-1250000000", "Key": "a.mp4", "Region": "ap-beijing"}
        cloud.faults.on("PutObjectCopy", Pacing(white_space=0.003, beat=0.001))
        cloud.faults.on("PutObjectCopy", Fault.OK_WITH_ERROR)

        with pytest.raises(SyntaxError):
            any_client.copy_object(Bucket="videos-1250000000", Key="b.mp4", CopySource=source)
        assert cloud.cos.backend.keys("videos-1250000000") == ["a.mp4"]


class TestInProcess:
    def test_a_late_reply_takes_the_clouds_time(self, cloud: FakeCloud, connect: Connect) -> None:
        cloud.faults.on("GetObject", Pacing(before=7))
        before = cloud.clock.now()

        connect(Timeout=8).get_object(Bucket="videos-1250000000", Key="a.mp4")

        assert cloud.clock.now() - before == 7

    def test_who_does_not_wait_so_long_has_no_reply_although_it_had_its_effect(
        self, cloud: FakeCloud, connect: Connect
    ) -> None:
        cloud.ci.backend.bind_bucket("videos-1250000000")
        cloud.faults.on("CreateMediaJobs", Pacing(before=9))
        before = cloud.clock.now()

        with pytest.raises(CosClientError, match="no reply"):
            connect(Timeout=8).ci_create_media_jobs(
                Bucket="videos-1250000000", Jobs=extraction("a.mp4"), Lst={}, ContentType="application/xml"
            )

        assert cloud.clock.now() - before == 8
        assert len(cloud.ci.backend.jobs) == 1

    @pytest.mark.usefixtures("connect")
    def test_a_read_time_out_is_about_one_wait_and_not_about_them_all(self, cloud: FakeCloud) -> None:
        cloud.faults.on("GetObject", Pacing(head=7))
        before = cloud.clock.now()

        reply = requests.get(URL, timeout=(3, 8))

        # More bytes than the headers' names have went by, each within its time.
        assert cloud.clock.now() - before > 7 * sum(map(len, reply.headers))

    @pytest.mark.usefixtures("connect")
    def test_a_body_that_stops_is_a_time_out_where_it_is_read(self, cloud: FakeCloud) -> None:
        cloud.faults.on("GetObject", Pacing(body=9, piece=3))

        reply = requests.get(URL, timeout=8, stream=True)
        with pytest.raises(requests.ConnectionError, match="Read timed out"):
            _ = reply.content

    @pytest.mark.usefixtures("connect")
    def test_a_body_is_read_as_it_comes(self, cloud: FakeCloud) -> None:
        cloud.faults.on("GetObject", Pacing(white_space=10, beat=5, body=2, piece=3))
        before = cloud.clock.now()

        reply = requests.get(URL, timeout=8, stream=True)
        seen = [(reply.raw.read1(64), cloud.clock.now() - before) for _ in range(5)]

        assert seen == [(b" ", 5), (b" ", 10), (b"hel", 12), (b"lo", 14), (b"", 14)]


class TestOverHttp:
    @pytest.mark.parametrize(
        ("pacing", "beginning"),
        [
            (Pacing(head=1), b"HTT"),
            (Pacing(body=1), b"\r\n\r\nhh"),
            (Pacing(white_space=AGES, beat=1), b"\r\n\r\n1\r\n \r\n"),
        ],
        ids=["headers", "body", "white space"],
    )
    def test_it_dribbles_and_stops_when_the_client_leaves(
        self, cloud: FakeCloud, pacing: Pacing, beginning: bytes
    ) -> None:
        # given a reply that takes longer than anybody would wait
        cloud.cos.backend.put("videos-1250000000", "a.mp4", b"h" * 10**4, {"x-cos-acl": "public-read"})
        cloud.faults.on("GetObject", pacing)
        with (
            serve(cloud, tempo=0.05) as server,
            closing(socket.create_connection(("127.0.0.1", server.port))) as client,
        ):
            # when a client sees it begin
            client.settimeout(10)
            client.sendall(f"GET {URL} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
            seen = b""
            while beginning not in seen:
                seen += client.recv(1)

            # then somebody is still writing, until the client leaves
            (serving,) = [t for t in threading.enumerate() if t.name.endswith("(process_request_thread)")]
            client.close()
            serving.join(timeout=10)
            assert not serving.is_alive()

    def test_a_late_reply_is_given_up_when_the_client_leaves(self, cloud: FakeCloud) -> None:
        cloud.faults.on("GetObject", Pacing(before=AGES))
        with serve(cloud) as server:
            with pytest.raises(requests.ReadTimeout):
                requests.get(URL, proxies={"http": server.url}, timeout=(10, 0.05))

            left = [t for t in threading.enumerate() if t.name.endswith("(process_request_thread)")]
            for serving in left:
                serving.join(timeout=10)
            assert not any(serving.is_alive() for serving in left)
