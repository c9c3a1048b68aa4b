"""Connections of the HTTP server: kept as COS keeps them, closed by faults, and hung up on when they are idle."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from contextlib import closing
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
import requests

from faketencent.connections import Counts
from faketencent.faults import Fault
from faketencent.names import names_lead_to
from faketencent.pacing import Pacing
from faketencent.server import serve
from faketencent.tls import Authority
from tests.faketencent.sdk import client_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from faketencent.cloud import FakeCloud
    from faketencent.cos import CosBackend
    from faketencent.server import Server

pytestmark = pytest.mark.once

HOST = "videos-1250000000.cos.ap-beijing.myqcloud.com"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(autouse=True)
def _video(cos: CosBackend) -> None:
    cos.create_bucket("videos-1250000000", "ap-beijing")
    cos.put("videos-1250000000", "a.mp4", b"hello", {"x-cos-acl": "public-read"})


@pytest.fixture
def server(cloud: FakeCloud, authority: Authority) -> Iterator[Server]:
    """The whole world, in plain and over TLS."""
    with serve(cloud, authority=authority) as running, names_lead_to(running.port):
        yield running


@pytest.fixture(params=["http", "https"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def url(scheme: str) -> str:
    return f"{scheme}://{HOST}/a.mp4"


@pytest.fixture
def session(server: Server, authority: Authority) -> Iterator[requests.Session]:  # noqa: ARG001 - it is there
    """A client that keeps connections, trusts the authority, and knows of no proxy."""
    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(authority.file)
        yield session


@pytest.fixture
def connection(server: Server, scheme: str, authority: Authority) -> Iterator[http.client.HTTPConnection]:  # noqa: ARG001 - it is there
    """One connection, which `http.client` would not replace by itself."""
    trusting = ssl.create_default_context(cafile=str(authority.file))
    made = (
        http.client.HTTPSConnection(HOST, timeout=10, context=trusting)
        if scheme == "https"
        else http.client.HTTPConnection(HOST, timeout=10)
    )
    made.connect()
    made.auto_open = 0
    with closing(made):
        yield made


def ask(connection: http.client.HTTPConnection, method: str, path: str = "/a.mp4", **options: Any) -> tuple[int, bytes]:  # noqa: ANN401 - those of `http.client`
    connection.request(method, path, **options)
    reply = connection.getresponse()
    return reply.status, reply.read()


def signed(cloud: FakeCloud, method: str) -> str:
    """The path and query with which anybody may send this."""
    client, clock = client_of(cloud.cam.account), SimpleNamespace(time=cloud.clock.now)
    with patch("qcloud_cos.cos_auth.time", clock):
        url = client.get_presigned_url(Bucket="videos-1250000000", Key="a.mp4", Method=method)
    return "/" + str(url).partition(f"{HOST}/")[2]


class TestKept:
    def test_one_connection_serves_requests_of_every_kind(
        self, connection: http.client.HTTPConnection, server: Server, cloud: FakeCloud, scheme: str
    ) -> None:
        etag = cloud.cos.backend.get("videos-1250000000", "a.mp4").etag
        in_pieces = {"Expect": "100-continue", "x-cos-acl": "public-read"}
        put, delete = signed(cloud, "PUT"), signed(cloud, "DELETE")

        replies = [
            ask(connection, "GET", body=b"nobody reads this"),
            ask(connection, "HEAD"),
            ask(connection, "GET", headers={"If-None-Match": etag}),
            ask(connection, "PUT", put, body=iter([b"in ", b"chunks"]), headers=in_pieces),
            ask(connection, "GET"),
            ask(connection, "DELETE", delete),
        ]

        assert replies == [(200, b"hello"), (200, b""), (304, b""), (200, b""), (200, b"in chunks"), (204, b"")]
        assert server.counts == Counts(connections=1, handshakes=int(scheme == "https"), requests=6)
        assert {(call.request.scheme, call.request.host) for call in cloud.journal} == {(scheme, HOST)}

    def test_so_does_that_of_a_session(self, session: requests.Session, url: str, server: Server) -> None:
        replies = [session.get(url, timeout=10) for _ in range(3)]

        assert [reply.headers["Connection"] for reply in replies] == ["keep-alive"] * 3
        assert server.counts.connections == 1

    def test_slow_replies_do_not_reach_into_those_that_follow(
        self, connection: http.client.HTTPConnection, cloud: FakeCloud
    ) -> None:
        cloud.faults.on("HeadObject", Pacing(white_space=0.002, beat=0.001))
        cloud.faults.on("GetObject", Pacing(white_space=0.002, beat=0.001))

        assert [ask(connection, method) for method in ("HEAD", "GET", "GET")] == [
            (200, b""),
            (200, b"  hello"),
            (200, b"hello"),
        ]

    def test_a_key_keeps_its_first_slash(self, connection: http.client.HTTPConnection, cloud: FakeCloud) -> None:
        connection.request("GET", "//a.mp4")
        connection.getresponse().read()

        assert cloud.journal[-1].request.path == "//a.mp4"


class TestClosed:
    @pytest.mark.parametrize("says", ["HTTP/1.1\r\nConnection: close", "HTTP/1.1\r\nconnection: Close", "HTTP/1.0"])
    def test_by_a_client_that_says_so(self, server: Server, says: str) -> None:
        with closing(socket.create_connection(server.address, timeout=10)) as client, client.makefile("rb") as reply:
            client.sendall(f"GET http://{HOST}/a.mp4 {says}\r\n\r\n".encode())

            assert reply.read().endswith(b"\r\nConnection: close\r\n\r\nhello")

    def test_by_a_fault_and_then_there_is_another(
        self, session: requests.Session, url: str, cloud: FakeCloud, server: Server
    ) -> None:
        session.get(url, timeout=10)
        cloud.faults.on("GetObject", Fault.TIMEOUT_AFTER)

        with pytest.raises(requests.ConnectionError, match="closed connection without response"):
            session.get(url, timeout=10)

        assert (session.get(url, timeout=10).content, server.counts.connections) == (b"hello", 2)

    def test_by_a_mistake_in_a_fake(
        self, connection: http.client.HTTPConnection, cloud: FakeCloud, caplog: pytest.LogCaptureFixture
    ) -> None:
        def stumble(_: object) -> None:
            raise ZeroDivisionError

        cloud.watchers.append(stumble)
        connection.request("GET", "/a.mp4")
        reply = connection.getresponse()

        assert (reply.status, reply.headers["Connection"]) == (500, "close")
        assert "ZeroDivisionError" in caplog.text


class TestHungUp:
    def test_a_client_that_has_its_reply_finds_its_connection_closed_and_takes_another(
        self, session: requests.Session, url: str, server: Server
    ) -> None:
        closed = []
        for _ in range(20):
            session.get(url, timeout=10)
            closed.append(server.hang_up())

        assert (closed, server.counts.connections) == ([1] * 20, 20)

    def test_a_request_on_its_way_gets_its_reply(
        self, connection: http.client.HTTPConnection, server: Server, cloud: FakeCloud
    ) -> None:
        closed: list[int] = []
        cloud.watchers.append(lambda _: closed.append(server.hang_up()))

        assert [ask(connection, "GET")[1] for _ in range(2)] == [b"hello", b"hello"]
        assert closed == [0, 0]

    @pytest.mark.parametrize("used", [True, False])
    def test_the_end_of_the_server_does_not_wait_for_idle_connections(
        self, cloud: FakeCloud, authority: Authority, used: bool
    ) -> None:
        with closing(socket.socket()) as client:
            with serve(cloud, authority=authority) as server:
                client.connect(server.address)
                if used:
                    client.sendall(f"HEAD http://{HOST}/a.mp4 HTTP/1.1\r\n\r\n".encode())
                    client.recv(4096)

            assert not serving()


def serving() -> bool:
    """Whether a connection is still open at the server, once those that are about to end have ended."""
    threads = [thread for thread in threading.enumerate() if thread.name.endswith("(process_request_thread)")]
    for thread in threads:
        thread.join(timeout=10)
    return any(thread.is_alive() for thread in threads)


class TestTls:
    def test_another_authority_is_not_enough(
        self, session: requests.Session, tmp_path: Path, server: Server, capfd: pytest.CaptureFixture[str]
    ) -> None:
        url = f"https://{HOST}/a.mp4"

        with pytest.raises(requests.exceptions.SSLError, match="certificate verify failed"):
            session.get(url, timeout=10, verify=str(Authority(tmp_path).file))

        assert session.get(url, timeout=10).content == b"hello"
        assert server.counts == Counts(connections=2, handshakes=1, requests=1)
        assert capfd.readouterr() == ("", "")

    def test_each_host_has_a_certificate_of_its_own(
        self, session: requests.Session, server: Server, cloud: FakeCloud
    ) -> None:
        hosts = [HOST, HOST.replace("cos", "ci"), f"127.0.0.1:{server.port}"]

        statuses = [session.get(f"https://{host}/a.mp4", timeout=10).status_code for host in hosts]

        assert (statuses[0], statuses[2], server.counts.handshakes) == (200, 421, 3)
        cloud.unknown.clear()

    def test_a_late_reply_is_given_up_when_the_client_leaves(
        self, session: requests.Session, cloud: FakeCloud, server: Server
    ) -> None:
        cloud.faults.on("GetObject", Pacing(before=86_400))

        with pytest.raises(requests.ReadTimeout):
            session.get(f"https://{HOST}/a.mp4", timeout=(10, 0.05))

        assert server.counts.requests == 1
        assert not serving()

    def test_the_same_port_is_a_proxy_for_plain_http(self, server: Server) -> None:
        reply = requests.get(f"http://{HOST}/a.mp4", proxies={"http": server.url}, timeout=10)

        assert (reply.content, server.counts.handshakes) == (b"hello", 0)
