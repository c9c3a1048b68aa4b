"""The fake cloud behind a real HTTP port."""

from __future__ import annotations

import http.client
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import requests
from qcloud_cos.cos_exception import CosClientError, CosServiceError

from faketencent.faults import Fault
from faketencent.server import serve
from faketencent.wire import NoReplyError, Reply, Request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qcloud_cos import CosS3Client

    from faketencent.cloud import FakeCloud
    from faketencent.cos import CosBackend
    from faketencent.server import Server
    from tests.faketencent.conftest import Refused

HOST = "videos-1250000000.cos.ap-beijing.myqcloud.com"
PUBLIC = {"x-cos-acl": "public-read"}


@pytest.fixture
def public(cos: CosBackend, videos: str) -> str:
    """The bucket of an object that anyone may read."""
    cos.put(videos, "a b/片.mp4", b"hello", {**PUBLIC, "x-cos-meta-a": "1"})
    return videos


@pytest.fixture
def http_client(server: Server) -> Iterator[http.client.HTTPConnection]:
    """A connection without any of the comforts of `requests`."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)) as connection:
        yield connection


def test_a_request_whose_sender_dies_before_its_end_has_no_effect(server: Server, cloud: FakeCloud) -> None:
    with closing(socket.create_connection(server.address, timeout=10)) as connection:
        connection.sendall(f"PUT /a.mp4 HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 10\r\n\r\nhalf".encode())
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1000) == b""
    assert cloud.operations() == []


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize("form", ["absolute", "origin"])
def test_a_request_says_whom_it_means_in_its_first_line_or_in_its_host(
    http_client: http.client.HTTPConnection, form: str
) -> None:
    path = "/a%20b/%E7%89%87.mp4"
    target, host = (f"http://{HOST}{path}", "somewhere-else") if form == "absolute" else (path, HOST)

    http_client.request("GET", target, headers={"Host": host})

    reply = http_client.getresponse()
    assert (reply.status, reply.read()) == (200, b"hello")


@pytest.mark.usefixtures("public")
def test_head_has_the_length_but_no_body(http_client: http.client.HTTPConnection) -> None:
    http_client.request("HEAD", f"http://{HOST}/a%20b/%E7%89%87.mp4")

    reply = http_client.getresponse()
    assert (reply.getheader("Content-Length"), reply.read()) == ("5", b"")
    assert reply.getheader("x-cos-meta-a") == "1"


@pytest.mark.usefixtures("public")
def test_date_and_server_are_the_clouds_own(http_client: http.client.HTTPConnection) -> None:
    http_client.request("GET", f"http://{HOST}/a%20b/%E7%89%87.mp4")

    headers = http_client.getresponse().headers
    assert headers.get_all("Date") == ["Thu, 01 Jan 2026 00:00:00 GMT"]
    assert headers.get_all("Server") == ["tencent-cos"]


@pytest.mark.usefixtures("videos")
def test_names_are_taken_with_underscore_and_values_with_any_byte(
    http_client: http.client.HTTPConnection, cloud: FakeCloud
) -> None:
    http_client.putrequest("GET", f"http://{HOST}/a")
    http_client.putheader("x_under_score", "1")
    http_client.putheader("x-several", "a", "b")
    http_client.putheader("x-several", "c")
    http_client.putheader("x-bytes", "片 \xe9".encode())
    http_client.endheaders()
    http_client.getresponse().read()

    sent = cloud.journal[-1].request.headers
    assert sent["x_under_score"] == "1"
    assert sent["x-several"].split() == ["a", "b,", "c"]
    assert sent["x-bytes"].encode("latin-1").decode() == "片 \xe9"


@pytest.mark.usefixtures("videos")
def test_a_body_in_chunks_is_put_together(server: Server, cloud: FakeCloud) -> None:
    requests.put(f"http://{HOST}/a", data=iter([b"one ", b"two"]), proxies={"http": server.url}, timeout=10)

    assert cloud.journal[-1].request.body == b"one two"


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.TIMEOUT_BEFORE, Fault.RESET_AFTER, Fault.KILL_AFTER])
def test_a_fault_without_reply_closes_the_connection_and_nothing_more(
    cloud: FakeCloud, client_over_http: CosS3Client, videos: str, fault: Fault
) -> None:
    cloud.faults.on("PutObject", fault)

    with pytest.raises(CosClientError, match="closed connection without response"):
        client_over_http.put_object(Bucket=videos, Key="a", Body=b"1")

    client_over_http.put_object(Bucket=videos, Key="a", Body=b"2")
    assert cloud.cos.backend.get(videos, "a").body == b"2"


@pytest.mark.usefixtures("server")
def test_what_the_cloud_sends_goes_over_http_too(cloud: FakeCloud, public: str) -> None:
    before = len(cloud.journal)
    url = f"https://{public}.cos.ap-beijing.myqcloud.com/a%20b/%E7%89%87.mp4"

    reply = cloud.send(Request.to("GET", url, [("x-cos-note", "1")]))

    assert isinstance(reply, Reply)
    assert (reply.status, reply.body, reply.header("server")) == (200, b"hello", "tencent-cos")
    seen = cloud.journal[before].request
    assert (seen.url, seen.headers["x-cos-note"]) == (url.replace("https", "http"), "1")


@pytest.mark.usefixtures("server")
def test_a_cloud_that_gets_no_reply_is_told_so(cloud: FakeCloud, public: str) -> None:
    cloud.faults.on("GetObject", Fault.TIMEOUT_AFTER)

    with pytest.raises(NoReplyError):
        cloud.send(Request.to("GET", f"http://{public}.cos.ap-beijing.myqcloud.com/a%20b/%E7%89%87.mp4"))


def test_when_it_is_over_the_port_is_closed_and_the_cloud_is_itself_again(cloud: FakeCloud) -> None:
    own_way = cloud.send
    with serve(cloud) as server:
        assert requests.get(server.url, timeout=10).status_code == 421
    cloud.unknown.clear()

    with pytest.raises(requests.ConnectionError):
        requests.get(server.url, timeout=10)
    assert cloud.send == own_way


def test_errors_reach_the_sdk_with_their_code(client_over_http: CosS3Client, videos: str, refused: Refused) -> None:
    with refused(404, "NoSuchKey"):
        client_over_http.get_object(Bucket=videos, Key="none")


def test_of_many_at_the_same_time_one_is_first(client_over_http: CosS3Client, cos: CosBackend, videos: str) -> None:
    once = {"x-cos-forbid-overwrite": "true"}

    def claim(who: int) -> str:
        try:
            client_over_http.put_object(Bucket=videos, Key="claim", Body=str(who).encode(), Metadata=once)
        except CosServiceError as error:
            return str(error.get_error_code())
        return "created"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(claim, range(24)))

    assert sorted(outcomes) == ["FileAlreadyExists"] * 23 + ["created"]
    assert cos.get(videos, "claim").body == str(outcomes.index("created")).encode()
