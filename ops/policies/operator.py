"""The policy of an operator: asks for checks, pauses, reads results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.policies.statements import ANYTHING, allow, ledger, media, policy, videos

if TYPE_CHECKING:
    from ops.policies.deployment import Deployment
    from ops.policies.statements import Policy, Statement


def operator_policy(deployment: Deployment, *, estimate: bool = False, logs: bool = False) -> Policy:
    """For the commands that need no rights on the functions; so the secret cannot be read with it.

    `estimate` is for asking CI how long videos are, which takes the right to read them:
    https://cloud.tencent.com/document/product/436/75241. `logs` is for searching the functions' log lines.
    """
    return policy(
        ledger(deployment, "cos:GetBucket", "cos:GetObject"),
        *(ledger(deployment, "cos:DeleteObject", "cos:PutObject", name=name) for name in ("waiting/*", "paused")),
        videos(deployment, "cos:GetBucket", "cos:HeadObject"),
        media(deployment, "ci:CancelMediaJob", "ci:DescribeMediaJob", "ci:DescribeMediaJobs"),
        *([videos(deployment, "cos:GetObject")] if estimate else []),
        *(_searching(deployment) if logs else []),
    )


def _searching(deployment: Deployment) -> list[Statement]:
    account = f"qcs::cls:{deployment.region}:uin/{deployment.uin}"
    search = allow(["cls:SearchLog"], [f"{account}:topic/{deployment.topic or '*'}"])
    if deployment.topic:
        return [search]
    # SCF's own topic is found by its name; its id could only be had of GetFunction, which shows the secret. Whether CAM
    # knows topics as resources of a listing (https://cloud.tencent.com/document/product/598/98119) makes no difference.
    return [allow(["cls:DescribeTopics"], ANYTHING), search]
