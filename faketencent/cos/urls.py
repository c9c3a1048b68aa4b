"""What can be asked of COS: https://cloud.tencent.com/document/product/436/10111.

CAM's names of the actions: https://cloud.tencent.com/document/product/598/69901.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from faketencent.cos.bucket_responses import BucketResponses
from faketencent.cos.parameters import SUBRESOURCES, is_clear
from faketencent.cos.responses import CosResponses
from faketencent.cos.setup_responses import SetupResponses
from faketencent.cos.special_responses import SpecialResponses
from faketencent.cos.subresource_responses import SubresourceResponses
from faketencent.cos.upload_responses import UploadResponses
from faketencent.routes import Route, RouteTable

if TYPE_CHECKING:
    from collections.abc import Callable

    from faketencent.cos.models import CosBackend
    from faketencent.routes import Call
    from faketencent.wire import Reply

HOST = r"(?P<bucket>[a-z0-9-]+)\.cos\.(?P<region>[a-z0-9-]+)\.myqcloud\.com"
_SERVICE = r"service\.cos\.myqcloud\.com"
_SERVICE_OF_REGION = r"cos\.(?P<region>[a-z0-9-]+)\.myqcloud\.com"
_BUCKET = "/"
_OBJECT = "/(?P<key>.+)"
_COPY = frozenset({"x-cos-copy-source"})
_READING = ("GET", "HEAD")
_PROCESS = "ci-process"


def routes(backend: CosBackend, get_media_info: Callable[[Call], Reply]) -> RouteTable:
    """The table; a copy is told from an upload by its header, so copies come first. CI serves `get_media_info`."""
    served = [*_objects(backend), *_special(backend), *_subresources(backend), *_uploads(backend), *_buckets(backend)]
    served += [*_setup(backend), _media_info(get_media_info)]
    at_bucket = [_careful(route) for route in served]
    return RouteTable("COS", [HOST, _SERVICE, _SERVICE_OF_REGION], [*at_bucket, *_service(backend)], SUBRESOURCES)


def _objects(backend: CosBackend) -> list[Route]:
    cos = CosResponses(backend)
    return [
        _route("HeadObject", "HEAD", _OBJECT, cos.head_object),
        _route("GetObject", "GET", _OBJECT, cos.get_object),
        # The handler asks for rights on both objects.
        Route("PutObjectCopy", "PUT", _OBJECT, cos.copy_object, None, headers=_COPY),
        _route("PutObject", "PUT", _OBJECT, cos.put_object),
        _route("DeleteObject", "DELETE", _OBJECT, cos.delete_object),
        _route("PostObjectRestore", "POST", _OBJECT, cos.restore_object, "restore"),
    ]


def _special(backend: CosBackend) -> list[Route]:
    cos = SpecialResponses(backend)
    return [
        _route("AppendObject", "POST", _OBJECT, cos.append_object, "append"),
        _route("PutSymlink", "PUT", _OBJECT, cos.put_symlink, "symlink"),
        _route("GetSymlink", "GET", _OBJECT, cos.get_symlink, "symlink"),
    ]


def _subresources(backend: CosBackend) -> list[Route]:
    cos = SubresourceResponses(backend)
    return [
        _route("GetObjectACL", "GET", _OBJECT, cos.get_acl, "acl"),
        _route("PutObjectACL", "PUT", _OBJECT, cos.put_acl, "acl"),
        _route("GetObjectTagging", "GET", _OBJECT, cos.get_tagging, "tagging"),
        _route("PutObjectTagging", "PUT", _OBJECT, cos.put_tagging, "tagging"),
        _route("DeleteObjectTagging", "DELETE", _OBJECT, cos.delete_tagging, "tagging"),
    ]


def _uploads(backend: CosBackend) -> list[Route]:
    cos = UploadResponses(backend)
    part = frozenset({"partNumber", "uploadId"})
    return [
        _route("InitiateMultipartUpload", "POST", _OBJECT, cos.initiate, "uploads"),
        Route("UploadPartCopy", "PUT", _OBJECT, cos.copy_part, None, part, _COPY),
        _route("UploadPart", "PUT", _OBJECT, cos.upload_part, *part),
        _route("CompleteMultipartUpload", "POST", _OBJECT, cos.complete, "uploadId"),
        _route("AbortMultipartUpload", "DELETE", _OBJECT, cos.abort, "uploadId"),
        _route("ListParts", "GET", _OBJECT, cos.list_parts, "uploadId"),
        _route("ListMultipartUploads", "GET", _BUCKET, cos.list_uploads, "uploads"),
    ]


def _buckets(backend: CosBackend) -> list[Route]:
    cos = BucketResponses(backend)
    return [
        _route("HeadBucket", "HEAD", _BUCKET, cos.head_bucket),
        _route("GetBucket", "GET", _BUCKET, cos.list_objects),
        _route("GetBucketObjectVersions", "GET", _BUCKET, cos.list_versions, "versions"),
        _route("GetBucketLocation", "GET", _BUCKET, cos.get_location, "location"),
        _route("GetBucketACL", "GET", _BUCKET, cos.get_acl, "acl"),
        _route("GetBucketVersioning", "GET", _BUCKET, cos.get_versioning, "versioning"),
        _route("PutBucketVersioning", "PUT", _BUCKET, cos.put_versioning, "versioning"),
    ]


def _setup(backend: CosBackend) -> list[Route]:
    cos = SetupResponses(backend)
    return [
        _route("PutBucket", "PUT", _BUCKET, cos.put_bucket),
        _route("DeleteBucket", "DELETE", _BUCKET, cos.delete_bucket),
        _route("GetBucketLifecycle", "GET", _BUCKET, cos.get_lifecycle, "lifecycle"),
        _route("PutBucketLifecycle", "PUT", _BUCKET, cos.put_lifecycle, "lifecycle"),
        _route("DeleteBucketLifecycle", "DELETE", _BUCKET, cos.delete_lifecycle, "lifecycle"),
        _route("GetBucketNotification", "GET", _BUCKET, cos.get_notification, "notification"),
        _route("GetBucketReplication", "GET", _BUCKET, cos.get_replication, "replication"),
    ]


def _media_info(handler: Callable[[Call], Reply]) -> Route:
    # The right is that of reading: https://www.tencentcloud.com/document/product/1045/72941
    route = _route("GetMediaInfo", "GET", _OBJECT, handler, _PROCESS)
    return replace(route, action="cos:GetObject", accepts=lambda request: request.params[_PROCESS] == "videoinfo")


def _service(backend: CosBackend) -> list[Route]:
    cos = SetupResponses(backend)
    route = _route("GetService", "GET", "/", cos.get_service)
    return [replace(route, host=host) for host in (_SERVICE, _SERVICE_OF_REGION)]


def _careful(route: Route) -> Route:
    return replace(route, host=HOST, accepts=route.accepts if route.method in _READING else is_clear)


def _route(operation: str, method: str, path: str, handler: Callable[[Call], Reply], *query: str) -> Route:
    return Route(operation, method, path, handler, f"cos:{operation}", frozenset(query))
