"""The policy of the person who deploys, removes and examines: `deploy`, `remove`, `version`, `doctor`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.policies.statements import (
    ANYTHING,
    allow,
    cos_object,
    ledger,
    ledger_bucket,
    media,
    pass_roles,
    policy,
    queue,
    videos,
)

if TYPE_CHECKING:
    from ops.policies.deployment import Deployment
    from ops.policies.statements import Policy, Statement

#: The namespace of serverless.yml.
_NAMESPACE = "default"
_FUNCTION = (
    "scf:CreateFunction",
    "scf:DeleteFunction",
    "scf:GetFunction",
    "scf:GetFunctionAddress",
    "scf:GetReservedConcurrencyConfig",
    "scf:UpdateFunctionCode",
    "scf:UpdateFunctionConfiguration",
)
#: CAM knows the first on the level of operations only; of the others no page says it, so the wider form is taken.
_TRIGGERS = (
    "scf:CreateTrigger",
    "scf:DeleteTrigger",
    "scf:ListTriggers",
    "scf:UpdateTrigger",
    "scf:UpdateTriggerStatus",
)
#: To compare roles and policies with those that are printed.
_COMPARING = ("cam:GetPolicy", "cam:GetRole", "cam:ListAttachedRolePolicies")


def deploy_policy(deployment: Deployment) -> Policy:
    """For the person who deploys both functions, and looks after them with `doctor`.

    It may read the functions' settings, and with them the secret.
    """
    every = dict.fromkeys([*deployment.buckets, deployment.ledger_bucket])
    namespace = f"qcs::scf::uin/{deployment.uin}:namespace/{_NAMESPACE}"
    functions = [f"{namespace}/function/{name}" for name in deployment.functions]
    return policy(
        # Refusals of CreateFunction on accounts named the namespace as the resource.
        allow(_FUNCTION, [namespace, *functions]),
        # `doctor` looks for others that are told of the same buckets.
        allow(["scf:ListFunctions"], [namespace, f"{namespace}/function/*"]),
        allow(_TRIGGERS, ANYTHING),
        pass_roles(deployment, *deployment.functions),
        allow(_COMPARING, ANYTHING),
        # A listing, and a sample of the results.
        videos(deployment, "cos:GetBucket", "cos:GetBucketReplication", "cos:HeadObject"),
        allow(["cos:GetBucketVersioning", "cos:HeadBucket"], [cos_object(deployment, bucket, "*") for bucket in every]),
        ledger_bucket(deployment, "cos:GetBucketACL", "cos:GetBucketLifecycle"),
        # `remove` counts the claims, and pauses while it waits for the last jobs.
        ledger(deployment, "cos:GetBucket", "cos:GetObject", name="claims/*"),
        ledger(deployment, "cos:DeleteObject", "cos:GetObject", "cos:PutObject", name="paused"),
        ledger(deployment, "cos:GetObject", name="status.json"),
        media(deployment, "ci:DescribeMediaQueues"),
        # The one action that knows no resources: https://cloud.tencent.com/document/product/460/41741.
        allow(["ci:DescribeMediaBuckets"], ANYTHING),
        # `doctor` deletes a message that is not there, to see whether the queue is.
        *_queue(deployment),
    )


def _queue(deployment: Deployment) -> list[Statement]:
    return queue(deployment, "tdmq:BatchDeleteMessage")
