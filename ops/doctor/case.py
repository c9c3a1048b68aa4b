"""What is examined: `.env`, serverless.yml, and the account. Each part of it is read when it is first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ops.deploy.account import Account as Deployed
from ops.doctor.account import Account
from ops.tencent.api import Api
from ops.tencent.buckets import Buckets
from ops.tencent.cam import Cam
from ops.tencent.processing import Processing
from ops.tencent.sts import Sts
from shared.cloud.clients import connect
from shared.cloud.transport import Transport
from shared.errors import CloudError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ops.configuration.configuration import Configuration
    from ops.deploy.account import Found
    from ops.deploy.marker import Marker
    from ops.manifest.deployment import Deployment
    from shared.cloud.clients import Clients
    from shared.settings import Credentials, Settings


@dataclass(frozen=True)
class Case:
    """One deployment. `now` is this machine's time; `built` is the code that lies here, if it was built."""

    configuration: Configuration
    deployment: Deployment
    now: Callable[[], float]
    built: Marker | None = None

    @property
    def settings(self) -> Settings:
        """The functions' settings."""
        return self.configuration.settings

    @property
    def credentials(self) -> Credentials:
        """The key pair to look with. Raises ConfigurationError."""
        return self.configuration.credentials

    @property
    def region(self) -> str:
        """Where functions and buckets are."""
        return self.deployment.region

    @property
    def buckets(self) -> tuple[str, ...]:
        """The video buckets."""
        return self.configuration.laptop.buckets

    @property
    def timeouts(self) -> Mapping[str, int]:
        """Seconds that each function may run, by serverless.yml."""
        return {key: function.timeout for key, function in self.deployment.functions.items()}

    @cached_property
    def transport(self) -> Transport:
        """The way to COS and Cloud Infinite."""
        return Transport(self.credentials, self.settings.scheme)

    @cached_property
    def account(self) -> Account:
        """Objects and jobs, to be read only."""
        return Account(self.transport, self.region)

    @cached_property
    def cos(self) -> Buckets:
        """How buckets are set up."""
        return Buckets(self.transport, self.region)

    @cached_property
    def processing(self) -> Processing:
        """For which buckets media processing is on."""
        return Processing(self.transport, self.region)

    @cached_property
    def ledger(self) -> Clients:
        """The functions' own way to the ledger, to be read only."""
        return connect(self.settings, self.credentials, self.region)

    @cached_property
    def api(self) -> Api:
        """The account's other services."""
        return Api.of(self.configuration)

    @cached_property
    def deployed(self) -> Deployed:
        """Functions and triggers."""
        return Deployed.of(self.api, self.deployment)

    @property
    def found(self) -> Found:
        """What there is of them. Raises CloudError, each time the same: nobody waits twice for who does not answer."""
        if isinstance(self._look, CloudError):
            raise self._look
        return self._look

    @cached_property
    def _look(self) -> Found | CloudError:
        try:
            return self.deployed.look(self.deployment.functions)
        except CloudError as error:
            return error

    @cached_property
    def cam(self) -> Cam:
        """Roles and policies."""
        return Cam(self.api)

    @cached_property
    def uin(self) -> str:
        """The account's number. Raises CloudError."""
        return self.configuration.laptop.uin or Sts(self.api).caller().uin
