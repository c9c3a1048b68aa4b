"""Whose account it is, and what it is reached through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops.configuration.env_file import EnvFileError
from ops.plan import Step, there
from ops.policies import Deployment, deployment_of
from ops.tencent.api import Api
from ops.tencent.buckets import Buckets
from ops.tencent.cam import Cam
from ops.tencent.cls import Cls
from ops.tencent.console import Console
from ops.tencent.processing import Processing
from ops.tencent.sts import Caller, Sts
from shared.cloud.transport import Transport

if TYPE_CHECKING:
    from ops.configuration.configuration import Configuration, Site
    from shared.settings import Credentials, Scheme

#: CAM and STS are the same in all regions.
_ANY_REGION = "ap-guangzhou"


@dataclass(frozen=True)
class Identity:
    """Who runs this, and the APPID of the account."""

    caller: Caller
    appid: str


@dataclass(frozen=True)
class Account:
    """The account as the set-up of one deployment sees it."""

    configuration: Configuration
    identity: Identity
    deployment: Deployment
    console: Console
    cam: Cam
    cls: Cls
    buckets: Buckets
    processing: Processing

    @classmethod
    def of(cls, configuration: Configuration, identity: Identity) -> Account:
        """The account, by the key pair that the configuration finds.

        Raises:
            ConfigurationError: there is none.
        """
        laptop, scheme = configuration.laptop, configuration.settings.scheme
        api = Api.of(configuration)
        transport = Transport(configuration.credentials, scheme)
        return cls(
            configuration,
            identity,
            deployment_of(configuration, identity.caller.uin),
            Console(laptop.site),
            Cam(api),
            Cls(api),
            Buckets(transport, laptop.region),
            Processing(transport, laptop.region),
        )


def identify(credentials: Credentials, site: Site, scheme: Scheme) -> Identity:
    """Ask whose keys these are. Raises CloudError."""
    api = Api(credentials, _ANY_REGION, site, scheme)
    return Identity(Sts(api).caller(), Cam(api).owner().appid)


def check(configuration: Configuration, identity: Identity) -> None:
    """See to it that `.env` is about this account.

    Raises:
        EnvFileError: a bucket or the account's number is another account's.
    """
    name, laptop = configuration.file.path.name, configuration.laptop
    if laptop.uin not in (None, identity.caller.uin):
        raise EnvFileError(
            f"{name}: DEPLOY_UIN is {laptop.uin}, and the key pair is of account {identity.caller.uin}: use that "
            "account's key pair, or correct DEPLOY_UIN"
        )
    for bucket in (*laptop.buckets, configuration.settings.ledger_bucket):
        if not bucket.endswith(f"-{identity.appid}"):
            raise EnvFileError(
                f"{name}: {bucket} is another account's: names of this account's buckets end with -{identity.appid}"
            )


def steps(account: Account) -> list[Step]:
    """That the account is known."""
    caller = account.identity.caller
    who = "its own key pair" if caller.owns_the_account else f"as {caller.user}"
    site = account.configuration.laptop.site.value
    return [there(f"account {caller.uin}, APPID {account.identity.appid}, {site} site, {who}")]
