"""A certificate authority of the fake cloud's own, made on the spot.

It needs `trustme`, which only the tests install: nothing that runs without them imports this.
"""

from __future__ import annotations

import ssl
import threading
from typing import TYPE_CHECKING

import trustme

if TYPE_CHECKING:
    from pathlib import Path


class Authority:
    """Certifies a server as any host, for clients that trust `file`."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "authority.pem"
        self._ca = trustme.CA()
        self._ca.cert_pem.write_to_path(str(self.file))
        self._lock = threading.Lock()
        self._contexts: dict[str, ssl.SSLContext] = {}

    def server_context(self) -> ssl.SSLContext:
        """What a server speaks TLS with: as the host that the client names, or as this machine if it names none."""
        context = self._certified("localhost", "127.0.0.1")
        context.sni_callback = self._answer_as_asked
        return context

    def _answer_as_asked(self, connection: ssl.SSLObject, host: str | None, _: ssl.SSLContext) -> None:
        if host is not None:
            with self._lock:
                if host not in self._contexts:
                    self._contexts[host] = self._certified(host)
            connection.context = self._contexts[host]

    def _certified(self, *hosts: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._ca.issue_cert(*hosts).configure_cert(context)
        return context
