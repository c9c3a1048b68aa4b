"""Cloud Infinite: media jobs that read and write digital watermarks. Begin with `faketencent/ci/models.py`.

https://www.tencentcloud.com/document/product/1045/73155
"""

from __future__ import annotations

import base64
import itertools
from email.utils import formatdate
from typing import TYPE_CHECKING

from faketencent import signature
from faketencent.ci.callbacks import CallbackPolicy, Delivery
from faketencent.ci.documents import JobsDetailShape
from faketencent.ci.exceptions import bad_signature, unsigned
from faketencent.ci.jobs import Job, JobState
from faketencent.ci.left_out import InputField, Place
from faketencent.ci.media_info import MediaInfoResponses
from faketencent.ci.models import SERVICE_ROLE, CiBackend, Durations, Progression
from faketencent.ci.responses import REQUEST_ID_HEADER, CiResponses
from faketencent.ci.urls import routes
from faketencent.ci.xml import to_xml
from faketencent.errors import ServiceError
from faketencent.service import Service
from faketencent.wire import Reply

if TYPE_CHECKING:
    from faketencent.cam import Identity
    from faketencent.cloud import FakeCloud
    from faketencent.routes import Call, RouteTable
    from faketencent.wire import Request

__all__ = [
    "SERVICE_ROLE",
    "CallbackPolicy",
    "CiBackend",
    "CiService",
    "Delivery",
    "Durations",
    "InputField",
    "Job",
    "JobState",
    "JobsDetailShape",
    "Place",
    "Progression",
]

_TOKEN_HEADER = "x-ci-security-token"  # noqa: S105 - the name of a header


class CiService(Service):
    """CI in all its regions."""

    def __init__(self, cloud: FakeCloud) -> None:
        super().__init__(cloud)
        self.backend = CiBackend(cloud)
        #: What is asked of COS, and answered here.
        self.media_info = MediaInfoResponses(self.backend, cloud.cos.backend)
        self._serial = itertools.count(1)
        self._table = routes(CiResponses(self.backend, cloud.cam.uin, self._new_request_id))

    @property
    def table(self) -> RouteTable:
        """The routes."""
        return self._table

    def authenticate(self, request: Request) -> Identity:
        """Who signed this. Unlike COS, CI serves nobody who did not, and says 401."""
        if not request.headers.get("Authorization") and "q-signature" not in request.params:
            raise unsigned()
        try:
            return signature.authenticate(self.cloud.cam, request, _TOKEN_HEADER, self.cloud.clock.now())
        except ServiceError as error:
            raise bad_signature(error) from error

    def resource(self, call: Call) -> str:
        """`qcs::ci:<region>:uid/<appid>:bucket/<bucket>/*`: https://cloud.tencent.com/document/product/460/41741.

        A policy may name a part of a bucket, but no page says how jobs and queues relate to that; assumed is
        that they need the whole bucket. The list of buckets knows no resources at all.
        """
        if not call.bucket:
            return "*"
        return f"qcs::ci:{call.region}:uid/{self.cloud.appid}:bucket/{call.bucket}/*"

    def render_error(self, error: ServiceError, request: Request) -> Reply:  # noqa: ARG002 - one form for all requests
        """The error as CI writes it, without COS's `Resource`."""
        # CAM's refusal, seen in the field as 401 where COS says 403.
        status = 401 if error.code == "AccessDenied" else error.status
        request_id = self._new_request_id()
        document = {
            "Code": error.code,
            "Message": error.message,
            "RequestId": request_id,
            "TraceId": base64.b64encode(f"trace of {request_id}".encode()).decode(),
        }
        headers = [("Content-Type", "application/xml"), (REQUEST_ID_HEADER, request_id)]
        return Reply(status, headers, b"<?xml version='1.0' encoding='utf-8' ?>" + to_xml("Error", document))

    def finish(self, reply: Reply) -> Reply:
        """Add the headers of every reply: https://www.tencentcloud.com/document/product/1045/49352."""
        common = [("Server", "tencent-ci"), ("Date", formatdate(self.cloud.clock.now(), usegmt=True))]
        if reply.header(REQUEST_ID_HEADER) is None:
            common.append((REQUEST_ID_HEADER, self._new_request_id()))
        return reply.with_headers(*common)

    def _new_request_id(self) -> str:
        text = f"{int(self.cloud.clock.now()):x}_ci_{next(self._serial):x}"
        return base64.b64encode(text.encode()).decode()
