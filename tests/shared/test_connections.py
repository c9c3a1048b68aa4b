"""What goes over real connections: every request once, on as few connections as can be, and every reply whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared.cloud import deadlines, transport
from shared.cloud.transport import Call, Repeat, Service, Transport
from shared.errors import CloudError, GarbledReplyError, NoReplyError
from shared.settings import Scheme
from tests.shared.connection_samples import BUCKET, LIMIT, REGION, SLACK, quiet_environment
from tests.shared.raw_server import RawServer, ok, raw_server
from tests.shared.tdmq_samples import credentials

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from shared.cloud.transport import Reply

HEAD = Call(Service.COS, "HEAD", REGION, BUCKET, "a.mp4", patience=LIMIT)
ACL = Call(Service.COS, "GET", REGION, BUCKET, "a.mp4", params={"acl": ""}, patience=LIMIT)
DELETE = Call(Service.COS, "DELETE", REGION, BUCKET, "claims/1", repeat=Repeat.NEVER, patience=LIMIT)
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
COPIED = b"<CopyObjectResult><ETag>1</ETag></CopyObjectResult>"


@pytest.fixture(autouse=True)
def short_limits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(transport, "CONNECT_TIMEOUT", LIMIT)
    monkeypatch.setattr(transport, "PAUSE", 0.01)
    with quiet_environment(monkeypatch):
        yield


@pytest.fixture
def through(monkeypatch: pytest.MonkeyPatch) -> Callable[[RawServer], Transport]:
    """A transport whose every call goes to the server, by way of being its proxy."""

    def made(server: RawServer) -> Transport:
        monkeypatch.setenv("HTTP_PROXY", server.url)
        return Transport(credentials(), Scheme.HTTP)

    return made


def dropped(*pieces: bytes) -> Iterator[bytes]:
    """These pieces, and then the connection is closed."""
    yield from pieces
    raise ConnectionError


UNCERTAIN: dict[str, Callable[[], Iterable[bytes | None]]] = {
    "nothing": dropped,
    "half a reply": lambda: dropped(b"HTTP/1.1 204 No"),
    "a redirect": lambda: [ok("Location: http://example.com/", status="307 Temporary Redirect")],
    "a server error": lambda: [ok("Retry-After: 0", status="503 Service Unavailable")],
    "a throttle": lambda: [ok("Retry-After: 0", status="429 Too Many Requests")],
    "a time-out": lambda: [ok(status="408 Request Timeout")],
}


class TestSentOnce:
    @pytest.mark.parametrize("reply", UNCERTAIN)
    @pytest.mark.parametrize("kept_alive", [False, True])
    def test_a_delete_is_never_repeated_whatever_comes_back(
        self, reply: str, kept_alive: bool, through: Callable[[RawServer], Transport]
    ) -> None:
        def answer(_: RawServer, request: bytes) -> Iterable[bytes | None]:
            return [ok()] if request.startswith(b"HEAD") else UNCERTAIN[reply]()

        with raw_server(answer) as server:
            sender = through(server)
            if kept_alive:
                sender.send(HEAD)
            with pytest.raises(CloudError):
                sender.send(DELETE)

        assert [request.split()[0] for request in server.requests] == [b"HEAD"] * kept_alive + [b"DELETE"]
        assert server.connections == 1

    def test_a_connection_that_was_closed_while_idle_is_not_used(
        self, through: Callable[[RawServer], Transport]
    ) -> None:
        def answer(_: RawServer, request: bytes) -> Iterator[bytes]:
            yield ok()
            if request.startswith(b"HEAD"):
                raise ConnectionError

        with raw_server(answer) as server:
            sender = through(server)
            sender.send(HEAD)
            assert server.closed.acquire(timeout=SLACK)
            sender.send(DELETE)

        assert [request.split()[0] for request in server.requests] == [b"HEAD", b"DELETE"]
        assert server.connections == 2


class TestKeepAlive:
    def test_one_connection_serves_one_invocation_after_the_other(
        self, through: Callable[[RawServer], Transport]
    ) -> None:
        with raw_server(lambda *_: [ok()]) as server:
            for _ in range(3):
                through(server).send(HEAD)

        assert (len(server.requests), server.connections) == (3, 1)

    def test_the_end_of_one_reply_is_not_the_end_of_the_next_request(
        self, through: Callable[[RawServer], Transport], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(transport, "CONNECT_TIMEOUT", SLACK)
        armed: list[float | None] = []
        send = deadlines._Bounded.send

        def watch(connection: deadlines._Bounded, data: bytes) -> None:
            send(connection, data)
            armed.append(connection.sock.gettimeout())

        monkeypatch.setattr(deadlines._Bounded, "send", watch)
        with raw_server(lambda *_: [ok()]) as server:
            for _ in range(2):
                through(server).send(HEAD)

        assert all(seconds is not None and seconds > LIMIT for seconds in armed)


class TestHeaders:
    def head(self, through: Callable[[RawServer], Transport], *headers: str) -> Reply:
        with raw_server(lambda *_: [ok(*headers)]) as server:
            return through(server).send(HEAD)

    def test_more_than_a_hundred_are_read(self, through: Callable[[RawServer], Transport]) -> None:
        reply = self.head(through, *(f"x-cos-meta-{n}: {n}" for n in range(150)))

        assert [reply.headers[f"x-cos-meta-{n}"] for n in range(150)] == [str(n) for n in range(150)]

    def test_as_many_as_two_kilobytes_of_metadata_can_hold_are_read(
        self, through: Callable[[RawServer], Transport]
    ) -> None:
        assert len(self.head(through, *(f"x-cos-meta-{n:x}:" for n in range(1024))).headers) > 1024

    @pytest.mark.parametrize("flood", [["X-A: " + "x" * 60_000] * 2, ["X-A:"] * 20_000])
    def test_but_not_more_bytes_than_any_reply_has(
        self, flood: list[str], through: Callable[[RawServer], Transport]
    ) -> None:
        with pytest.raises(NoReplyError):
            self.head(through, *flood)

    def test_headers_that_are_cut_off_are_not_taken_for_all_of_them(
        self, through: Callable[[RawServer], Transport]
    ) -> None:
        whole = ok("x-cos-meta-a: 1", "x-cos-meta-b: 2")
        for length in range(len(whole)):
            cut = whole[:length]
            with raw_server(lambda *_, cut=cut: dropped(cut)) as server, pytest.raises(NoReplyError):
                through(server).send(DELETE)

    def test_a_body_has_a_limit_of_its_own(self, through: Callable[[RawServer], Transport]) -> None:
        body = b"<A>" + b"x" * 200_000 + b"</A>"
        with raw_server(lambda *_: [ok(body=body)]) as server:
            assert through(server).send(ACL).body == body

    def test_a_reply_that_is_no_http_is_no_reply(self, through: Callable[[RawServer], Transport]) -> None:
        with raw_server(lambda *_: dropped(b"SSH-2.0-x\r\n")) as server, pytest.raises(NoReplyError):
            through(server).send(DELETE)


def test_a_reply_cut_short_is_no_document(through: Callable[[RawServer], Transport]) -> None:
    cut = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<A>"
    with raw_server(lambda *_: dropped(cut)) as server, pytest.raises((NoReplyError, GarbledReplyError)):
        through(server).send(ACL)
