"""Operations on appendable objects and symlinks."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from faketencent.cos.appending import append
from faketencent.cos.calls import cause, named_bucket, named_object
from faketencent.cos.exceptions import invalid_argument
from faketencent.cos.headers import written_headers
from faketencent.cos.objects import ObjectType
from faketencent.cos.responses import check_digest
from faketencent.cos.symlinks import link, target_key
from faketencent.cos.times import http_date
from faketencent.errors import ServiceError
from faketencent.wire import Reply

if TYPE_CHECKING:
    from faketencent.cos.headers import Headers
    from faketencent.cos.models import CosBackend
    from faketencent.routes import Call


class SpecialResponses:
    """`?append` and `?symlink`."""

    def __init__(self, backend: CosBackend) -> None:
        self.backend = backend

    def append_object(self, call: Call) -> Reply:
        """https://cloud.tencent.com/document/product/436/7741."""
        bucket, data = named_bucket(self.backend, call), call.request.body
        check_digest(call)
        position = call.request.params.get("position", "")
        if not position.isdecimal():
            raise invalid_argument(f"position must be a number, not {position!r}")
        stored = append(self.backend, bucket, call.key, data, cause(call, "Append"), int(position))
        # What this SHA-1 is of is not said; the Android SDK takes it for that of the chunk.
        sha1 = hashlib.sha1(data, usedforsecurity=False).hexdigest()
        grown = [("x-cos-content-sha1", sha1), ("x-cos-next-append-position", str(stored.size))]
        return Reply(200, [*written_headers(stored), *grown])

    def put_symlink(self, call: Call) -> Reply:
        """The SDK's `put_symlink`; that the target's key is percent-encoded, as in a copy's source, is assumed."""
        bucket = named_bucket(self.backend, call)
        target = unquote(call.request.headers.get("x-cos-symlink-target", ""))
        if not target:
            raise invalid_argument("x-cos-symlink-target is needed")
        return Reply(200, written_headers(link(self.backend, bucket, call.key, target, cause(call, "Put"))))

    def get_symlink(self, call: Call) -> Reply:
        """The SDK's `get_symlink`: the link itself. What other objects are answered with is assumed."""
        stored = named_object(self.backend, call)
        if stored.kind is not ObjectType.SYMLINK:
            raise ServiceError(400, "InvalidRequest", "The object is no symlink")
        named: Headers = [("x-cos-symlink-target", quote(target_key(stored)))]
        return Reply(200, [*written_headers(stored), ("Last-Modified", http_date(stored.last_modified)), *named])
