"""The CAM policies: for each function exactly what its calls need, and for the person who deploys.

Actions and resources of COS: https://cloud.tencent.com/document/product/436/30580, of CI:
https://cloud.tencent.com/document/product/460/41741, of TDMQ: https://www.tencentcloud.com/document/product/1111/43005.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, model_validator

from ops.options import Region, Uin
from shared.formats import Bucket, LedgerPrefix, MqName
from shared.settings import MqRegion, Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: The service role that CI acts with once it was authorised in its console.
CI_ROLE = "CI_QCSRole"
#: The service role that Tencent's deployment tool acts with: https://www.tencentcloud.com/document/product/583/38859.
DEPLOYMENT_ROLE = "SLS_QcsRole"
#: The functions' own roles, as serverless.yml names them.
SUBMIT_ROLE = "cos-watermark-submit"
CALLBACK_ROLE = "cos-watermark-callback"
#: The `app` of serverless.yml.
APP = "cos-watermark"

Policy = dict[str, Any]
Statement = dict[str, Any]

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


class Queue(BaseModel):
    """The TDMQ queue that the callback function polls."""

    model_config = ConfigDict(frozen=True)

    region: MqRegion
    name: MqName


class Deployment(BaseModel):
    """What the policies are about. Buckets carry their APPID; `uin` is the account's number, which is another one."""

    model_config = ConfigDict(frozen=True)

    region: Region
    uin: Uin
    buckets: tuple[Bucket, ...]
    ledger_bucket: Bucket
    ledger_prefix: LedgerPrefix = Settings.model_fields["ledger_prefix"].default
    queue: Queue | None = None

    @model_validator(mode="after")
    def _one_account(self) -> Deployment:
        if len({_appid(bucket) for bucket in (*self.buckets, self.ledger_bucket)}) != 1:
            raise ValueError("the buckets must be one account's: their names end with the same APPID")
        return self

    @model_validator(mode="after")
    def _uin_is_not_the_appid(self) -> Deployment:
        if self.uin == _appid(self.buckets[0]):
            raise ValueError("uin is the APPID; the account's number is another one (console, account information)")
        return self


def submit_policy(deployment: Deployment) -> Policy:
    """For the role of the function that submits jobs. It looks at videos, and writes into the ledger alone."""
    return _policy(
        _videos(deployment, *_READING),
        *_ledger(deployment, _SUBMITTING),
        *_submission(deployment),
    )


def callback_policy(deployment: Deployment) -> Policy:
    """For the role of the function that completes jobs. It submits too: the sweep makes up for lost attempts."""
    return _policy(
        _videos(deployment, *_WRITING),
        *_ledger(deployment, _SUBMITTING, _COMPLETING),
        *_submission(deployment),
        _ci(deployment, "ci:CancelMediaJob", "ci:DescribeMediaJob", "ci:DescribeMediaJobs"),
        *_queue(deployment, *_POLLING),
    )


def deploy_policy(deployment: Deployment) -> Policy:
    """For whoever runs `scf deploy`: the tool for this app, the roles that it passes on, and what `doctor` looks at.

    https://www.tencentcloud.com/document/product/1040/36819; that the functions' roles are to be passed by the person
    too is assumed.
    """
    tool = _allow(["sls:*"], [f"qcs::sls:{deployment.region}::appname/{APP}/*"])
    roles = _pass_roles(deployment, DEPLOYMENT_ROLE, SUBMIT_ROLE, CALLBACK_ROLE)
    videos = [_object(deployment, bucket, "*") for bucket in deployment.buckets]
    listing = _allow(["cos:GetBucket"], videos)
    every = dict.fromkeys([*videos, _object(deployment, deployment.ledger_bucket, "*")])
    buckets = _allow(["cos:GetBucketVersioning", "cos:HeadBucket"], every)
    access = _allow(["cos:GetBucketACL"], [_object(deployment, deployment.ledger_bucket, "*")])
    processing = _ci(deployment, "ci:DescribeMediaJobs", "ci:DescribeMediaQueues")
    # The one action that knows no resources: https://cloud.tencent.com/document/product/460/41741.
    bindings = _allow(["ci:DescribeMediaBuckets"], ["*"])
    # `doctor` deletes a message that is not there, to see whether the queue is.
    queue = _queue(deployment, "tdmq:BatchDeleteMessage")
    return _policy(tool, roles, listing, buckets, access, processing, bindings, *queue)


def _videos(deployment: Deployment, *actions: str) -> Statement:
    return _allow(actions, [_object(deployment, bucket, "*") for bucket in deployment.buckets])


def _ledger(deployment: Deployment, *parts: Mapping[str, Iterable[str]]) -> list[Statement]:
    bucket, prefix = deployment.ledger_bucket, deployment.ledger_prefix
    names = dict.fromkeys(name for part in parts for name in part)
    actions = {name: [action for part in parts for action in part.get(name, ())] for name in names}
    return [
        *(_allow(actions[name], [_object(deployment, bucket, prefix + name)]) for name in names),
        _allow(["cos:GetBucketVersioning"], [_object(deployment, bucket, "*")]),
    ]


def _submission(deployment: Deployment) -> list[Statement]:
    return [_ci(deployment, "ci:CreateMediaJobs"), _pass_roles(deployment, CI_ROLE)]


def _queue(deployment: Deployment, *actions: str) -> list[Statement]:
    queue = deployment.queue
    if queue is None:
        return []
    # Two pages write the resource in two ways; the other one is https://cloud.tencent.com/document/product/598/98179.
    account = f"qcs::tdmq:{queue.region.value}:uin/{deployment.uin}"
    resources = [f"{account}:{kind}/{queue.name}" for kind in ("queue", "cmqqueue")]
    return [_allow(actions, resources)]


def _ci(deployment: Deployment, *actions: str) -> Statement:
    # What CI calls uid is the APPID.
    account = f"qcs::ci:{deployment.region}:uid/{_appid(deployment.buckets[0])}"
    return _allow(actions, [f"{account}:bucket/{bucket}/*" for bucket in deployment.buckets])


def _pass_roles(deployment: Deployment, *roles: str) -> Statement:
    return _allow(["cam:PassRole"], [f"qcs::cam::uin/{deployment.uin}:roleName/{role}" for role in roles])


def _object(deployment: Deployment, bucket: str, key: str) -> str:
    return f"qcs::cos:{deployment.region}:uid/{_appid(bucket)}:{bucket}/{key}"


def _appid(bucket: str) -> str:
    return bucket.rpartition("-")[2]


def _allow(actions: Iterable[str], resources: Iterable[str]) -> Statement:
    return {"effect": "allow", "action": sorted(actions), "resource": list(resources)}


def _policy(*statements: Statement) -> Policy:
    return {"version": "2.0", "statement": list(statements)}
