"""One connection of the HTTP server: takes headers by their size, however many; writes replies as they are paced."""

from __future__ import annotations

import http.client
import io
import selectors
import socket
import time
from email.parser import Parser
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from werkzeug.serving import WSGIRequestHandler

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faketencent.pacing import Pacing, Step

#: Where the WSGI environment holds the headers as they were sent, and the handler itself.
HEADERS, HANDLER = "faketencent.headers", "faketencent.handler"
#: Bytes that the headers of a request may have; `http.server` allows as many for its first line.
MOST_HEADERS = 65536


class HangUpError(ConnectionError):
    """Has werkzeug give up the connection without a word."""


class Handler(WSGIRequestHandler):
    """Serves the requests of one connection."""

    _pacing: Pacing | None = None

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
        return True

    def make_environ(self) -> dict[str, Any]:
        """The WSGI environment, with more in it."""
        # WSGI folds names that differ only in `-` and `_`, and werkzeug drops those with `_`; both are signed.
        return {**super().make_environ(), HEADERS: list(self.headers.items()), HANDLER: self}

    def connection_dropped(self, error: BaseException, environ: dict[str, Any] | None = None) -> None:
        """Close the connection, no matter which side gave it up."""
        del error, environ
        self.close_connection = True

    def send_response(self, code: int, message: str | None = None) -> None:
        """Begin a reply, without the log line (calls are in the cloud's journal) and a second Server and Date."""
        self.send_response_only(code, message)

    def paced(self, pacing: Pacing, body: bytes) -> Iterator[bytes]:
        """The body of a slow reply, piece by piece; its headers are slow too."""
        self._pacing = pacing
        # Has the headers written before the first wait for the body.
        yield b""
        yield from self._in_time(pacing.body_steps(body))

    def flush_headers(self) -> None:
        """Write the status line and the headers."""
        pacing, self._pacing = self._pacing, None
        if pacing is None:
            super().flush_headers()
            return
        head = b"".join(self._headers_buffer)
        self._headers_buffer: list[bytes] = []
        for piece in self._in_time(pacing.head_steps(head)):
            self.wfile.write(piece)

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
        if not self.connection.recv(1, socket.MSG_PEEK):
            raise HangUpError
        # What else the client sends is nothing to wake up for.
        time.sleep(max(0, until - time.monotonic()))


def _lines(stream: io.BufferedIOBase) -> Iterator[bytes]:
    while (line := stream.readline()) not in (b"\r\n", b"\n", b""):
        yield line


def _is_for_the_server(line: bytes) -> bool:
    return line.lower().startswith(b"connection:")
