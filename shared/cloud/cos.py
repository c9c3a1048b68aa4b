"""The objects in COS that we look at and write onto."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from shared.cloud.transport import COPY_TIMEOUT, Call, Repeat, Service
from shared.domain.head import Head
from shared.domain.selfcopy import acl_headers, copy_headers
from shared.errors import Cause, GarbledReplyError, RejectedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.cloud.transport import Transport
    from shared.domain.objects import ObjectRef


class Objects:
    """HEAD, and the one write that we do. Every method raises only `CloudError` and what it names."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def head(self, target: ObjectRef) -> Head:
        """The object as it is now.

        Raises:
            NotFoundError: there is none.
            RejectedError: it can only be read with a customer's key (SSE-C).
        """
        try:
            reply = self._transport.send(_call("HEAD", target))
        except RejectedError:
            # A reply to HEAD has no body, so nobody knows why. The first byte by GET fails alike, and says it.
            self._transport.send(_call("GET", target, headers={"Range": "bytes=0-0"}))
            raise
        headers = {name.lower(): value for name, value in reply.headers.items()}
        missing = [name for name in ("etag", "last-modified", "date", "content-length") if name not in headers]
        if missing:
            raise GarbledReplyError(Cause(str(reply.call), reply.status, message=f"no {' and no '.join(missing)}"))
        head = Head(target, headers)
        try:
            _ = head.seen
        except ValueError as error:
            raise GarbledReplyError(Cause(str(reply.call), reply.status, message="a date that is none")) from error
        return head

    def replace_metadata(self, head: Head, metadata: Mapping[str, str]) -> None:
        """Give the object this custom metadata and leave all else as it is.

        Raises:
            ConflictError: it is not the object any more that `head` saw.
            UnwritableError: something else about the object could not be kept.
        """
        headers = copy_headers(head, self._acl(head.target), metadata)
        call = _call("PUT", head.target, headers=headers)
        # Not repeated at once: a copy whose reply was lost is seen by looking at the object again.
        reply = self._transport.send(replace(call, repeat=Repeat.NEVER, patience=COPY_TIMEOUT))
        reply.document("CopyObjectResult")

    def _acl(self, target: ObjectRef) -> dict[str, str]:
        reply = self._transport.send(_call("GET", target, params={"acl": ""}))
        return acl_headers(target, reply.headers.get("x-cos-acl", ""), reply.document("AccessControlPolicy"))


def _call(
    method: str, target: ObjectRef, *, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> Call:
    return Call(
        Service.COS, method, target.region, target.bucket, target.key, params=params or {}, headers=headers or {}
    )
