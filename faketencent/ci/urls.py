"""The routes of CI; an operation is named as its CAM action: https://cloud.tencent.com/document/product/460/41741."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faketencent.routes import Route, RouteTable

if TYPE_CHECKING:
    from collections.abc import Callable

    from faketencent.ci.responses import CiResponses
    from faketencent.routes import Call
    from faketencent.wire import Reply

_REGION = r"(?P<region>[a-z]+(?:-[a-z0-9]+)+)"
_OF_BUCKET = rf"(?P<bucket>[a-z0-9-]+)\.ci\.{_REGION}\.myqcloud\.com"
_OF_REGION = rf"ci\.{_REGION}\.myqcloud\.com"

_JOBS = r"/jobs/(?P<jobs>[^/]+)"
_QUEUE = r"/queue/(?P<queue>[^/]+)"
_CANCEL = frozenset({"cancel"})
_UNBIND = frozenset({"unbind"})


def routes(ci: CiResponses) -> RouteTable:
    """The table, served by `ci`."""
    return RouteTable(
        "CI",
        [_OF_BUCKET, _OF_REGION],
        [
            _route("CreateMediaJobs", "POST", "/jobs", ci.create_job),
            _route("DescribeMediaJobs", "GET", "/jobs", ci.list_jobs),
            _route("DescribeMediaJob", "GET", _JOBS, ci.describe_jobs),
            _route("CancelMediaJob", "PUT", _JOBS, ci.cancel_jobs, query=_CANCEL),
            _route("DescribeMediaQueues", "GET", "/queue", ci.describe_queues),
            _route("UpdateMediaQueue", "PUT", _QUEUE, ci.update_queue),
            _route("DescribeCIBuckets", "GET", "/", ci.describe_binding),
            _route("CreateCIBucket", "PUT", "/", ci.bind),
            _route("DeleteCIBucket", "PUT", "/", ci.unbind, query=_UNBIND),
            _route("CreateMediaBucket", "POST", "/mediabucket", ci.create_bucket),
            _route("DeleteMediaBucket", "DELETE", "/mediabucket", ci.delete_bucket),
            _route("DescribeMediaBuckets", "GET", "/mediabucket", ci.describe_buckets, host=_OF_REGION),
        ],
        subresources=_CANCEL | _UNBIND,
    )


def _route(
    operation: str,
    method: str,
    path: str,
    handler: Callable[[Call], Reply],
    *,
    query: frozenset[str] = frozenset(),
    host: str = _OF_BUCKET,
) -> Route:
    return Route(operation, method, path, handler, action=f"ci:{operation}", query=query, host=host)
