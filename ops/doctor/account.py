"""What only the doctor asks of buckets and media processing: every call here leaves them as they are."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeVar

from pydantic import TypeAdapter, ValidationError

from ops.doctor.replies import Listed, MediaQueue
from shared.cloud.transport import Call, Repeat, Service
from shared.documents import child, items
from shared.domain.job import TAG, Job, read_jobs
from shared.domain.objects import ObjectRef
from shared.domain.selfcopy import copy_source
from shared.errors import Cause, ConflictError, GarbledReplyError, MalformedError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.cloud.transport import Reply, Transport
    from shared.documents import Tree

_PAGE = "100"
#: In its double quotes, as COS shows them.
_NO_ETAG = f'"{"0" * 32}"'


class DryCopy(Enum):
    """What came of a copy that could not succeed."""

    ALLOWED = (
        "it failed because there is no source; the service looks for the source only after it has checked the rights"
    )
    MADE = "it succeeded"


@dataclass(frozen=True)
class Account:
    """Buckets and media processing in one region. Every method raises CloudError."""

    transport: Transport
    region: str

    def head(self, bucket: str) -> Reply:
        """The bucket itself: https://cloud.tencent.com/document/product/436/7735."""
        return self._send(Service.COS, "HEAD", bucket)

    def first_objects(self, bucket: str, prefix: str) -> list[Listed]:
        """The first page of the objects under a prefix."""
        reply = self._send(Service.COS, "GET", bucket, params={"prefix": prefix, "max-keys": "1000"})
        return _read(reply, _LISTED, child(reply.document("ListBucketResult"), "Contents"))

    def queues(self, bucket: str) -> list[MediaQueue]:
        """The bucket's media queues."""
        reply = self._send(Service.CI, "GET", bucket, "queue", {"pageSize": _PAGE})
        return _read(reply, _QUEUES, child(reply.document("Response"), "QueueList"))

    def last_job(self, bucket: str) -> Job | None:
        """The newest extraction in the bucket that succeeded or failed, no matter who submitted it."""
        params = {"tag": TAG, "states": "Success,Failed", "orderByTime": "Desc", "size": "1"}
        reply = self._send(Service.CI, "GET", bucket, "jobs", params)
        try:
            jobs = read_jobs({"Response": reply.document("Response") or {}})
        except MalformedError as error:
            raise _garbled(reply) from error
        return jobs[0] if jobs else None

    def try_copy(self, bucket: str, prefix: str) -> DryCopy:
        """Ask for a self-copy that has nothing to copy, to learn whether one would be allowed.

        This can have no effect. An object is only ever made from its source, and no object has this name, of 128 random
        bits; if one had, it would also need the ETag that the request insists on, which no content is known to have.
        Without rights the answer is 403; that it comes before the source is looked for is assumed, as with every
        other operation. (In a bucket with back-to-origin rules the source might be looked for at the origin, as for
        any visitor who asks for a name that is not there; the page on them speaks of downloads alone.)
        https://cloud.tencent.com/document/product/436/10881
        """
        target = ObjectRef(self.region, bucket, f"{prefix}.cos-watermark-doctor/{secrets.token_hex(16)}")
        headers = {
            "x-cos-copy-source": copy_source(target),
            "x-cos-copy-source-If-Match": _NO_ETAG,
            "x-cos-metadata-directive": "Replaced",
        }
        call = Call(Service.COS, "PUT", self.region, bucket, target.key, headers=headers, repeat=Repeat.NEVER)
        try:
            self.transport.send(call)
        except (NotFoundError, ConflictError):
            return DryCopy.ALLOWED
        return DryCopy.MADE

    def _send(
        self, service: Service, method: str, bucket: str, path: str = "", params: Mapping[str, str] | None = None
    ) -> Reply:
        return self.transport.send(Call(service, method, self.region, bucket, path, params=params or {}))


_Row = TypeVar("_Row")
_LISTED = TypeAdapter(list[Listed])
_QUEUES = TypeAdapter(list[MediaQueue])


def _read(reply: Reply, kind: TypeAdapter[list[_Row]], node: Tree) -> list[_Row]:
    try:
        return kind.validate_python(items(node))
    except ValidationError as error:
        raise _garbled(reply) from error


def _garbled(reply: Reply) -> GarbledReplyError:
    return GarbledReplyError(Cause(str(reply.call), reply.status, message="the reply has an unknown shape"))
