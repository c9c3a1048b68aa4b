"""Every call ends in time, even with a real server that goes on for ever."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING, Any

import pytest

from shared.cloud import deadlines, transport
from shared.cloud.tdmq import Queue
from shared.cloud.transport import Call, Repeat, Service, Transport
from shared.errors import NoReplyError, ServerError
from shared.settings import Scheme
from tests.shared.connection_samples import BUCKET, LIMIT, REGION, SLACK, quiet_environment
from tests.shared.raw_server import RawServer, endless, ok, raw_server
from tests.shared.tdmq_samples import credentials

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


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


def chunk(piece: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(piece), piece)


def beats(count: int, piece: bytes) -> Iterator[bytes | None]:
    for _ in range(count):
        yield piece
        yield None


class Clock:
    """Stands in for the `time` module, and for a socket: each wait for bytes takes a second."""

    def __init__(self) -> None:
        self.now = 100.0
        self.waits: list[float | None] = []

    def monotonic(self) -> float:
        return self.now

    def gettimeout(self) -> float:
        return 3.0

    def settimeout(self, seconds: float | None) -> None:
        self.waits.append(seconds)

    def readinto(self, buffer: bytearray) -> int:
        self.now += 1
        buffer[:1] = b"x"
        return 1

    def sendall(self, _: bytes) -> None:
        self.now += 1

    def close(self) -> None:
        pass


class TestDeadlines:
    @pytest.fixture
    def clock(self, monkeypatch: pytest.MonkeyPatch) -> Clock:
        clock = Clock()
        monkeypatch.setattr(deadlines, "time", clock)
        return clock

    def test_each_wait_for_bytes_is_what_is_left_until_the_reply_must_end(self, clock: Clock) -> None:
        source: Any = deadlines._Source(clock, clock)  # type: ignore[arg-type]

        for _ in range(3):
            source.readinto(bytearray(9))
        with pytest.raises(TimeoutError):
            source.readinto(bytearray(9))

        assert clock.waits == [3, 2, 1]

    def test_each_part_of_a_request_has_what_is_left_until_it_must_be_sent(self, clock: Clock) -> None:
        connection: Any = deadlines._Bounded("host")
        connection.sock, connection.timeout = clock, 3

        for _ in range(4):
            connection.send(b"part")

        assert clock.waits == [3, 2, 1, deadlines._AT_ONCE]

    def test_a_handshake_has_what_connecting_left_of_the_time(
        self, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def connect(*_: object, **__: object) -> Clock:
            clock.now += 1
            return clock

        monkeypatch.setattr("urllib3.util.connection.create_connection", connect)
        connection = deadlines._BoundedTls("host")
        connection.timeout = 3

        connection._new_conn()

        assert clock.waits == [2]

    def test_without_a_limit_there_is_none(self, clock: Clock) -> None:
        connection = deadlines._Bounded("host")
        clock.now += 1_000_000

        assert connection.timeout is None


NEVER_ENDING: dict[str, Callable[[], Iterable[bytes | None]]] = {
    "silence": lambda: endless(b""),
    "a status line": lambda: endless(b"H"),
    "headers": lambda: [b"HTTP/1.1 200 OK\r\n", *endless(b"X-A: 1\r\n")],
    "one header": lambda: [b"HTTP/1.1 200 OK\r\nX-A: ", *endless(b"1")],
    "provisional replies": lambda: endless(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a body": lambda: [b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n", *endless(b"x")],
    "chunks": lambda: [CHUNKED, *endless(chunk(b"x"))],
    "the length of a chunk": lambda: [CHUNKED, *endless(b"0")],
}


class TestTime:
    @pytest.mark.parametrize("kind", NEVER_ENDING)
    def test_a_reply_that_never_ends_is_cut_off_within_the_worst_case(
        self, kind: str, through: Callable[[RawServer], Transport]
    ) -> None:
        began = time.monotonic()

        with raw_server(lambda *_: NEVER_ENDING[kind]()) as server, pytest.raises(NoReplyError):
            through(server).send(ACL)

        assert time.monotonic() - began < 2 * (LIMIT + LIMIT) + SLACK
        assert len(server.requests) == 2

    def test_so_is_one_of_a_queue(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("CONNECT_TIMEOUT", "READ_TIMEOUT"):
            monkeypatch.setattr(f"shared.cloud.tdmq.{name}", LIMIT)
        began = time.monotonic()

        with raw_server(lambda *_: [b"HTTP/1.1 200 OK\r\n", *endless(b"X-A: 1\r\n")]) as server:
            queue = Queue(server.url, "callbacks", credentials(), time.time)
            with pytest.raises(NoReplyError):
                queue.receive(0)

        assert time.monotonic() - began < 2 * (LIMIT + LIMIT) + SLACK

    def test_a_copy_may_be_kept_alive_with_white_space_for_longer(
        self, through: Callable[[RawServer], Transport]
    ) -> None:
        copy = Call(Service.COS, "PUT", REGION, BUCKET, "a.mp4", repeat=Repeat.NEVER, patience=SLACK)

        def slowly(*_: object) -> Iterator[bytes | None]:
            yield CHUNKED
            yield from beats(2 * int(LIMIT / 0.01), chunk(b" "))
            yield chunk(COPIED) + chunk(b"")

        with raw_server(slowly) as server:
            reply = through(server).send(copy)

        assert reply.document("CopyObjectResult") == {"ETag": "1"}

    def test_a_copy_that_fails_after_much_white_space_still_says_why(
        self, through: Callable[[RawServer], Transport]
    ) -> None:
        copy = Call(Service.COS, "PUT", REGION, BUCKET, "a.mp4", repeat=Repeat.NEVER, patience=SLACK)
        failed = b" " * 1000 + b"<Error><Code>InternalError</Code></Error>"

        with raw_server(lambda *_: [ok(body=failed)]) as server, pytest.raises(ServerError, match="InternalError"):
            through(server).send(copy)

    def test_white_space_for_ever_is_cut_off(self, through: Callable[[RawServer], Transport]) -> None:
        copy = Call(Service.COS, "PUT", REGION, BUCKET, "a.mp4", repeat=Repeat.NEVER, patience=2 * LIMIT)
        began = time.monotonic()

        with raw_server(lambda *_: [CHUNKED, *endless(chunk(b" "))]) as server, pytest.raises(NoReplyError):
            through(server).send(copy)

        assert time.monotonic() - began < 3 * LIMIT + SLACK

    def test_a_server_that_does_not_read_is_given_up(self, through: Callable[[RawServer], Transport]) -> None:
        huge = Call(Service.COS, "PUT", REGION, BUCKET, "a", body=b"x" * 20_000_000, repeat=Repeat.NEVER)
        with socket.create_server(("127.0.0.1", 0)) as deaf:
            server = RawServer(lambda *_: [], port=deaf.getsockname()[1])
            began = time.monotonic()

            with pytest.raises(NoReplyError):
                through(server).send(huge)

        assert time.monotonic() - began < LIMIT + SLACK
