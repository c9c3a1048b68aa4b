"""COS: the objects that we look at and write onto, and the small ones that the ledger is made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from shared.cloud.transport import COPY_TIMEOUT, Call, Repeat, Reply, Service
from shared.documents import Tree, child, items, text
from shared.domain.head import Head
from shared.domain.selfcopy import acl_headers, copy_headers
from shared.errors import Cause, CloudError, GarbledReplyError, NotFoundError, RejectedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from shared.cloud.transport import Transport
    from shared.domain.objects import ObjectRef

#: The most names that one listing shows.
PAGE = 1000
#: What a listing says of each object and nobody reads: much of the memory that a page takes.
_UNREAD = ("Owner", "Size", "StorageClass", "StorageTier")


class Listed(NamedTuple):
    """An object as a listing shows it. Times are COS's, in seconds since 1970; `now` is when it was listed."""

    key: str
    etag: str
    modified: int
    now: int
    #: Only of what was just written, where the bucket keeps versions.
    version: str = ""


class Written(NamedTuple):
    """What COS says of an object that it has just written: its ETag, and its `Last-Modified` in seconds since 1970."""

    etag: str
    modified: int


class Versioning(NamedTuple):
    """Whether a bucket keeps versions: `Enabled`, `Suspended`, or empty if it never did; and COS's time then."""

    status: str
    now: int


class Cos:
    """Objects in COS. Every method raises only `CloudError` and what it names."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def head(self, target: ObjectRef) -> Head:
        """The object as it is now.

        Raises:
            NotFoundError: there is none.
            RejectedError: nobody can read it, or only with a customer's key (SSE-C).
        """
        try:
            reply = self._transport.send(_call("HEAD", target))
        except (NotFoundError, RejectedError) as error:
            raise self._explained(target, error) from error
        try:
            return Head.read(target, reply.headers)
        except ValueError as error:
            raise _garbled(reply, str(error)) from error

    def _explained(self, target: ObjectRef, error: CloudError) -> CloudError:
        """Why HEAD was refused: its reply has no body, so the first byte is read, and that fails alike, and says it.

        Where it does not, the refusal was no word about the object: much would be lost if it were believed.
        """
        try:
            self._transport.send(_call("GET", target, headers={"Range": "bytes=0-0"}))
        except CloudError as reason:
            if reason.cause.code:
                return reason
        return GarbledReplyError(error.cause)

    def replace_metadata(self, head: Head, metadata: Mapping[str, str]) -> Written:
        """Give the object this custom metadata and leave all else as it is.

        The ACL is read last: to change it changes neither ETag nor date, so the copy cannot notice it.

        Raises:
            ConflictError: it is not the object any more that `head` saw.
            UnwritableError: something else about the object could not be kept.
        """
        target = head.upload.target
        reply = self._transport.send(_call("GET", target, params={"acl": ""}))
        acl = acl_headers(target, reply.headers.get("x-cos-acl", ""), reply.document("AccessControlPolicy"))
        call = _call("PUT", target, headers=copy_headers(head, acl, metadata))
        # Not repeated at once: a copy whose reply was lost is seen by looking at the object again.
        reply = self._transport.send(call._replace(repeat=Repeat.NEVER, patience=COPY_TIMEOUT))
        result = reply.document("CopyObjectResult")
        modified = _modified(reply, result) if text(result, "LastModified") else _date(reply)
        return Written(text(result, "ETag"), modified)

    def read(self, target: ObjectRef, headers: Mapping[str, str] | None = None) -> bytes:
        """What the object holds; raises NotFoundError where there is none."""
        return self._transport.send(_call("GET", target, headers=headers)).body

    def write(self, target: ObjectRef, body: bytes, headers: Mapping[str, str] | None = None) -> Listed:
        """Store an object of ours, and get it as a listing would show it."""
        headers = {"Content-Type": "application/json", **(headers or {})}
        reply = self._transport.send(_call("PUT", target, headers=headers)._replace(body=body))
        now = _date(reply)
        version = reply.headers.get("x-cos-version-id", "")
        return Listed(target.key, reply.headers.get("ETag", ""), now, now, version)

    def delete(self, target: ObjectRef) -> None:
        """Remove an object of ours. Never repeated: by then the name may belong to another life."""
        self._transport.send(_call("DELETE", target)._replace(repeat=Repeat.NEVER))

    def list(self, folder: ObjectRef) -> Iterator[Listed]:
        """What lies under a prefix, by name, fetched page by page."""
        marker = ""
        while True:
            reply, listing = self._page(folder, marker, PAGE)
            yield from _entries(reply, listing)
            if text(listing, "IsTruncated") != "true":
                return
            after = unquote(text(listing, "NextMarker"))
            if after <= marker:
                raise _garbled(reply, "a listing that goes on, but not further")
            marker = after
            # One page is in memory at a time.
            del reply, listing

    def first(self, folder: ObjectRef, most: int) -> Iterator[Listed]:
        """The first of what lies under a prefix, by name; `most` is a page (`PAGE`) or less."""
        return _entries(*self._page(folder, "", most))

    def _page(self, folder: ObjectRef, marker: str, most: int) -> tuple[Reply, Tree]:
        params = {"prefix": folder.key, "marker": marker, "max-keys": str(most), "encoding-type": "url"}
        reply = self._transport.send(_call("GET", replace(folder, key=""), params=params))
        return reply, reply.document("ListBucketResult", _UNREAD)

    def versioning(self, bucket: ObjectRef) -> Versioning:
        """Whether the bucket keeps versions."""
        reply = self._transport.send(_call("GET", replace(bucket, key=""), params={"versioning": ""}))
        return Versioning(text(reply.document("VersioningConfiguration"), "Status"), _date(reply))


def _call(
    method: str, target: ObjectRef, *, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> Call:
    return Call(
        Service.COS, method, target.region, target.bucket, target.key, params=params or {}, headers=headers or {}
    )


def _entries(reply: Reply, listing: Tree) -> Iterator[Listed]:
    now = _date(reply)
    return (_listed(reply, node, now) for node in items(child(listing, "Contents")))


def _listed(reply: Reply, node: Tree, now: int) -> Listed:
    return Listed(unquote(text(node, "Key")), text(node, "ETag"), _modified(reply, node), now)


def _modified(reply: Reply, node: Tree) -> int:
    try:
        return int(datetime.fromisoformat(text(node, "LastModified").replace("Z", "+00:00")).timestamp())
    except ValueError as error:
        raise _garbled(reply, "a LastModified that is no time") from error


def _date(reply: Reply) -> int:
    try:
        return int(parsedate_to_datetime(reply.headers.get("Date", "")).timestamp())
    except (TypeError, ValueError) as error:
        raise _garbled(reply, "it has no Date") from error


def _garbled(reply: Reply, message: str) -> GarbledReplyError:
    return GarbledReplyError(Cause(str(reply.call), reply.status, message=message))
