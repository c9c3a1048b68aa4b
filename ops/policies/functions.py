"""The policies of the two functions' roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.policies.deployment import CI_ROLE
from ops.policies.statements import ledger, ledger_bucket, media, pass_roles, policy, queue, videos

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ops.policies.deployment import Deployment
    from ops.policies.statements import Policy, Statement

_READING = ("cos:GetObject", "cos:HeadObject")
# The pages disagree on what a copy needs on its target: PutObject (2026-05-29) or PutObjectCopy (2026-02-06).
_WRITING = (*_READING, "cos:GetObjectACL", "cos:PutObject", "cos:PutObjectCopy")
#: To take a claim, to see that there is no other, and to take it back.
_CLAIMING = ("cos:DeleteObject", "cos:GetBucket", "cos:PutObject")
_PUT, _GET = ("cos:PutObject",), ("cos:GetObject",)
#: What both functions may do in the ledger to submit a job, by folder. Records are removed by nobody.
_SUBMITTING = {
    "claims/*": _CLAIMING,
    "results/*": _PUT,
    "answers/*": _GET,
    "slots/*": ("cos:DeleteObject", "cos:GetBucket", "cos:PutObject"),
    "paused": _GET,
}
#: What the other function does besides: it goes on with what others have left, takes up what waits, keeps answers.
_COMPLETING = {
    "claims/*": _GET,
    "results/*": _GET,
    "answers/*": _PUT,
    "waiting/*": ("cos:DeleteObject", "cos:GetBucket", "cos:GetObject"),
    "paused": _PUT,
    "status.json": _PUT,
}
_POLLING = ("tdmq:BatchDeleteMessage", "tdmq:BatchReceiveMessage")


def submit_policy(deployment: Deployment) -> Policy:
    """For the role of the function that submits jobs. It looks at videos, and writes into the ledger alone."""
    return policy(
        videos(deployment, *_READING),
        *_ledger(deployment, _SUBMITTING),
        *_submission(deployment),
    )


def callback_policy(deployment: Deployment) -> Policy:
    """For the role of the function that completes jobs. It submits too: the sweep makes up for lost attempts."""
    return policy(
        videos(deployment, *_WRITING),
        *_ledger(deployment, _SUBMITTING, _COMPLETING),
        *_submission(deployment),
        media(deployment, "ci:CancelMediaJob", "ci:DescribeMediaJob", "ci:DescribeMediaJobs"),
        *queue(deployment, *_POLLING),
    )


def _ledger(deployment: Deployment, *parts: Mapping[str, Iterable[str]]) -> list[Statement]:
    names = dict.fromkeys(name for part in parts for name in part)
    actions = {name: [action for part in parts for action in part.get(name, ())] for name in names}
    return [
        *(ledger(deployment, *actions[name], name=name) for name in names),
        ledger_bucket(deployment, "cos:GetBucketVersioning"),
    ]


def _submission(deployment: Deployment) -> list[Statement]:
    return [media(deployment, "ci:CreateMediaJobs"), pass_roles(deployment, CI_ROLE)]
