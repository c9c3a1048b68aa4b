"""Objects in buckets, listed and looked at for an operator, who may not read what is in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote

from shared.cloud.transport import Call, Service
from shared.documents import child, items, text
from shared.domain.head import Head
from shared.domain.result import stamp
from shared.errors import Cause, GarbledReplyError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared.cloud.transport import Reply, Transport
    from shared.documents import Tree
    from shared.domain.objects import ObjectRef

_PAGE = "1000"


@dataclass(frozen=True)
class Listed:
    """An object as a listing shows it; `modified` is UTC, ISO 8601."""

    key: str
    etag: str
    modified: str
    size: int
    storage: str = ""


@dataclass(frozen=True)
class Page:
    """A part of a listing: all objects whose keys are behind `after`, up to `last`; without one, to the end.

    `now` is COS's time, in seconds since 1970.
    """

    objects: tuple[Listed, ...]
    after: str
    last: str | None
    now: int

    def below(self, prefix: str) -> Page:
        """The same with names that lack this prefix, which all of them have."""
        objects = tuple(replace(one, key=one.key.removeprefix(prefix)) for one in self.objects)
        last = self.last if self.last is None else self.last.removeprefix(prefix)
        return Page(objects, self.after.removeprefix(prefix), last, self.now)


@dataclass(frozen=True)
class Videos:
    """The buckets of one region. Every method raises CloudError."""

    transport: Transport
    region: str

    def pages(self, bucket: str, prefix: str = "", after: str = "") -> Iterator[Page]:
        """What lies under a prefix, by key, behind `after`: https://cloud.tencent.com/document/product/436/7734."""
        while True:
            params = {"prefix": prefix, "marker": after, "max-keys": _PAGE, "encoding-type": "url"}
            reply = self.transport.send(Call(Service.COS, "GET", self.region, bucket, params=params))
            page = _page(reply, after)
            yield page
            if page.last is None:
                return
            after = page.last

    def head(self, target: ObjectRef) -> Head | None:
        """The object as it is now; `None` if there is none.

        Raises:
            RejectedError: nobody can look at it without the customer's key (SSE-C).
        """
        try:
            reply = self.transport.send(Call(Service.COS, "HEAD", target.region, target.bucket, target.key))
        except NotFoundError:
            self._see_that_it_is_gone(target)
            return None
        try:
            return Head.read(target, reply.headers)
        except ValueError as error:
            raise _garbled(reply, str(error)) from error

    def _see_that_it_is_gone(self, target: ObjectRef) -> None:
        """A HEAD has no body that could say what is missing, the object or the bucket, or who says so; a listing has.

        Raises:
            GarbledReplyError: the object is there; whoever answered the HEAD was not COS, or it came this moment.
        """
        params = {"prefix": target.key, "max-keys": "1", "encoding-type": "url"}
        reply = self.transport.send(Call(Service.COS, "GET", target.region, target.bucket, params=params))
        if any(one.key == target.key for one in _page(reply, "").objects):
            raise _garbled(reply, f"{target} is listed, and yet not found; run the command again")


def _page(reply: Reply, after: str) -> Page:
    listing = reply.document("ListBucketResult")
    found = tuple(_listed(reply, node) for node in items(child(listing, "Contents")))
    last = unquote(text(listing, "NextMarker")) if text(listing, "IsTruncated") == "true" else None
    if last is not None and last <= after:
        raise _garbled(reply, "a listing that goes on, but not further")
    try:
        now = int(parsedate_to_datetime(reply.headers.get("Date", "")).timestamp())
    except (TypeError, ValueError) as error:
        raise _garbled(reply, "it has no Date") from error
    return Page(found, after, last, now)


def _listed(reply: Reply, node: Tree) -> Listed:
    try:
        moment = datetime.fromisoformat(text(node, "LastModified").replace("Z", "+00:00"))
        size = int(text(node, "Size"))
    except ValueError as error:
        raise _garbled(reply, "a LastModified that is no time, or a Size that is no number") from error
    return Listed(unquote(text(node, "Key")), text(node, "ETag"), stamp(moment), size, text(node, "StorageClass"))


def _garbled(reply: Reply, message: str) -> GarbledReplyError:
    return GarbledReplyError(Cause(str(reply.call), reply.status, message=message))
