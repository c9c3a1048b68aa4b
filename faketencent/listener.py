"""The port of the HTTP server. It speaks plain HTTP, and TLS to those who begin with it."""

from __future__ import annotations

import socket
import ssl
import sys
import time
from typing import TYPE_CHECKING, Any

from werkzeug.serving import ThreadedWSGIServer

from faketencent.connections import Connections
from faketencent.http_handler import Handler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

HOST = "127.0.0.1"
#: The first byte of what a client says that wants TLS: https://www.rfc-editor.org/rfc/rfc8446#section-5.1
_HANDSHAKE = b"\x16"


class Listener(ThreadedWSGIServer):
    """Takes connections until it is shut down.

    With `tls`, a connection may be either; without it, none is TLS. `latency` is the seconds that a round trip takes:
    the reply to each request comes so much later, and the reply to the beginning of a handshake.
    """

    def __init__(
        self, port: int, app: Callable[..., Iterable[bytes]], tls: ssl.SSLContext | None = None, latency: float = 0
    ) -> None:
        self.connections = Connections()
        self.latency = latency
        self._tls = tls
        # The socket is opened here, because Werkzeug ends the process when it cannot have the port.
        with socket.create_server((HOST, port)) as listening:
            super().__init__(HOST, port, app, handler=Handler, fd=listening.fileno())

    def finish_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as socketserver says
        """Serve one connection to its end."""
        with self.connections.opened(request):
            first = request.recv(1, socket.MSG_PEEK)
            if self._tls is not None and first == _HANDSHAKE:
                with self._secured(request, self._tls) as over_tls:
                    super().finish_request(over_tls, client_address)
            elif first:
                super().finish_request(request, client_address)

    def _secured(self, request: socket.socket, tls: ssl.SSLContext) -> ssl.SSLSocket:
        self.connections.work()
        time.sleep(self.latency)
        over_tls = tls.wrap_socket(request, server_side=True)
        self.connections.secured(over_tls, resumed=bool(over_tls.session_reused))
        return over_tls

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as socketserver says
        """A client that leaves, or that does not trust the server, is none of the server's errors."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, ssl.SSLError)):
            super().handle_error(request, client_address)
