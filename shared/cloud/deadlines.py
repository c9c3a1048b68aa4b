"""HTTP connections with an end to everything: two deadlines for an exchange, whatever the other side does.

urllib3's time-outs cover one wait for bytes, so a server that sends a byte now and then holds a call for ever. Here the
first half of a `(connect, read)` time-out is the seconds until the request is sent, connecting to an address and TLS
included; the second is the seconds from then to the last byte of the reply.

`http.client` has two more faults that matter: it gives up at 100 header lines, and an object can have more; and headers
that are cut off count as whole, so that an object would seem to have fewer.
"""

from __future__ import annotations

import http.client
import io
import time
from typing import TYPE_CHECKING, Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

if TYPE_CHECKING:
    import socket

#: Bytes of a reply's status line and headers. An object has 2 KB of metadata at most; names and the rest come on top.
MAX_HEADER_BYTES = 65_536
#: The shortest time-out that still is one: zero would mean "do not wait at all".
_AT_ONCE = 0.001

# A field of metadata can be one letter, so 2 KB of it can be hundreds of lines. The limit cannot be set per connection
# before Python 3.15 (https://github.com/python/cpython/issues/131724); bytes are counted instead of lines.
http.client._MAXHEADERS = 10_000  # type: ignore[attr-defined]  # noqa: SLF001


class _Deadline:
    """A moment; `None` is never."""

    def __init__(self, seconds: float | None) -> None:
        self._until = None if seconds is None else time.monotonic() + seconds

    @property
    def passed(self) -> bool:
        return self._until is not None and time.monotonic() >= self._until

    @property
    def left(self) -> float | None:
        """Seconds, never zero."""
        return None if self._until is None else max(_AT_ONCE, self._until - time.monotonic())


class _Source(io.RawIOBase):
    """The bytes of one reply: each wait for some is as long as what is left until the reply's end."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        self._raw, self._sock = raw, sock
        self._deadline = _Deadline(sock.gettimeout())
        self.budget: int | None = MAX_HEADER_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 - whatever `io` reads into
        if self._deadline.passed:
            raise TimeoutError("the reply does not end")
        self._sock.settimeout(self._deadline.left)
        count = self._raw.readinto(buffer)
        if self.budget is not None:
            self._count_headers(count or 0)
        return count

    def _count_headers(self, count: int) -> None:
        if count == 0:
            raise http.client.HTTPException("the headers are cut off")
        self.budget = (self.budget or 0) - count
        if self.budget < 0:
            raise http.client.HTTPException(f"the headers are over {MAX_HEADER_BYTES} bytes")

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Reply(http.client.HTTPResponse):
    """A reply that ends in time. urllib3 sets the socket's time-out just before it makes one."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as http.client passes them
        super().__init__(sock, *args, **kwargs)
        self._source = _Source(self.fp.detach(), sock)
        self.fp = io.BufferedReader(self._source)

    def begin(self) -> None:
        """Read status and headers; what follows has its own limit (see `read_body`)."""
        super().begin()
        self._source.budget = None


class _Bounded(HTTPConnection):
    """A connection that opens and sends in time.

    urllib3 sets `timeout` at the beginning of both halves of an exchange, so here that starts the clock of this half.
    """

    response_class = _Reply

    @property
    def timeout(self) -> float | None:
        """Seconds left of this half."""
        return self._deadline.left

    @timeout.setter
    def timeout(self, seconds: float | None) -> None:
        self._deadline = _Deadline(seconds)

    def _new_conn(self) -> socket.socket:
        sock = super()._new_conn()
        # For the TLS handshake, which comes next.
        sock.settimeout(self.timeout)
        return sock

    def send(self, data: Any) -> None:  # noqa: ANN401 - whatever http.client sends
        """Send what is there of the request."""
        if self.sock is not None:
            # A connection that was used before still has the end of that reply as its time-out.
            self.sock.settimeout(self.timeout)
        super().send(data)


class _BoundedTls(_Bounded, HTTPSConnection):
    """The same over TLS."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Bounded


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _BoundedTls


#: What urllib3 makes such connections with.
POOLS: dict[str, type[HTTPConnectionPool]] = {"http": _Pool, "https": _TlsPool}
