"""A Tencent Cloud in memory: one account, its services, one clock, one way in.

    cloud = FakeCloud()
    cloud.cos.backend.create_bucket("videos-1250000000", "ap-beijing")
    with in_process(cloud):            # or: with serve(cloud) as server
        ...                            # the SDK's own client works, signatures and all
        cloud.settle()                 # deliver events, run jobs, send callbacks: whatever is due now

Nothing happens on its own: what follows from a call (events, job progress, callbacks, retries) waits on
the clock's list until `settle` or `advance`. So a test decides when, and a failure can be repeated.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from faketencent.cam import SERVICE_ROLES, Cam
from faketencent.cam.service import CamApi
from faketencent.ci import CiService
from faketencent.clock import Clock
from faketencent.cls import ClsApi
from faketencent.cos import CosService
from faketencent.errors import ServiceError, UnknownRouteError
from faketencent.faults import Faults, FunctionKilled
from faketencent.routes import Call
from faketencent.scf import ScfService
from faketencent.scf.api.service import ScfApi
from faketencent.sts import StsApi
from faketencent.tdmq import TdmqService
from faketencent.tdmq.management import TdmqApi
from faketencent.wire import NoReplyError, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from faketencent.service import Service
    from faketencent.wire import Request


class FakeCloud:
    """The account `appid` and all its services.

    `journal` holds the calls made so far, oldest first (at most `journal_size` of them).
    `watchers` see every call before it is served; a test can stop the world there.
    `send` carries what the cloud itself sends out (callbacks, pushes); the HTTP server replaces it.
    """

    def __init__(self, clock: Clock | None = None, appid: str = "1250000000", journal_size: int | None = None) -> None:
        self.clock = clock or Clock()
        self.appid = appid
        self.cam = Cam(self.clock)
        for role in SERVICE_ROLES:
            self.cam.add_service_role(role)
        self.faults = Faults()
        self.journal: deque[Call] = deque(maxlen=journal_size)
        self.unknown: list[str] = []
        self.watchers: list[Callable[[Call], None]] = []
        self.send: Callable[[Request], Reply] = self._send
        self._lock = threading.RLock()
        self.cos = CosService(self)
        self.tdmq = TdmqService(self)
        self.ci = CiService(self)
        self.scf = ScfService(self)
        self.cls = ClsApi(self)

    @classmethod
    def unused(cls, clock: Clock | None = None, appid: str = "1250000000") -> FakeCloud:
        """An account that never used a service: no service roles, CLS not opened; buckets and bindings it has none."""
        cloud = cls(clock, appid)
        for role in SERVICE_ROLES:
            cloud.cam.delete_role(role.name)
        cloud.cls.backend.opened = False
        return cloud

    # What speaks API 3.0 alone is made when it is first asked: most tests never do.

    @cached_property
    def scf_api(self) -> ScfApi:
        """SCF's own API."""
        return ScfApi(self)

    @cached_property
    def cam_api(self) -> CamApi:
        """CAM's API."""
        return CamApi(self)

    @cached_property
    def sts(self) -> StsApi:
        """STS."""
        return StsApi(self)

    @cached_property
    def tdmq_api(self) -> TdmqApi:
        """TDMQ's API."""
        return TdmqApi(self)

    @property
    def services(self) -> Iterable[Service]:
        """Every service, in the order in which they are asked whether a host is theirs."""
        yield from (self.cos, self.ci, self.tdmq, self.scf)
        yield self.scf_api
        yield self.cam_api
        yield self.sts
        yield self.cls
        yield self.tdmq_api

    def dispatch(self, request: Request) -> Reply:
        """Serve one request.

        What no fake serves is refused with a 4xx, and remembered in `unknown`, so that a client that swallows
        the error cannot hide the gap.

        Raises:
            NoReplyError, FunctionKilled: a fault that was ordered.
        """
        service = self._service(request.host)
        if service is None:
            return self._misdirected(request)
        try:
            call = service.table.match(request)
        except UnknownRouteError as error:
            self.unknown.append(str(error))
            return service.finish(service.unserved(request, str(error)))
        for watch in self.watchers:
            watch(call)
        self.journal.append(call)
        pacing = self.faults.pacing(call)
        try:
            reply = self.faults.strike(call, lambda: self._serve(service, call))
        except ServiceError as error:
            reply = service.render_error(error, request)
        finished = service.finish(reply)
        return replace(finished, pacing=pacing) if pacing else finished

    def settle(self) -> int:
        """Do everything that is due at this moment; say how many things that was."""
        return self.clock.run_due()

    def advance(self, seconds: float) -> None:
        """Let time pass, doing what becomes due."""
        self.clock.advance(seconds)

    def operations(self) -> list[str]:
        """The names of the operations in the journal, oldest first."""
        return [call.route.operation for call in self.journal]

    def _send(self, request: Request) -> Reply:
        try:
            return self.dispatch(request)
        except FunctionKilled as end:
            # The cloud itself is no function: whoever waits at this end only sees the connection go.
            raise NoReplyError("reset") from end

    def _service(self, host: str) -> Service | None:
        return next((service for service in self.services if service.table.owns(host)), None)

    def _misdirected(self, request: Request) -> Reply:
        known = ", ".join(pattern for service in self.services for pattern in service.table.hosts)
        text = f"no fake answers at host {request.host!r}; known hosts: {known}"
        self.unknown.append(text)
        body = b"" if request.method == "HEAD" else f"{text}\n".encode()
        return Reply(421, [("Content-Type", "text/plain; charset=utf-8")], body)

    def _serve(self, service: Service, call: Call) -> Reply:
        if service.reentrant:
            return self._answer(service, call)
        with self._lock:
            return self._answer(service, call)

    @staticmethod
    def _answer(service: Service, call: Call) -> Reply:
        try:
            identity = service.authenticate(call.request)
            known = Call(call.route, call.request, call.names, identity)
            if call.route.action and identity:
                _authorize(service, known, call.route.action)
            return call.route.handler(known)
        except ServiceError as error:
            return service.render_error(error, call.request)


def _authorize(service: Service, call: Call, action: str) -> None:
    resource = service.resource(call)
    if call.identity is not None and not call.identity.may(action, resource):
        raise service.denied(action, resource)
