"""The fake cloud behind a real HTTP port, for other processes and for clients that use no `requests`.

The server is a plain HTTP proxy, so that host names stay what they are:

    with serve(cloud) as server:
        CosConfig(Scheme="http", Proxies={"http": server.url}, ...)

It also takes requests that are addressed to itself and say in their Host header whom they mean. A request may have
any number of headers up to 64 KB, a reply even more.
"""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from werkzeug.serving import make_server

from faketencent.faults import FunctionKilled
from faketencent.http_handler import HANDLER, HEADERS, Handler, HangUpError
from faketencent.wire import NoReplyError, Reply, Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from faketencent.cloud import FakeCloud

#: Seconds; as long as a function may run, for one may be at the other end.
_PATIENCE = 900.0
_HOST = "127.0.0.1"


@dataclass(frozen=True)
class Server:
    """Where the fake cloud is reached."""

    url: str
    port: int

    @property
    def address(self) -> tuple[str, int]:
        """For a socket."""
        return _HOST, self.port


@contextmanager
def serve(cloud: FakeCloud, port: int = 0, tempo: float = 1) -> Iterator[Server]:
    """Serve the cloud on that port of this machine, on a free one if it is 0.

    A fault that leaves a request without reply closes the connection, be it a reset or a time-out: nobody
    is made to wait. A reply that is paced does make the client wait, `tempo` real seconds for each second of its
    pacing, until the client leaves. A request that no fake serves is refused with the list of those that are. What
    the cloud itself sends meanwhile (callbacks, pushes) also goes over HTTP, to this very server.

    Raises:
        OSError: the port cannot be used.
    """
    application = partial(_application, cloud, tempo)
    # The socket is opened here, because Werkzeug ends the process when it cannot have the port.
    with socket.create_server((_HOST, port)) as listening:
        number = listening.fileno()
        server = make_server(_HOST, port, application, threaded=True, request_handler=Handler, fd=number)
    running = Server(f"http://{_HOST}:{server.port}", server.port)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    sent_before, cloud.send = cloud.send, lambda request: _send(request, running)
    try:
        yield running
    finally:
        cloud.send = sent_before
        server.shutdown()
        thread.join()
        server.server_close()


def _application(cloud: FakeCloud, tempo: float, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401 - as WSGI hands it over
    try:
        reply = cloud.dispatch(_request(environ))
    except (NoReplyError, FunctionKilled) as error:
        raise HangUpError from error
    start_response(reply.status_line, reply.sent().headers)
    body = b"" if environ["REQUEST_METHOD"] == "HEAD" else reply.body
    if reply.pacing is None:
        return [body]
    handler: Handler = environ[HANDLER]
    return handler.paced(reply.pacing.scaled(tempo), body)


def _request(environ: dict[str, Any]) -> Request:
    target = environ["REQUEST_URI"].encode("latin-1").decode("utf-8", "replace")
    if not urlsplit(target).scheme:
        target = f"http://{environ.get('HTTP_HOST', '')}{target}"
    length = int(environ.get("CONTENT_LENGTH") or 0)
    chunked = environ.get("wsgi.input_terminated", False)
    body = environ["wsgi.input"].read() if chunked else environ["wsgi.input"].read(length)
    if not chunked and len(body) < length:
        # Whoever sent it is gone: COS stores nothing of which it did not get all.
        raise NoReplyError("reset")
    return Request.to(environ["REQUEST_METHOD"], target, _joined(environ[HEADERS]), body)


def _joined(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    values: dict[str, list[str]] = {}
    for name, value in headers:
        values.setdefault(name.lower(), []).append(value)
    return [(name, ", ".join(several)) for name, several in values.items()]


def _send(request: Request, server: Server) -> Reply:
    plain = replace(request, scheme="http")
    with requests.Session() as session:
        session.trust_env = False
        try:
            response = session.request(
                plain.method,
                plain.url,
                headers=dict(plain.headers),
                data=plain.body,
                proxies={"http": server.url},
                allow_redirects=False,
                timeout=_PATIENCE,
            )
        except requests.Timeout as error:
            raise NoReplyError("timeout") from error
        except requests.ConnectionError as error:
            raise NoReplyError("reset") from error
    return Reply(response.status_code, list(response.headers.items()), response.content)
