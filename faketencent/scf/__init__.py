"""Serverless Cloud Function: deployed handlers, run as the platform runs them.

    cloud.cam.create_role("submit", policy)
    submit = cloud.scf.backend.create_function("submit", main_handler, role="submit", environment={...})
    cloud.scf.backend.add_cos_trigger(submit, "videos-1250000000", suffix=".mp4")
    url = cloud.scf.backend.function_url(callback)        # POST to it, through any front end

`api/` is SCF's own API, by which a deployer makes functions and triggers: the same ones. The zips that it uploads run
in this process (`code.py`), or in processes of their own (`instances.py`). The runtime is in `runtime.py`,
`environment.py` and `output.py`; what the triggers send in `cos_event.py`, `timer.py` and `http_event.py`. What may
vary on the real platform are enums there, and `habits.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from faketencent.scf.exceptions import render
from faketencent.scf.models import ScfBackend
from faketencent.scf.responses import ScfResponses
from faketencent.scf.urls import routes
from faketencent.service import Service

if TYPE_CHECKING:
    from faketencent.cam import Identity
    from faketencent.cloud import FakeCloud
    from faketencent.errors import ServiceError
    from faketencent.routes import Call, RouteTable
    from faketencent.wire import Reply, Request

__all__ = ["ScfBackend", "ScfService"]


class ScfService(Service):
    """Answers at function URLs and custom domains. Running a function leads to calls of other services."""

    reentrant: ClassVar[bool] = True

    def __init__(self, cloud: FakeCloud) -> None:
        super().__init__(cloud)
        self.backend = ScfBackend(cloud)
        self._responses = ScfResponses(self.backend)

    @property
    def table(self) -> RouteTable:
        """The routes, with the custom domains there are by now."""
        return routes(self._responses, self.backend.domains)

    def authenticate(self, request: Request) -> Identity | None:  # noqa: ARG002 - open to anyone (AuthType NONE)
        """Nobody in particular."""
        return None

    def resource(self, call: Call) -> str:
        """The function behind the address."""
        function = self.backend.function_at(call.request.host)
        return f"qcs::scf:{function.region}:uin/{self.cloud.cam.uin}:namespace/default/function/{function.name}"

    def render_error(self, error: ServiceError, request: Request) -> Reply:  # noqa: ARG002 - one form for all
        """The error document of the platform."""
        return render(error)
