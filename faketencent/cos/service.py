"""COS as one service of the fake cloud: who may call, and how errors and replies look."""

from __future__ import annotations

import base64
import itertools
from typing import TYPE_CHECKING

from faketencent.cos.access import readable_by_all
from faketencent.cos.documents import element
from faketencent.cos.exceptions import KeyDeletedError
from faketencent.cos.models import CosBackend
from faketencent.cos.resources import object_resource
from faketencent.cos.times import http_date
from faketencent.cos.urls import routes
from faketencent.service import Service
from faketencent.signature import authenticate
from faketencent.wire import Reply, xml_reply

if TYPE_CHECKING:
    from faketencent.cam import Identity
    from faketencent.cloud import FakeCloud
    from faketencent.errors import ServiceError
    from faketencent.routes import Call, RouteTable
    from faketencent.wire import Request

TOKEN_HEADER = "x-cos-security-token"  # noqa: S105 - the name of a header


class CosService(Service):
    """The service; its state is `backend`."""

    def __init__(self, cloud: FakeCloud) -> None:
        super().__init__(cloud)
        self.backend = CosBackend(cloud.clock, cloud.appid, cloud.cam.uin)
        self._table = routes(self.backend, self._get_media_info)
        self._serial = itertools.count(1)

    @property
    def table(self) -> RouteTable:
        """The routes."""
        return self._table

    def authenticate(self, request: Request) -> Identity | None:
        """Who signed this; nobody needs to, to read what everyone may read."""
        signed = request.headers.get("Authorization") or "q-signature" in request.params
        if not signed and self._is_public(request):
            return None
        return authenticate(self.cloud.cam, request, TOKEN_HEADER, self.cloud.clock.now())

    def resource(self, call: Call) -> str:
        """The object, or, for a listing, all that its prefix stands for; the list of buckets knows no resources."""
        if not call.bucket:
            return "*"
        key = call.key or call.request.params.get("prefix", "")
        return object_resource(call.region, self.cloud.appid, call.bucket, key)

    def render_error(self, error: ServiceError, request: Request) -> Reply:
        """The XML of https://cloud.tencent.com/document/product/436/7730; a HEAD has no body."""
        request_id, trace_id = self._id("request"), self._id("trace")
        named = element(
            "Error",
            element("Code", error.code),
            element("Message", error.message),
            element("Resource", f"{request.host}{request.decoded_path}"),
            element("RequestId", request_id),
            element("TraceId", trace_id),
        )
        body = "" if request.method == "HEAD" else f"<?xml version='1.0' encoding='utf-8' ?>{named}"
        deleted = [("x-cos-delete-marker", "true")] if isinstance(error, KeyDeletedError) else []
        ids = [("x-cos-request-id", request_id), ("x-cos-trace-id", trace_id)]
        return xml_reply(error.status, body, *ids, *deleted)

    def finish(self, reply: Reply) -> Reply:
        """Date, server and request id."""
        common = [
            ("Date", http_date(self.cloud.clock.now())),
            ("Server", "tencent-cos"),
            ("x-cos-request-id", self._id("request")),
        ]
        return reply.with_headers(*(pair for pair in common if reply.header(pair[0]) is None))

    def _get_media_info(self, call: Call) -> Reply:
        # CI is there only when the cloud is whole.
        return self.cloud.ci.media_info.get_media_info(call)

    def _is_public(self, request: Request) -> bool:
        call = self._table.match(request)
        overrides = any(name.startswith("response-") for name in request.params)
        return (
            call.route.operation in ("GetObject", "HeadObject")
            and not overrides
            and readable_by_all(self.backend, call.bucket, call.key, request.params.get("versionId"))
        )

    def _id(self, kind: str) -> str:
        text = f"{int(self.cloud.clock.now()):x}_{kind}_{next(self._serial):x}"
        return base64.b64encode(text.encode()).decode()
