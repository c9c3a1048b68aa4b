"""A service that speaks API 3.0: which action a request means, who asks, and the envelope of the answer."""

from __future__ import annotations

import json
import uuid
from functools import cached_property, partial
from typing import TYPE_CHECKING, ClassVar

from faketencent.api import signature
from faketencent.api.action import Asked
from faketencent.api.errors import ApiError, NotAllowedError
from faketencent.routes import Route, RouteTable
from faketencent.service import Service
from faketencent.wire import Reply

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from faketencent.api.action import Action
    from faketencent.cam import Identity
    from faketencent.cloud import FakeCloud
    from faketencent.errors import ServiceError
    from faketencent.routes import Call
    from faketencent.wire import Request

#: What `faketencent/faults.py` orders in the words of COS.
_FAULTS = {
    "InternalError": "InternalError",
    "SlowDown": "RequestLimitExceeded",
    "TooManyRequests": "RequestLimitExceeded",
}


class ApiService(Service):
    """One service in all its regions, at `<service>[.<region>][.intl].tencentcloudapi.com`."""

    name: ClassVar[str]
    version: ClassVar[str]
    #: Whether a call must name a region.
    regional: ClassVar[bool] = True

    def __init__(self, cloud: FakeCloud, actions: Sequence[Action]) -> None:
        super().__init__(cloud)
        self.actions = {action.name: action for action in actions}

    @cached_property
    def table(self) -> RouteTable:
        """One route per action."""
        host = rf"{self.name}(\.(?!intl)[a-z0-9-]+)?(\.intl)?\.tencentcloudapi\.com"
        return RouteTable(self.name, [host], [self._route(action) for action in self.actions.values()])

    def authenticate(self, request: Request) -> Identity:
        """Who signed this."""
        return signature.authenticate(self.cloud.cam, request, self.name, self.cloud.clock.now())

    def resource(self, call: Call) -> str:
        """The resource that the action is about."""
        action = self.actions[call.route.operation]
        return action.resource(_asked(call)) if action.resource else "*"

    def render_error(self, error: ServiceError, request: Request) -> Reply:  # noqa: ARG002 - one form for all requests
        """The error in the envelope."""
        code, message = error.code, error.message
        if not isinstance(error, ApiError):
            # A fault that was ordered, or CAM's refusal.
            code = _FAULTS.get(code, "UnauthorizedOperation" if code == "AccessDenied" else code)
        return _reply({"Error": {"Code": code, "Message": message}})

    def denied(self, action: str, resource: str) -> ApiError:
        """CAM's refusal."""
        return NotAllowedError(action, resource)

    def unserved(self, request: Request, served: str) -> Reply:
        """What there is no action for."""
        return self.render_error(ApiError("InvalidAction", f"The request does not match any action. {served}"), request)

    def _route(self, action: Action) -> Route:
        right = f"{self.name}:{action.name}" if action.resource else None
        accepts = partial(_asks_for, action.name, self.version)
        return Route(action.name, "POST", "/", partial(self._serve, action), action=right, accepts=accepts)

    def _serve(self, action: Action, call: Call) -> Reply:
        asked = _asked(call)
        if self.regional and not asked.region:
            raise ApiError("MissingParameter", "The request is missing a required parameter `Region`.")
        action.check(asked)
        return _reply(action.handler(asked))


def _asked(call: Call) -> Asked:
    assert call.identity is not None  # noqa: S101 - every request of these services is signed
    return Asked.read(call.request, call.identity)


def _asks_for(action: str, version: str, request: Request) -> bool:
    headers = request.headers
    return headers.get("X-TC-Action") == action and headers.get("X-TC-Version") == version


def _reply(fields: Mapping[str, Any]) -> Reply:
    # Exactly this content type: Tencent's SDK looks for an error behind no other.
    body = {"Response": {**fields, "RequestId": str(uuid.uuid4())}}
    return Reply(200, [("Content-Type", "application/json")], json.dumps(body, ensure_ascii=False).encode())
