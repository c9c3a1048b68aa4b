"""What is examined: the environment, the deployment file, and the account behind the credentials.

Each part is read when first asked for, and raises ConfigurationError where it is missing or wrong. The check whose part
it is says so; the others go without.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ops.checkout import SERVERLESS_YML
from ops.doctor.account import Account
from ops.doctor.deployment import Deployment, read_deployment
from shared.cloud.transport import Transport
from shared.errors import ConfigurationError
from shared.log import silence_sdk
from shared.settings import Credentials, Settings, read_credentials, read_settings, variable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

#: Where credentials are looked for: the names of Tencent's deployment tools, then those that functions get.
_SOURCES = (
    ("TENCENT_SECRET_ID", "TENCENT_SECRET_KEY", "TENCENT_TOKEN"),
    ("TENCENTCLOUD_SECRETID", "TENCENTCLOUD_SECRETKEY", "TENCENTCLOUD_SESSIONTOKEN"),
)


@dataclass(frozen=True)
class Case:
    """One deployment. `environment` holds its settings and the credentials; `now` is this machine's time.

    What is chosen goes before what the settings and the deployment file say.
    """

    environment: Mapping[str, str]
    now: Callable[[], float]
    serverless_yml: Path = SERVERLESS_YML
    chosen_region: str | None = None
    chosen_buckets: tuple[str, ...] = ()
    chosen_timeout: int | None = None

    @cached_property
    def settings(self) -> Settings:
        """The functions' settings: those in the deployment file, or, where that cannot be read, in the environment."""
        try:
            given = self.deployment.environments
        except ConfigurationError:
            return read_settings(self.environment)
        # How the cloud is spoken to is also about this machine.
        ours = {name: value for name, value in self.environment.items() if name == variable("scheme")}
        return read_settings({**ours, **{name: value for one in given for name, value in one.items()}})

    @cached_property
    def credentials(self) -> Credentials:
        """The credentials to look with. A key pair is never put together from two sources."""
        for source in _SOURCES:
            found = [self.environment.get(name, "") for name in source]
            if any(found[:2]) and not all(found[:2]):
                raise ConfigurationError(f"{source[0]} and {source[1]} belong together, and one of them is not set")
            if all(found[:2]):
                return read_credentials({name: value for name, value in zip(_SOURCES[1], found, strict=True) if value})
        raise ConfigurationError(f"there are none in {_SOURCES[0][0]} and {_SOURCES[0][1]}")

    @cached_property
    def deployment(self) -> Deployment:
        """The deployment file, with the environment filled in."""
        return read_deployment(self.serverless_yml, self.environment)

    @cached_property
    def account(self) -> Account:
        """The account, to be read only."""
        silence_sdk()
        return Account(Transport(self.credentials, self.settings.scheme), self.region)

    @property
    def region(self) -> str:
        """Where functions and buckets are."""
        return self.chosen_region or self.deployment.region

    @property
    def buckets(self) -> tuple[str, ...]:
        """The video buckets: those whose uploads run `submit`."""
        return self.chosen_buckets or self.deployment.watched_buckets

    @property
    def timeouts(self) -> Mapping[str, int]:
        """Seconds that each function may run."""
        if self.chosen_timeout is not None:
            return {"submit": self.chosen_timeout, "callback": self.chosen_timeout}
        return self.deployment.timeouts
