"""The folder of certificate authorities is one in which OpenSSL finds what it looks for."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

import certifi
import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import NameOID

from ops.bundle.authorities import by_subject
from shared.cloud.connections import tls_context
from tests.shared.test_tls import LONG_AGO, NOT_SO_LONG_AGO

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ops.bundle.build import Bundle

pytestmark = pytest.mark.once

needs_openssl = pytest.mark.skipif(which("openssl") is None, reason="there is no openssl to compare with")


def rehashed(certificates: Iterable[bytes], folder: Path) -> dict[str, bytes]:
    """What `openssl rehash` makes of them."""
    for number, certificate in enumerate(certificates):
        (folder / f"{number:04}.pem").write_bytes(certificate)
    subprocess.run(["openssl", "rehash", folder], check=True, capture_output=True)  # noqa: S603, S607 - nothing from outside
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_symlink()}


def certificate(*parts: Iterable[x509.NameAttribute[str]], number: int = 1) -> bytes:
    """A certificate of somebody with this name."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.RelativeDistinguishedName(part) for part in parts])
    begun = x509.CertificateBuilder(name, name, key.public_key(), number)
    dated = begun.not_valid_before(LONG_AGO).not_valid_after(NOT_SO_LONG_AGO)
    return dated.sign(key, SHA256()).public_bytes(Encoding.PEM)


@needs_openssl
def test_each_authority_of_the_world_has_the_name_that_openssl_gives_it(bundle: Bundle, tmp_path: Path) -> None:
    folder = bundle.folder / "certifi" / "authorities"
    ours = {path.name: path.read_bytes() for path in folder.iterdir()}

    assert ours == rehashed(ours.values(), tmp_path)
    assert len(ours) == Path(certifi.where()).read_text(encoding="utf-8").count("BEGIN CERTIFICATE") > 100


@needs_openssl
def test_so_has_one_with_an_odd_name(tmp_path: Path) -> None:
    def said(text: str, kind: _ASN1Type = _ASN1Type.UTF8String) -> x509.NameAttribute[str]:
        return x509.NameAttribute(NameOID.ORGANIZATION_NAME, text, _type=kind)

    city, country = x509.NameAttribute(NameOID.LOCALITY_NAME, "B"), x509.NameAttribute(NameOID.COUNTRY_NAME, "HU")
    odd = [
        certificate([said("  Blanks \t\n and  CAPITALS ")]),
        certificate([said("Ünïcode ÀÉ 腾讯云 🎬")]),
        certificate([said("腾讯 Cloud", _ASN1Type.BMPString)]),
        certificate([said("Old Text", _ASN1Type.T61String)]),
        certificate([said("Bücher", _ASN1Type.UniversalString)]),
        certificate([said("x" * 200)], [country], number=2**100),
        certificate([said("Together"), city, country]),
    ]

    assert by_subject(b"# a comment\n" + b"".join(odd)) == rehashed(odd, tmp_path)


def test_two_of_one_name_have_numbers() -> None:
    name = [x509.NameAttribute(NameOID.COMMON_NAME, "Root")]

    first, second = by_subject(certificate(name) + certificate(name))

    assert (first[-2:], second[-2:]) == (".0", ".1")
    assert first[:-2] == second[:-2]


def test_a_connection_reads_the_authority_that_it_needs_and_no_other(tmp_path: Path) -> None:
    authority, other = trustme.CA(organization_name="Ours"), trustme.CA(organization_name="Another")
    for name, pem in by_subject(authority.cert_pem.bytes() + other.cert_pem.bytes()).items():
        (tmp_path / name).write_bytes(pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("example.com").configure_cert(server)
    context = tls_context(str(tmp_path))

    shake_hands(context, server, "example.com")

    assert len(context.get_ca_certs()) == 1


def shake_hands(context: ssl.SSLContext, other: ssl.SSLContext, host: str) -> None:
    """Have two contexts of this process meet."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(to_client, to_server, server_hostname=host)
    server = other.wrap_bio(to_server, to_client, server_side=True)
    waiting = [client, server]
    while waiting:
        side = waiting.pop(0)
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            waiting.append(side)
