"""A real server on this machine that answers exactly the bytes a test wants, when it wants."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable, Iterator

#: Seconds between two pieces of what trickles, and for how long it goes on: much longer than any limit in these tests,
#: and still an end, so that a limit that does not work fails its test instead of blocking it.
BEAT, ENDLESS = 0.01, 8.0


@dataclass
class RawServer:
    """Serves one connection after the other. `answer` gets each request and yields the pieces of its reply.

    It may yield `None`: a beat of silence. When it ends by raising `ConnectionError`, the connection is dropped; a
    piece that is empty does nothing.
    """

    answer: Callable[[RawServer, bytes], Iterable[bytes | None]]
    tls: ssl.SSLContext | None = None
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)
    #: Counts the connections that have come to their end.
    closed: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    port: int = 0

    @property
    def url(self) -> str:
        """Where it is, also as a proxy."""
        return f"http://127.0.0.1:{self.port}"

    def wait(self, seconds: float) -> None:
        """Let time pass, until the server is stopped."""
        self.stopping.wait(seconds)

    def serve(self, listening: socket.socket) -> None:
        """Take connections until told to stop."""
        with suppress(OSError):
            while True:
                sock, _ = listening.accept()
                if self.stopping.is_set():
                    sock.close()
                    return
                self.connections += 1
                threading.Thread(target=self._talk, args=(sock,), daemon=True).start()

    def _talk(self, sock: socket.socket) -> None:
        with suppress(OSError):
            sock.settimeout(ENDLESS)
            try:
                if self.tls:
                    self._tunnel(sock)
                    sock = self.tls.wrap_socket(sock, server_side=True)
                while request := _read_request(sock):
                    self.requests.append(request)
                    self._send(sock, request)
            finally:
                sock.close()
                self.closed.release()

    def _send(self, sock: socket.socket, request: bytes) -> None:
        for piece in self.answer(self, request):
            if self.stopping.is_set():
                raise ConnectionError
            if piece is None:
                self.wait(BEAT)
            else:
                sock.sendall(piece)

    def _tunnel(self, sock: socket.socket) -> None:
        # A TLS handshake begins with byte 22, a proxy's tunnel with the word CONNECT.
        if sock.recv(1, socket.MSG_PEEK) == b"C":
            _read_request(sock)
            sock.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")


@contextmanager
def raw_server(
    answer: Callable[[RawServer, bytes], Iterable[bytes | None]], tls: ssl.SSLContext | None = None
) -> Iterator[RawServer]:
    """Such a server, until the end of the block."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = RawServer(answer, tls, port=listening.getsockname()[1])
        thread = threading.Thread(target=server.serve, args=(listening,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.stopping.set()
            # Wakes `accept`, which closing the socket would not.
            socket.create_connection(("127.0.0.1", server.port)).close()
            thread.join()


def ok(*headers: str, body: bytes = b"", status: str = "200 OK") -> bytes:
    """A whole reply."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def endless(piece: bytes) -> Iterator[bytes | None]:
    """The piece again and again, with a beat between."""
    for _ in range(int(ENDLESS / BEAT)):
        yield piece
        yield None


def _read_request(sock: socket.socket) -> bytes:
    read = b""
    while b"\r\n\r\n" not in read:
        part = sock.recv(65_536)
        if not part:
            return b""
        read += part
    head, _, body = read.partition(b"\r\n\r\n")
    lengths = [int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    missing = (lengths[0] if lengths else 0) - len(body)
    while missing > 0:
        part = sock.recv(65_536)
        missing -= len(part) or missing
    return head
