"""Function URLs and custom domains: a request in, a run, its answer out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faketencent.scf.http_event import http_event
from faketencent.scf.http_reply import http_reply
from faketencent.scf.invocation import Source

if TYPE_CHECKING:
    from faketencent.routes import Call
    from faketencent.scf.models import ScfBackend
    from faketencent.wire import Reply


class ScfResponses:
    """What answers at the addresses of functions."""

    def __init__(self, backend: ScfBackend) -> None:
        self._backend = backend

    def invoke(self, call: Call) -> Reply:
        """Run the function that lives at this host."""
        function = self._backend.function_at(call.request.host)
        event = http_event(call.request, self._backend.event_shape)
        return http_reply(self._backend.invoke(function, event, source=Source.URL))
