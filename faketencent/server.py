"""The fake cloud behind a real HTTP port, for other processes and for clients that use no `requests`.

The server is a plain HTTP proxy, so that host names stay what they are:

    with serve(cloud) as server:
        CosConfig(Scheme="http", Proxies={"http": server.url}, ...)

It also takes requests that are addressed to itself and say in their Host header whom they mean. A request may have
any number of headers up to 64 KB, a reply even more. Connections are kept, as COS keeps them.

With an authority it speaks TLS too, on the same port, as any host that a client asks for:

    authority = Authority()
    with serve(cloud, authority=authority) as server, names_lead_to(server.port):
        requests.get("https://videos-1250000000.cos.ap-beijing.myqcloud.com/", verify=authority.file)
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests

from faketencent.faults import FunctionKilled
from faketencent.http_handler import HANDLER, HEADERS, Handler, HangUpError
from faketencent.listener import HOST, Listener
from faketencent.wire import NoReplyError, Reply, Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from faketencent.cloud import FakeCloud
    from faketencent.connections import Counts
    from faketencent.tls import Authority

#: Seconds; as long as a function may run, for one may be at the other end.
_PATIENCE = 900.0


@dataclass(frozen=True)
class Server:
    """Where the fake cloud is reached, and what is known of its connections."""

    listener: Listener

    @property
    def port(self) -> int:
        """On this machine."""
        return self.listener.port

    @property
    def url(self) -> str:
        """For a client that uses it as its proxy."""
        return f"http://{HOST}:{self.port}"

    @property
    def address(self) -> tuple[str, int]:
        """For a socket."""
        return HOST, self.port

    @property
    def counts(self) -> Counts:
        """How many connections, TLS handshakes and requests there have been."""
        return self.listener.connections.counts

    def hang_up(self) -> int:
        """Close the connections on which no request is being served, and say how many: as COS does after a while."""
        return self.listener.connections.hang_up()


@contextmanager
def serve(
    cloud: FakeCloud, port: int = 0, tempo: float = 1, *, authority: Authority | None = None, latency: float = 0
) -> Iterator[Server]:
    """Serve the cloud on that port of this machine, on a free one if it is 0.

    A fault that leaves a request without reply closes the connection, be it a reset or a time-out: nobody
    is made to wait. A reply that is paced does make the client wait, `tempo` real seconds for each second of its
    pacing, until the client leaves. A request that no fake serves is refused with the list of those that are. What
    the cloud itself sends meanwhile (callbacks, pushes) also goes over HTTP, to this very server.

    With an `authority`, TLS is spoken too. Each reply comes `latency` real seconds later, the one to the beginning of
    a TLS handshake included.

    Raises:
        OSError: the port cannot be used.
    """
    tls = authority.server_context() if authority else None
    listener = Listener(port, partial(_application, cloud, tempo), tls, latency)
    running = Server(listener)
    thread = threading.Thread(target=listener.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    sent_before, cloud.send = cloud.send, lambda request: _send(request, running)
    try:
        yield running
    finally:
        cloud.send = sent_before
        listener.shutdown()
        thread.join()
        listener.connections.end()


def _application(cloud: FakeCloud, tempo: float, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401 - as WSGI hands it over
    try:
        reply = cloud.dispatch(_request(environ))
    except (NoReplyError, FunctionKilled) as error:
        raise HangUpError from error
    start_response(reply.status_line, reply.sent().headers)
    if reply.pacing is not None:
        handler: Handler = environ[HANDLER]
        handler.pacing = reply.pacing.scaled(tempo)
    return [reply.body]


def _request(environ: dict[str, Any]) -> Request:
    target = environ["REQUEST_URI"].encode("latin-1").decode("utf-8", "replace")
    if not urlsplit(target).scheme:
        target = f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST', '')}{target}"
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
