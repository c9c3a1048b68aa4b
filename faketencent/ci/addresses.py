"""Which addresses CI can call back.

It refuses those of a private network: https://www.tencentcloud.com/document/product/1045/50312. What else is refused
here is assumed: no host in the Internet has such a name, nor does anything listen on such a port.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

#: Domain names end at the top level in a name, not a number; `1.2`, `0x7f.1` and the like are ways to write an IPv4.
_HOST = re.compile(r"(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
#: Names that stand for something near, wherever one is.
_PRIVATE_ENDINGS = ("localhost", "localdomain", "local", "internal", "intranet", "lan")
_URL = re.compile(r"https?://[\x21-\x7e]+")


def objection(url: str) -> str | None:
    """Why CI would not call that address; None if it would."""
    if not _URL.fullmatch(url):
        return "not an http or https address"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        return str(error)
    if port == 0:
        return "a port is a number from 1 to 65535"
    return _objection_to_host(host.removesuffix("."))


def _objection_to_host(host: str) -> str | None:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        pass
    else:
        inner = getattr(address, "ipv4_mapped", None) or address
        return None if inner.is_global and not inner.is_multicast else "an address inside a private network"
    if host.rpartition(".")[2] in _PRIVATE_ENDINGS:
        return "a name inside a private network"
    return None if _HOST.fullmatch(host) else "not the name of a host"
