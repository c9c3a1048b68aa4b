"""The connections of the HTTP server: how many there were, which are idle, and hanging up on those.

Each connection has a thread of its own, which serves one request after the other.
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Seconds that idle connections are waited for while they close. Only a client that does not read its reply needs them.
_PATIENCE = 1.0


@dataclass(frozen=True)
class Counts:
    """How many there have been since the server began. A TLS handshake that goes on with an old session is none."""

    connections: int = 0
    handshakes: int = 0
    requests: int = 0


@dataclass
class _Connection:
    socket: socket.socket
    #: No request is being served. It is so just before a reply is sent, so that it is so for a client that has one.
    idle: bool = True

    def hang_up(self) -> None:
        """Have its thread read the end of the connection, after what it is about to write."""
        with suppress(OSError):
            # The plain socket's, for TLS too: it leaves alone what another thread is reading and writing.
            socket.socket.shutdown(self.socket, socket.SHUT_RD)


class Connections:
    """What is open. The methods that name no connection mean the one of the thread that calls them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[threading.Thread, _Connection] = {}
        self._over = False
        self._counts = Counts()

    @property
    def counts(self) -> Counts:
        """How many there have been by now."""
        return self._counts

    @contextmanager
    def opened(self, accepted: socket.socket) -> Iterator[None]:
        """This thread serves it meanwhile."""
        with self._lock:
            self._open[threading.current_thread()] = _Connection(accepted)
            self._counts = replace(self._counts, connections=self._counts.connections + 1)
        try:
            self.rest()
            yield
        finally:
            with self._lock:
                del self._open[threading.current_thread()]

    def secured(self, over_tls: socket.socket, *, resumed: bool) -> None:
        """It goes on over TLS."""
        with self._lock:
            self._open[threading.current_thread()].socket = over_tls
            self._counts = replace(self._counts, handshakes=self._counts.handshakes + (not resumed))

    def rest(self) -> None:
        """It waits for a request, or is about to."""
        with self._lock:
            own = self._open[threading.current_thread()]
            own.idle = True
            if self._over:
                own.hang_up()

    def work(self) -> None:
        """It is no longer idle."""
        with self._lock:
            self._open[threading.current_thread()].idle = False

    def count_request(self) -> None:
        """A request has come on it."""
        with self._lock:
            self._counts = replace(self._counts, requests=self._counts.requests + 1)

    def hang_up(self) -> int:
        """Close those that are idle, and say how many. They are closed when this returns."""
        with self._lock:
            idle = {thread: connection for thread, connection in self._open.items() if connection.idle}
            for connection in idle.values():
                connection.hang_up()
        until = time.monotonic() + _PATIENCE
        for thread in idle:
            thread.join(max(0, until - time.monotonic()))
        return len(idle)

    def end(self) -> None:
        """Close those that are idle, and from now on each that becomes so."""
        with self._lock:
            self._over = True
        self.hang_up()
