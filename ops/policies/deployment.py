"""What the policies are about: a deployment's buckets, and the names that begin with its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, model_validator

from ops.configuration.configuration import Laptop
from ops.options import Region, Uin
from shared.formats import Bucket, LedgerPrefix, MqName
from shared.settings import MqMode, MqRegion, Settings

if TYPE_CHECKING:
    from ops.configuration.configuration import Configuration

#: The service role that CI acts with once it was authorised in its console.
CI_ROLE = "CI_QCSRole"
_NAME: str = Laptop.model_fields["name"].default
#: The functions' own roles where the deployment has no other name.
SUBMIT_ROLE, CALLBACK_ROLE = f"{_NAME}-submit", f"{_NAME}-callback"


class Queue(BaseModel):
    """The TDMQ queue that the callback function polls."""

    model_config = ConfigDict(frozen=True)

    region: MqRegion
    name: MqName


class Deployment(BaseModel):
    """Buckets carry their APPID; `uin` is the account's number, which is another one. `topic` is the log topic's id."""

    model_config = ConfigDict(frozen=True)

    region: Region
    uin: Uin
    buckets: tuple[Bucket, ...]
    ledger_bucket: Bucket
    ledger_prefix: LedgerPrefix = Settings.model_fields["ledger_prefix"].default
    queue: Queue | None = None
    name: str = _NAME
    topic: str | None = None

    @model_validator(mode="after")
    def _one_account(self) -> Deployment:
        if len({appid_of(bucket) for bucket in (*self.buckets, self.ledger_bucket)}) != 1:
            raise ValueError("the buckets must be one account's: their names end with the same APPID")
        return self

    @model_validator(mode="after")
    def _uin_is_not_the_appid(self) -> Deployment:
        if self.uin == self.appid:
            raise ValueError("uin is the APPID, but must be the account's number (console, account information)")
        return self

    @property
    def appid(self) -> str:
        """The number with which the account's buckets end."""
        return appid_of(self.ledger_bucket)

    @property
    def functions(self) -> tuple[str, str]:
        """The names of both functions, of their roles, and of the roles' policies."""
        return f"{self.name}-submit", f"{self.name}-callback"


def deployment_of(configuration: Configuration, uin: str) -> Deployment:
    """The deployment that `.env` describes, in the account of that number.

    Raises:
        pydantic.ValidationError: its buckets are of several accounts, or `uin` is the APPID.
    """
    laptop, settings = configuration.laptop, configuration.settings
    region, name = settings.mq_region, settings.mq_name
    polled = region and name and settings.mq_mode is MqMode.QUEUE
    return Deployment(
        region=laptop.region,
        uin=uin,
        buckets=laptop.buckets,
        ledger_bucket=settings.ledger_bucket,
        ledger_prefix=settings.ledger_prefix,
        queue=Queue(region=region, name=name) if polled and region and name else None,
        name=laptop.name,
        topic=laptop.topic,
    )


def appid_of(bucket: str) -> str:
    """The number with which a bucket's name ends."""
    return bucket.rpartition("-")[2]
