"""Calls whose refusals are answers too."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ops.probe.questions import NotSeenError
from ops.tencent.calls import send
from shared.cloud.transport import READ_TIMEOUT, Call, Repeat, Service
from shared.documents import parse_xml
from shared.domain.objects import ObjectRef
from shared.errors import CloudError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.cloud.transport import Transport
    from shared.documents import Tree

_RIGHTS = ("AccessDenied", "UnauthorizedOperation")


@dataclass(frozen=True)
class Seen:
    """A reply. Header names are found however they are written; a refusal has no headers here."""

    status: int
    code: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def ok(self) -> bool:
        """Whether it is a success."""
        return 200 <= self.status < 300 and not self.code

    def __str__(self) -> str:
        return f"{self.status} {self.code}".strip()


@dataclass(frozen=True)
class Calls:
    """Calls about one bucket."""

    transport: Transport
    region: str
    bucket: str

    def cos(
        self,
        method: str,
        key: str = "",
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        patience: float = READ_TIMEOUT,
    ) -> Seen:
        """What COS answers; only readings are repeated.

        Raises:
            CloudError: it may not be asked, or nobody knows what became of it.
        """
        call = Call(Service.COS, method, self.region, self.bucket, key, params or {}, headers or {}, body)
        return self._seen(call, patience)

    def ci(self, method: str, path: str = "", *, params: Mapping[str, str] | None = None, body: bytes = b"") -> Seen:
        """What CI answers; raises as `cos`."""
        headers = {"Content-Type": "application/xml"} if body else {}
        return self._seen(Call(Service.CI, method, self.region, self.bucket, path, params or {}, headers, body))

    def target(self, key: str) -> ObjectRef:
        """An object of the bucket."""
        return ObjectRef(self.region, self.bucket, key)

    def head(self, key: str) -> Mapping[str, str]:
        """The headers of an object that is there; raises CloudError."""
        call = Call(Service.COS, "HEAD", self.region, self.bucket, key)
        return send(self.transport, call).headers

    def _seen(self, call: Call, patience: float = READ_TIMEOUT) -> Seen:
        repeat = Repeat.SAFE if call.method in ("GET", "HEAD") else Repeat.NEVER
        call = call._replace(repeat=repeat, patience=patience)
        try:
            reply = send(self.transport, call)
        except CloudError as error:
            if not error.is_refusal or error.cause.code in _RIGHTS:
                raise
            return Seen(error.cause.status, error.cause.code)
        return Seen(reply.status, "", reply.headers, reply.body)


def settled(seen: Seen, what: str) -> Seen:
    """The reply, if it is a success; `what` reads like a call.

    Raises:
        NotSeenError: it is a refusal.
    """
    if not seen.ok:
        raise NotSeenError(f"{what}: {seen}")
    return seen


def tree(seen: Seen, root: str) -> Tree:
    """What is in the document. Raises MalformedError."""
    return parse_xml(seen.body.strip()).get(root)
