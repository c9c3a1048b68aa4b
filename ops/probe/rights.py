"""Questions about the policies that are printed: whether CAM takes them, as temporary ones that nobody has."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ops.policies import (
    callback_policy,
    deploy_policy,
    deployment_of,
    operator_policy,
    setup_policy,
    submit_policy,
)
from ops.policies.statements import allow, policy
from ops.probe.account import NAME
from ops.probe.questions import NotSeenError, Question, judged
from ops.tencent.cam import Cam
from ops.tencent.policy_documents import same
from shared.errors import CloudError, RejectedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from ops.policies import Deployment, Policy
    from ops.probe.questions import Answer
    from ops.probe.stage import Stage

_HERE = "ops/policies"
_PRINTED: Mapping[str, Callable[[Deployment], Policy]] = {
    "submit": submit_policy,
    "callback": callback_policy,
    "deploy": deploy_policy,
    "operator": partial(operator_policy, estimate=True, logs=True),
    "setup": partial(setup_policy, logs=True),
}


def _create(stage: Stage, name: str, document: Mapping[str, Any]) -> str:
    """How CAM refuses the policy; empty if it takes it. Raises CloudError if it may not be asked."""
    try:
        Cam(stage.account.api).create_policy(f"{NAME}-printed-{name}", document, "Temporary, of cos-watermark probe")
    except CloudError as error:
        if not isinstance(error, RejectedError):
            raise
        return f"{error.cause.code}: {error.cause.message}"
    return ""


def _printed(name: str, stage: Stage) -> Answer:
    document = _PRINTED[name](_deployment(stage))
    refused = _create(stage, name, document)
    if refused:
        return judged(holds=False, evidence=refused)
    cam = Cam(stage.account.api)
    named = cam.find_policy(f"{NAME}-printed-{name}")
    if named is None:
        raise NotSeenError("the policy was taken, and is not listed")
    actions = sum(len(statement["action"]) for statement in document["statement"])
    kept = same(document, cam.policy(named.id).document)
    told = f"taken: {actions} actions; what CAM gives back says {'the same' if kept else 'something else'}"
    return judged(kept, told)


def _deployment(stage: Stage) -> Deployment:
    return deployment_of(stage.account.configuration, stage.account.uin)


def _unknown(stage: Stage) -> Answer:
    refused = _create(stage, "unknown", policy(allow(["cos:NoSuchActionOfTheProbe"], ["*"])))
    return judged(refused, refused or "taken, though there is no such action")


QUESTIONS = (
    *(
        Question(
            f"policy-{name}",
            f"Does CAM accept the policy of {name}?",
            "it does, and returns the same policy",
            _HERE,
            partial(_printed, name),
        )
        for name in _PRINTED
    ),
    Question(
        "policy-unknown",
        "Does CAM check the names of actions?",
        "it refuses one that does not exist",
        "faketencent/cam/action_names.py",
        _unknown,
    ),
)
