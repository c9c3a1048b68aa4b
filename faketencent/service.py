"""What one fake service is made of; `faketencent/cos`, `ci`, `tdmq` and `scf` each have one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from faketencent.errors import ServiceError

if TYPE_CHECKING:
    from faketencent.cam import Identity
    from faketencent.cloud import FakeCloud
    from faketencent.routes import Call, RouteTable
    from faketencent.wire import Reply, Request


class Service(ABC):
    """One service of the fake cloud: its routes, and its own way to check callers and to say no."""

    #: Whether serving a call may lead to further calls (a function URL runs a function): such a service
    #: is not run under the cloud's lock.
    reentrant: ClassVar[bool] = False

    def __init__(self, cloud: FakeCloud) -> None:
        self.cloud = cloud

    @property
    @abstractmethod
    def table(self) -> RouteTable:
        """The routes."""

    @abstractmethod
    def authenticate(self, request: Request) -> Identity | None:
        """Who sent this; `None` where the service is open to anyone. Raises ServiceError."""

    @abstractmethod
    def resource(self, call: Call) -> str:
        """The CAM resource (`qcs::...`) that the call is about."""

    @abstractmethod
    def render_error(self, error: ServiceError, request: Request) -> Reply:
        """The error as this service writes it."""

    def denied(self, action: str, resource: str) -> ServiceError:
        """What a caller is told who may not do this."""
        return ServiceError(403, "AccessDenied", f"Access Denied: {action} on {resource}")

    def unserved(self, request: Request, served: str) -> Reply:
        """The answer to a request that no route means: an error of the kind that clients do not repeat.

        The code is COS's for a method that a resource does not have; `served` says what there is.
        """
        return self.render_error(ServiceError(405, "MethodNotAllowed", served), request)

    def finish(self, reply: Reply) -> Reply:
        """Add what every reply of this service carries (request id, date, server)."""
        return reply
