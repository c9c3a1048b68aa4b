"""Where the probe works: the account, with the operator's own key, and the names of what it makes there."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ops.tencent.api import Api
from ops.tencent.sts import Sts
from shared.cloud.transport import Transport

if TYPE_CHECKING:
    from ops.configuration.configuration import Configuration

#: With it the name of everything begins that the probe makes, so that it is found again.
NAME = "cos-watermark-probe"
NAMESPACE = "default"
#: The function and its role are named as those of a deployment of that name, so that printed policies fit them.
FUNCTION = f"{NAME}-submit"


@dataclass(frozen=True)
class Account:
    """The account of the settings, where no function or bucket of theirs is touched. `uin` is its number."""

    configuration: Configuration
    api: Api
    transport: Transport
    uin: str
    #: Of this run: the end of its bucket's name, and what its function knows its callers by.
    run: str = field(default_factory=lambda: secrets.token_hex(4))
    password: str = field(default_factory=lambda: secrets.token_hex(8), repr=False)

    @classmethod
    def of(cls, configuration: Configuration) -> Account:
        """The account. Raises ConfigurationError, CloudError."""
        laptop, scheme = configuration.laptop, configuration.settings.scheme
        api = Api(configuration.credentials, laptop.region, laptop.site, scheme)
        transport = Transport(configuration.credentials, scheme)
        return cls(configuration, api, transport, laptop.uin or Sts(api).caller().uin)

    @property
    def region(self) -> str:
        """The region of everything."""
        return self.configuration.laptop.region

    @property
    def appid(self) -> str:
        """The number with which the account's buckets end."""
        return self.configuration.settings.ledger_bucket.rpartition("-")[2]

    @property
    def bucket(self) -> str:
        """The probe's own bucket."""
        return f"{NAME}-{self.run}-{self.appid}"
