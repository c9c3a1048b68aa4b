"""How policies are written: https://cloud.tencent.com/document/product/598/10603."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ops.policies.deployment import Deployment

Policy = dict[str, Any]
Statement = dict[str, Any]
#: What CAM knows on the level of operations only must have this resource: naming another one refuses it.
ANYTHING = ("*",)


def policy(*statements: Statement) -> Policy:
    """A policy that says all of this."""
    return {"version": "2.0", "statement": list(statements)}


def allow(actions: Iterable[str], resources: Iterable[str]) -> Statement:
    """The actions are allowed on each of the resources."""
    return {"effect": "allow", "action": sorted(actions), "resource": list(dict.fromkeys(resources))}


def videos(deployment: Deployment, *actions: str) -> Statement:
    """On all objects of the video buckets, and the buckets themselves."""
    return allow(actions, [cos_object(deployment, bucket, "*") for bucket in deployment.buckets])


def ledger(deployment: Deployment, *actions: str, name: str = "*") -> Statement:
    """On what has such a name in the deployment's part of the ledger bucket."""
    return allow(actions, [cos_object(deployment, deployment.ledger_bucket, deployment.ledger_prefix + name)])


def ledger_bucket(deployment: Deployment, *actions: str) -> Statement:
    """On the ledger bucket itself."""
    return allow(actions, [cos_object(deployment, deployment.ledger_bucket, "*")])


def media(deployment: Deployment, *actions: str) -> Statement:
    """On CI's jobs and queues of the video buckets."""
    # What CI calls uid is the APPID.
    account = f"qcs::ci:{deployment.region}:uid/{deployment.appid}"
    return allow(actions, [f"{account}:bucket/{bucket}/*" for bucket in deployment.buckets])


def queue(deployment: Deployment, *actions: str) -> list[Statement]:
    """On the queue that is polled, if one is."""
    polled = deployment.queue
    if polled is None:
        return []
    # Two pages write the resource in two ways; the other one is https://cloud.tencent.com/document/product/598/98179.
    account = f"qcs::tdmq:{polled.region.value}:uin/{deployment.uin}"
    return [allow(actions, [f"{account}:{kind}/{polled.name}" for kind in ("queue", "cmqqueue")])]


def pass_roles(deployment: Deployment, *roles: str) -> Statement:
    """To hand these roles to a service."""
    return allow(["cam:PassRole"], [f"qcs::cam::uin/{deployment.uin}:roleName/{role}" for role in roles])


def cos_object(deployment: Deployment, bucket: str, key: str) -> str:
    """The resource for a key, which may have wildcards; for a listing it is the prefix."""
    return f"qcs::cos:{deployment.region}:uid/{deployment.appid}:{bucket}/{key}"
