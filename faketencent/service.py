"""What one fake service is made of; `faketencent/cos`, `ci`, `tdmq` and `scf` each have one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from faketencent.cam import Identity
    from faketencent.cloud import FakeCloud
    from faketencent.errors import ServiceError
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

    def finish(self, reply: Reply) -> Reply:
        """Add what every reply of this service carries (request id, date, server)."""
        return reply
