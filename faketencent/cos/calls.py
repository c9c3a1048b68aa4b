"""What a call names: its bucket, object and version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faketencent.cos.store import Cause

if TYPE_CHECKING:
    from faketencent.cos.buckets import Bucket
    from faketencent.cos.models import CosBackend
    from faketencent.cos.objects import StoredObject
    from faketencent.routes import Call


def named_bucket(backend: CosBackend, call: Call) -> Bucket:
    """The bucket, which must be in the region of the host name."""
    return backend.bucket(call.bucket, call.region)


def named_version(call: Call) -> str | None:
    """The version id; an empty one is as good as none."""
    params = call.request.params
    return params.get("versionId") or params.get("VersionId") or None


def named_object(backend: CosBackend, call: Call) -> StoredObject:
    """The object, in the version that is named."""
    named_bucket(backend, call)
    return backend.get(call.bucket, call.key, named_version(call))


def cause(call: Call, event: str) -> Cause:
    """The call as the cause of an event."""
    return Cause(event, call.request.headers)
