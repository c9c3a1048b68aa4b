"""One connection of the HTTP server: takes headers by their size, however many; writes replies as they are paced.

The connection is kept for more requests, as COS keeps it. Werkzeug's own handler closes it after each reply.
"""

from __future__ import annotations

import http.client
import io
import re
import selectors
import socket
import ssl
import time
import traceback
from email.parser import Parser
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from werkzeug.serving import WSGIRequestHandler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from faketencent.listener import Listener
    from faketencent.pacing import Pacing, Step

#: Where the WSGI environment holds the headers as they were sent, and the handler itself.
HEADERS, HANDLER = "faketencent.headers", "faketencent.handler"
#: Bytes that the headers of a request may have; `http.server` allows as many for its first line.
MOST_HEADERS = 65536
#: Statuses of replies without body.
_BARE = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


class HangUpError(ConnectionError):
    """Has the connection given up without a word."""


class Handler(WSGIRequestHandler):
    """Serves the requests of one connection."""

    server: Listener
    #: Else the end of a reply in several pieces waits until the client has confirmed their beginning.
    disable_nagle_algorithm = True
    #: How slowly the reply comes; the application sets it.
    pacing: Pacing | None = None
    _headers_buffer: list[bytes]

    def handle_one_request(self) -> None:
        """Wait for a request, and serve it."""
        self.server.connections.rest()
        if not cast("io.BufferedReader", self.rfile).peek(1):
            self.close_connection = True
            return
        self.server.connections.work()
        super().handle_one_request()

    def parse_request(self) -> bool:
        """Read the headers; `http.client`, which does it for `http.server`, takes no more than a hundred lines."""
        lines = list(_lines(self.rfile))
        rest, self.rfile = self.rfile, io.BytesIO(b"".join([*filter(_is_for_the_server, lines), b"\r\n"]))
        try:
            understood = super().parse_request()
        finally:
            self.rfile = rest
        if not understood:
            return False
        text = b"".join(lines)
        if len(text) > MOST_HEADERS:
            self.send_error(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            return False
        self.headers = Parser(_class=http.client.HTTPMessage).parsestr(text.decode("latin-1"))
        if "close" in re.split("[, \t\r\n]+", self.headers.get("Connection", "").lower()):
            self.close_connection = True
        # `http.server` takes a key's first slash away.
        self.path = self.requestline.split()[1]
        return True

    def make_environ(self) -> dict[str, Any]:
        """The WSGI environment, with more in it."""
        # WSGI folds names that differ only in `-` and `_`, and werkzeug drops those with `_`; both are signed.
        more = {HEADERS: list(self.headers.items()), HANDLER: self}
        scheme = "https" if isinstance(self.connection, ssl.SSLSocket) else "http"
        return {**super().make_environ(), **more, "wsgi.url_scheme": scheme}

    def run_wsgi(self) -> None:
        """Serve one request."""
        self.server.connections.count_request()
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self.pacing = None
        try:
            body = b"".join(self.server.app(self.make_environ(), self._begin))
            self._reply(body)
        except (ConnectionError, ssl.SSLError):
            # It does not matter which side gave it up.
            self.close_connection = True
        except Exception:  # noqa: BLE001 - a mistake in a fake must not leave its client without a reply
            self.server.log("error", traceback.format_exc())
            self._headers_buffer = []
            # This closes the connection: nobody knows how much of the request has been read.
            self.send_error(HTTPStatus.INTERNAL_SERVER_ERROR)

    def send_response(self, code: int, message: str | None = None) -> None:
        """Begin a reply, without the log line (calls are in the cloud's journal) and a second Server and Date."""
        self.send_response_only(code, message)

    def _begin(
        self, status: str, headers: list[tuple[str, str]], exc_info: object = None, /
    ) -> Callable[[bytes], object]:
        """Take status and headers from the application."""
        del exc_info
        code, _, words = status.partition(" ")
        self._status = int(code)
        self.send_response(self._status, words)
        for name, value in headers:
            self.send_header(name, value)
        return self.wfile.write

    def _reply(self, body: bytes) -> None:
        """Write the reply: in one piece, unless it is slow."""
        if self.server.latency:
            self._wait(self.server.latency)
        if self.pacing is not None:
            self._reply_slowly(self.pacing, body)
            return
        head = self._head()
        self.server.connections.rest()
        self.wfile.write(head if self._is_bare else head + body)

    def _reply_slowly(self, pacing: Pacing, body: bytes) -> None:
        in_chunks = not pacing.knows_length and not self._is_bare
        head = self._head(("Transfer-Encoding", "chunked")) if in_chunks else self._head()
        for piece in self._in_time(pacing.head_steps(head)):
            self.wfile.write(piece)
        if self._is_bare:
            return
        for piece in filter(None, self._in_time(pacing.body_steps(body))):
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece) if in_chunks else piece)
        if in_chunks:
            self.wfile.write(b"0\r\n\r\n")

    @property
    def _is_bare(self) -> bool:
        return self.command == "HEAD" or self._status in _BARE

    def _head(self, *more: tuple[str, str]) -> bytes:
        """The status line and all headers, with what the server itself says of the connection."""
        for name, value in (*more, ("Connection", "close" if self.close_connection else "keep-alive")):
            self.send_header(name, value)
        lines, self._headers_buffer = self._headers_buffer, []
        return b"".join([*lines, b"\r\n"])

    def _in_time(self, steps: Iterator[Step]) -> Iterator[bytes]:
        for pause, piece in steps:
            self._wait(pause)
            yield piece

    def _wait(self, seconds: float) -> None:
        """Let the time pass, unless the client leaves meanwhile."""
        until = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self.connection, selectors.EVENT_READ)
            if not selector.select(seconds):
                return
        # The plain socket's: TLS has no way to look ahead, and it is enough to know whether anything is there.
        if not socket.socket.recv(self.connection, 1, socket.MSG_PEEK):
            raise HangUpError
        # What else the client sends is nothing to wake up for.
        time.sleep(max(0, until - time.monotonic()))


def _lines(stream: io.BufferedIOBase) -> Iterator[bytes]:
    while (line := stream.readline()) not in (b"\r\n", b"\n", b""):
        yield line


def _is_for_the_server(line: bytes) -> bool:
    return line.lower().startswith(b"connection:")
