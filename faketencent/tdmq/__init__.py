"""TDMQ for CMQ: queues that are polled, topics that push. The data-flow API only; queues are made in the backend.

    queue = cloud.tdmq.backend.create_queue("callbacks", "bj")
    cloud.tdmq.backend.send("callbacks", "bj", "a message")

Behaviour: https://www.tencentcloud.com/document/product/1111. Error codes: `faketencent/tdmq/exceptions.py`.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from faketencent.service import Service
from faketencent.tdmq import signature
from faketencent.tdmq.exceptions import NoPermissionError, TdmqError, ThrottledError, UnservedError
from faketencent.tdmq.models import LongPolling, TdmqBackend
from faketencent.tdmq.parameters import parameters
from faketencent.tdmq.responses import TdmqResponses
from faketencent.tdmq.topics import NotifyFormat, NotifyStrategy
from faketencent.tdmq.urls import routes

if TYPE_CHECKING:
    from faketencent.cam import Identity
    from faketencent.cloud import FakeCloud
    from faketencent.errors import ServiceError
    from faketencent.routes import Call, RouteTable
    from faketencent.wire import Reply, Request

__all__ = ["LongPolling", "NotifyFormat", "NotifyStrategy", "TdmqBackend", "TdmqService"]


#: What `faketencent/faults.py` orders in the words of COS.
_FAULTS = {"InternalError": TdmqError, "SlowDown": ThrottledError, "TooManyRequests": ThrottledError}


class TdmqService(Service):
    """TDMQ for CMQ in all its regions."""

    def __init__(self, cloud: FakeCloud) -> None:
        super().__init__(cloud)
        self.backend = TdmqBackend(cloud.clock, self._send, cloud.appid)
        self._responses = TdmqResponses(self.backend)

    @cached_property
    def table(self) -> RouteTable:
        """The routes."""
        return routes(self._responses)

    def authenticate(self, request: Request) -> Identity:
        """Who signed this; also the place where `refuse_next` strikes, as throttling counts a caller's requests."""
        identity = signature.authenticate(self.cloud.cam, request, self.cloud.clock.now())
        self.backend.admit()
        return identity

    def resource(self, call: Call) -> str:
        """`qcs::tdmq:<region>:uin/<uin>:queue/<name>`, or `topic/<name>`.

        Form: https://www.tencentcloud.com/document/product/1111/43005. That the region is the short code is assumed.
        """
        kind = "topic" if call.route.operation.endswith("PublishMessage") else "queue"
        name = parameters(call.request).get(f"{kind}Name", "")
        return f"qcs::tdmq:{call.region}:uin/{self.cloud.cam.uin}:{kind}/{name}"

    def render_error(self, error: ServiceError, request: Request) -> Reply:  # noqa: ARG002 - one form for all requests
        """The error as JSON, with HTTP status 200. What is not an error of TDMQ is a fault or CAM's refusal."""
        if isinstance(error, TdmqError):
            return self._responses.failure(error)
        fault = _FAULTS.get(error.code)
        return self._responses.failure(fault() if fault else NoPermissionError(error.message))

    def unserved(self, request: Request, served: str) -> Reply:  # noqa: ARG002 - one form for all requests
        """As JSON, with an HTTP status that is an error too; no number for a wrong action is documented."""
        return self._responses.refused(400, UnservedError(served))

    def _send(self, request: Request) -> Reply:
        # Looked up at each push: the HTTP server replaces `cloud.send`.
        return self.cloud.send(request)
