"""HTTP as every fake sees it: one request in, one reply out, over any transport."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from http.client import responses
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from requests.structures import CaseInsensitiveDict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from faketencent.pacing import Pacing


class NoReplyError(Exception):
    """The connection gave nothing back; `kind` says how. Front ends turn it into what a client would see."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True)
class Request:
    """One HTTP request. Header values are latin-1 text, as they travel; `path` is still percent-encoded."""

    method: str
    scheme: str
    host: str
    path: str
    query: str
    headers: CaseInsensitiveDict[str]
    body: bytes = b""

    @classmethod
    def to(cls, method: str, url: str, headers: Iterable[tuple[str, str]] = (), body: bytes = b"") -> Request:
        """Build a request from an absolute URL; the host loses its port and its case, values the space around them."""
        parts = urlsplit(url)
        kept: CaseInsensitiveDict[str] = CaseInsensitiveDict((n, v.strip(" \t")) for n, v in headers)
        host = (parts.hostname or "").lower()
        return cls(method.upper(), parts.scheme, host, parts.path or "/", parts.query, kept, body)

    @cached_property
    def params(self) -> dict[str, str]:
        """Query parameters, decoded; a parameter without a value is the empty text."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @cached_property
    def form(self) -> dict[str, str]:
        """Fields of a form-encoded body, decoded; a field without a value is the empty text."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @cached_property
    def decoded_path(self) -> str:
        """The path with its percent-encoding taken off, once."""
        return unquote(self.path)

    @property
    def url(self) -> str:
        """The absolute URL, as sent."""
        return f"{self.scheme}://{self.host}{self.path}" + (f"?{self.query}" if self.query else "")


@dataclass(frozen=True)
class Reply:
    """One HTTP reply; `pacing` says how slowly it comes."""

    status: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    pacing: Pacing | None = None

    @property
    def status_line(self) -> str:
        """The status with its usual words; COS has statuses that no standard knows."""
        return f"{self.status} {responses.get(self.status, 'Unknown')}"

    def header(self, name: str) -> str | None:
        """The first header of that name, however it is written."""
        return next((v for n, v in self.headers if n.lower() == name.lower()), None)

    def with_headers(self, *more: tuple[str, str]) -> Reply:
        """The same reply with headers added behind its own."""
        return Reply(self.status, [*self.headers, *more], self.body, self.pacing)

    def sent(self) -> Reply:
        """The reply with the length of its body in its headers, unless nobody can know it yet."""
        if self.pacing is not None and not self.pacing.knows_length:
            return self.without("Content-Length")
        return self if self.header("Content-Length") else self.with_headers(("Content-Length", str(len(self.body))))

    def without(self, name: str) -> Reply:
        """The same reply without the headers of that name, however it is written."""
        return replace(self, headers=[(n, v) for n, v in self.headers if n.lower() != name.lower()])


def xml_reply(status: int, document: str, *headers: tuple[str, str]) -> Reply:
    """A reply whose body is an XML document."""
    return Reply(status, [("Content-Type", "application/xml"), *headers], document.encode())
