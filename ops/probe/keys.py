"""Temporary keys that may do just what a policy says: https://cloud.tencent.com/document/api/1312/48195."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from ops.policies import callback_policy, deployment_of
from ops.probe.questions import NotSeenError
from ops.tencent.api import Product
from shared.cloud.transport import Transport
from shared.settings import Credentials

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ops.probe.account import Account

#: Seconds that they are good for.
_LIFE = 1800


def limited(account: Account, policy: Mapping[str, Any]) -> Account:
    """The account as seen with such keys. Raises CloudError, NotSeenError."""
    keys = temporary(account, policy)
    return replace(account, api=replace(account.api, credentials=keys), transport=_transport(account, keys))


def as_callback(account: Account) -> Account:
    """The account with keys that may do what the callback function may, with the probe's bucket as its video bucket."""
    deployment = deployment_of(account.configuration, account.uin)
    return limited(account, callback_policy(deployment.model_copy(update={"buckets": (account.bucket,)})))


def temporary(account: Account, policy: Mapping[str, Any]) -> Credentials:
    """Such keys. Raises CloudError, NotSeenError."""
    if account.configuration.credentials.token:
        raise NotSeenError("temporary keys cannot get other temporary keys: run this with permanent keys")
    asked = {"Name": "probe", "Policy": quote(json.dumps(policy), safe=""), "DurationSeconds": _LIFE}
    given = account.api.call(Product.STS, "GetFederationToken", asked).get("Credentials")
    if not isinstance(given, dict):
        raise NotSeenError("STS gave no temporary keys")
    return Credentials.model_validate(
        {
            "TENCENTCLOUD_SECRETID": given.get("TmpSecretId"),
            "TENCENTCLOUD_SECRETKEY": given.get("TmpSecretKey"),
            "TENCENTCLOUD_SESSIONTOKEN": given.get("Token"),
        }
    )


def _transport(account: Account, keys: Credentials) -> Transport:
    return Transport(keys, account.configuration.settings.scheme)
