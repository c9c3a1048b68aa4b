"""The callback URL: read as a browser would, and public, for CI refuses addresses of private networks.

https://www.tencentcloud.com/zh/document/product/1045/50312. How browsers read hosts: https://url.spec.whatwg.org/.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address

_FORM = "must be an http(s) URL without spaces and user name, or the word `no`"
_PUBLIC = "must be an http(s) URL with a public host, which CI can reach from outside, or the word `no`"
#: The host may be in any script; all else is ASCII.
_URL = re.compile(
    r"(?P<scheme>https?://)(?P<host>\[[0-9A-Fa-f:.]+\]|[^\[\]/?#\\@:%\x00-\x20\x7f]+)"
    r"(?P<port>:[0-9]{1,5})?(?P<rest>(?:[/?#][!-~]*)?)"
)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
_LOCAL = {"localhost", "local", "internal"}


def check_callback_url(value: str) -> str:
    """The URL, its host in ASCII, or the word `no`; raises ValueError, without showing the value, if it is neither."""
    if value == "no":
        return value
    parts = _URL.fullmatch(value)
    if parts is None or not 0 < int((parts["port"] or ":1")[1:]) < 65_536:
        raise ValueError(_FORM)
    host = _ascii(parts["host"])
    if not _is_public(host.lower()):
        raise ValueError(_PUBLIC)
    return parts["scheme"] + host + (parts["port"] or "") + parts["rest"]


def _ascii(host: str) -> str:
    if host.isascii():
        return host
    try:
        written = host.encode("idna")
        # Python knows the older standard only; a name that the two write differently would be another host.
        same = written.decode("idna") == host.lower()
    except UnicodeError:
        raise ValueError(_FORM) from None
    if not same:
        raise ValueError(f"{_FORM}; write this host in its ASCII form (xn--...)")
    return written.decode("ascii")


def _is_public(host: str) -> bool:
    if host.startswith("["):
        return _is_public_v6(host[1:-1])
    labels = host.removesuffix(".").split(".")
    if not all(_LABEL.fullmatch(label) for label in labels) or len(host) > 253:
        raise ValueError(_FORM)
    # Browsers take every host whose last part is a number for an address.
    if _NUMBER.fullmatch(labels[-1]):
        return _is_public_address(_ipv4(labels))
    return len(labels) > 1 and labels[-1] not in _LOCAL


def _is_public_v6(text: str) -> bool:
    try:
        address = IPv6Address(text)
    except ValueError:
        raise ValueError(_FORM) from None
    inner = address.ipv4_mapped or address.sixtofour
    return _is_public_address(inner or address)


def _is_public_address(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _ipv4(parts: list[str]) -> IPv4Address:
    """An address in any spelling: one to four numbers, decimal, octal or hexadecimal; the last fills the rest."""
    if len(parts) > 4 or not all(_NUMBER.fullmatch(part) for part in parts):
        raise ValueError(_FORM)
    *first, last = (_number(part) for part in parts)
    if any(number > 255 for number in first) or last >= 256 ** (4 - len(first)):
        raise ValueError(_FORM)
    return IPv4Address(last + sum(number << 8 * (3 - place) for place, number in enumerate(first)))


def _number(text: str) -> int:
    try:
        if text.startswith("0x"):
            return int(text[2:] or "0", 16)
        return int(text, 8 if text.startswith("0") else 10)
    except ValueError:
        raise ValueError(_FORM) from None
