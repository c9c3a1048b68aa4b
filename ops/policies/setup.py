"""The policy of the person who sets up. It has an administrator's power: making roles can give every right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.policies.statements import ANYTHING, allow, ledger_bucket, media, policy, videos

if TYPE_CHECKING:
    from ops.policies.deployment import Deployment
    from ops.policies.statements import Policy

#: All of them on the level of operations, as CAM's own page has it.
_ROLES = (
    "cam:AttachRolePolicy",
    "cam:CreatePolicy",
    "cam:CreateRole",
    "cam:DetachRolePolicy",
    "cam:GetPolicy",
    "cam:GetRole",
    "cam:GetUserAppId",
    "cam:ListAttachedRolePolicies",
    "cam:ListPolicies",
    "cam:UpdateAssumeRolePolicy",
    "cam:UpdatePolicy",
)
_CLS = ("cls:DescribeLogsets", "cls:OpenClsService")
#: What is made has an id only then, so it cannot be named.
_TOPIC = (
    "cls:CreateIndex",
    "cls:CreateLogset",
    "cls:CreateTopic",
    "cls:DescribeIndex",
    "cls:DescribeTopics",
    "cls:ModifyIndex",
)
_LEDGER = (
    "cos:GetBucketACL",
    "cos:GetBucketLifecycle",
    "cos:GetBucketVersioning",
    "cos:HeadBucket",
    "cos:PutBucket",
    "cos:PutBucketLifecycle",
)


def setup_policy(deployment: Deployment, *, logs: bool = False) -> Policy:
    """For the person who runs `setup`; `logs` is for `setup --logs`."""
    return policy(
        allow(_ROLES, ANYTHING),
        allow((*_CLS, *_TOPIC) if logs else _CLS, ANYTHING),
        ledger_bucket(deployment, *_LEDGER),
        videos(deployment, "cos:HeadBucket"),
        media(deployment, "ci:CreateMediaBucket"),
        # The one action that knows no resources: https://cloud.tencent.com/document/product/460/41741.
        allow(["ci:DescribeMediaBuckets"], ANYTHING),
    )
