"""TLS with real certificates: only the right ones are believed, and one context serves all connections."""

from __future__ import annotations

import ssl
import time
from contextlib import ExitStack
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import pytest
import requests
import trustme
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from ops.bundle.authorities import by_subject
from shared.cloud import connections, transport
from shared.cloud.tdmq import Queue
from shared.cloud.transport import Call, Repeat, Service, Transport
from shared.errors import NoReplyError
from shared.settings import Scheme
from tests.shared.connection_samples import BUCKET, LIMIT, REGION, SLACK, connecting_to, quiet_environment
from tests.shared.raw_server import endless, ok, raw_server
from tests.shared.tdmq_samples import credentials

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOST = f"{BUCKET}.cos.{REGION}.myqcloud.com"
HEAD = Call(Service.COS, "HEAD", REGION, BUCKET, "a.mp4", repeat=Repeat.NEVER)
LONG_AGO, NOT_SO_LONG_AGO = datetime(2020, 1, 1, tzinfo=timezone.utc), datetime(2021, 1, 1, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(autouse=True)
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This authority, and no other, is believed."""
    connections.tls_context.cache_clear()
    with quiet_environment(monkeypatch):
        authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "authority.pem"))
        yield
    connections.tls_context.cache_clear()


def server_context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def ask(certificate: trustme.LeafCert, monkeypatch: pytest.MonkeyPatch) -> int:
    """The status that a call gets from a server with this certificate, by way of a proxy that makes a tunnel."""
    with raw_server(lambda *_: [ok()], server_context(certificate)) as server:
        monkeypatch.setenv("HTTPS_PROXY", server.url)
        return Transport(credentials(), Scheme.HTTPS).send(HEAD).status


def test_the_right_certificate_is_believed(authority: trustme.CA, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask(authority.issue_cert(HOST), monkeypatch) == 200


def test_a_strangers_certificate_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoReplyError, match=r"the certificate is refused: .*(issuer|self.signed)"):
        ask(trustme.CA().issue_cert(HOST), monkeypatch)


def test_one_for_another_host_is_refused(authority: trustme.CA, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoReplyError, match="the certificate is refused: Hostname mismatch"):
        ask(authority.issue_cert(f"other-{HOST}"), monkeypatch)


def test_one_that_has_expired_is_refused(authority: trustme.CA, monkeypatch: pytest.MonkeyPatch) -> None:
    expired = authority.issue_cert(HOST, not_before=LONG_AGO, not_after=NOT_SO_LONG_AGO)

    with pytest.raises(NoReplyError, match="the certificate is refused: certificate has expired"):
        ask(expired, monkeypatch)


def test_the_worlds_authorities_are_believed_unless_others_are_named(
    authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")

    with pytest.raises(NoReplyError, match="the certificate is refused"):
        ask(authority.issue_cert(HOST), monkeypatch)
    assert len(connections.tls_context(DEFAULT_CA_BUNDLE_PATH).get_ca_certs()) > 50


def test_authorities_that_are_not_there_are_no_reply(
    authority: trustme.CA, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "nothing.pem"))

    with pytest.raises(NoReplyError, match="FileNotFoundError"):
        ask(authority.issue_cert(HOST), monkeypatch)


def test_verification_cannot_be_switched_off() -> None:
    with raw_server(lambda *_: [ok()], server_context(trustme.CA().issue_cert("localhost"))) as server:
        url = f"https://localhost:{server.port}/"
        with pytest.raises(requests.exceptions.SSLError):
            connections.session().get(url, verify=False, timeout=LIMIT + SLACK)


def test_one_context_serves_every_connection_of_every_client(
    authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, reply = server_context(authority.issue_cert("localhost")), ok(body=b'{"code":7000}')
    read, really = [], ssl.SSLContext.load_verify_locations

    def watch(made: ssl.SSLContext, **authorities: str) -> None:
        read.append(authorities)
        really(made, **authorities)

    with ExitStack() as stack:
        servers = [stack.enter_context(raw_server(lambda *_: [reply], context)) for _ in range(4)]
        monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", watch)
        for server in servers[:2]:
            connections.session().get(f"https://localhost:{server.port}/", timeout=SLACK)
        for server in servers[2:]:
            Queue(f"https://localhost:{server.port}", "callbacks", credentials(), time.time).receive(0)

    assert [server.connections for server in servers] == [1] * 4
    assert len(read) == 1


@pytest.mark.parametrize("reply", [[b"HTTP/1.1 200 OK\r\n"], [b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n"]])
def test_what_trickles_through_tls_is_cut_off_too(
    reply: list[bytes], authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = Call(Service.COS, "GET", REGION, BUCKET, "a.mp4", repeat=Repeat.NEVER, patience=LIMIT)
    context, began = server_context(authority.issue_cert(HOST)), time.monotonic()

    with raw_server(lambda *_: [*reply, *endless(b"X-A: 1\r\n")], context) as server:
        monkeypatch.setenv("HTTPS_PROXY", server.url)
        with pytest.raises(NoReplyError):
            Transport(credentials(), Scheme.HTTPS).send(call)

    assert time.monotonic() - began < transport.CONNECT_TIMEOUT + LIMIT + SLACK


def test_a_handshake_that_never_ends_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "CONNECT_TIMEOUT", LIMIT)
    began = time.monotonic()

    # Without a context, this server waits for the end of a request that never is one.
    with raw_server(lambda *_: []) as server:
        monkeypatch.setattr("urllib3.util.connection.create_connection", connecting_to(server.port))
        with pytest.raises(NoReplyError):
            Transport(credentials(), Scheme.HTTPS).send(HEAD)

    assert time.monotonic() - began < LIMIT + SLACK


def test_a_folder_of_authorities_may_be_named(
    authority: trustme.CA, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "none").mkdir()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none"))

    with pytest.raises(NoReplyError, match="the certificate is refused"):
        ask(authority.issue_cert(HOST), monkeypatch)


def test_the_bundles_folder_of_authorities_is_read_where_there_is_one_unless_others_are_named(
    authority: trustme.CA, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, pem in by_subject(authority.cert_pem.bytes()).items():
        (tmp_path / "authorities").mkdir()
        (tmp_path / "authorities" / name).write_bytes(pem)
    monkeypatch.setattr(connections, "DEFAULT_CA_BUNDLE_PATH", str(tmp_path / "cacert.pem"))
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "stranger.pem"))

    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "stranger.pem"))
    with pytest.raises(NoReplyError, match="the certificate is refused"):
        ask(authority.issue_cert(HOST), monkeypatch)
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    assert ask(authority.issue_cert(HOST), monkeypatch) == 200
