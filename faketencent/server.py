"""The fake cloud behind a real HTTP port, for other processes and for clients that use no `requests`.

The server is a plain HTTP proxy, so that host names stay what they are:

    with serve(cloud) as server:
        CosConfig(Scheme="http", Proxies={"http": server.url}, ...)

It also takes requests that are addressed to itself and say in their Host header whom they mean.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from werkzeug.serving import WSGIRequestHandler, make_server

from faketencent.errors import UnknownRouteError
from faketencent.faults import FunctionKilled
from faketencent.wire import NoReplyError, Reply, Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from faketencent.cloud import FakeCloud

#: Where the WSGI environment holds the headers as they were sent.
_HEADERS = "faketencent.headers"
_REASONS = {status.value: status.phrase for status in HTTPStatus}
#: Seconds; as long as a function may run, for one may be at the other end.
_PATIENCE = 900.0


@dataclass(frozen=True)
class Server:
    """Where the fake cloud is reached."""

    url: str
    port: int


class _NoReplyConnectionError(ConnectionError):
    """Has werkzeug give up the connection without a word."""


class _Handler(WSGIRequestHandler):
    def make_environ(self) -> dict[str, Any]:
        # WSGI folds names that differ only in `-` and `_`, and werkzeug drops those with `_`; both are signed.
        return {**super().make_environ(), _HEADERS: list(self.headers.items())}

    def connection_dropped(self, error: BaseException, environ: dict[str, Any] | None = None) -> None:
        del error, environ
        self.close_connection = True

    def send_response(self, code: int, message: str | None = None) -> None:
        # Without the log line (calls are in the cloud's journal) and without a second Server and Date.
        self.send_response_only(code, message)


@contextmanager
def serve(cloud: FakeCloud, port: int = 0) -> Iterator[Server]:
    """Serve the cloud on that port of this machine, on a free one if it is 0.

    A fault that leaves a request without reply closes the connection, be it a reset or a time-out: nobody
    is made to wait. A request that no fake serves is answered 501, with the list of those that are. What
    the cloud itself sends meanwhile (callbacks, pushes) also goes over HTTP, to this very server.
    """
    server = make_server(
        "127.0.0.1", port, lambda *wsgi: _application(cloud, *wsgi), threaded=True, request_handler=_Handler
    )
    running = Server(f"http://127.0.0.1:{server.port}", server.port)
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


def _application(cloud: FakeCloud, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401 - as WSGI hands it over
    try:
        reply = cloud.dispatch(_request(environ))
    except (NoReplyError, FunctionKilled) as error:
        raise _NoReplyConnectionError from error
    except UnknownRouteError as error:
        reply = Reply(501, [("Content-Type", "text/plain; charset=utf-8")], f"{error}\n".encode())
    names = {name.lower() for name, _ in reply.headers}
    length = [] if "content-length" in names else [("Content-Length", str(len(reply.body)))]
    start_response(f"{reply.status} {_REASONS.get(reply.status, 'Unknown')}", [*reply.headers, *length])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [reply.body]


def _request(environ: dict[str, Any]) -> Request:
    target = environ["REQUEST_URI"].encode("latin-1").decode("utf-8", "replace")
    if not urlsplit(target).scheme:
        target = f"http://{environ.get('HTTP_HOST', '')}{target}"
    length = environ.get("CONTENT_LENGTH")
    chunked = environ.get("wsgi.input_terminated", False)
    body = environ["wsgi.input"].read() if chunked else environ["wsgi.input"].read(int(length or 0))
    return Request.to(environ["REQUEST_METHOD"], target, _joined(environ[_HEADERS]), body)


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
