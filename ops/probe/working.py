"""Questions about the printed policies: whether whoever has just these rights can do what they are for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ops.deploy.functions import Functions
from ops.policies import deploy_policy, deployment_of
from ops.probe.account import FUNCTION, NAME, NAMESPACE
from ops.probe.copies import onto_itself
from ops.probe.keys import limited
from ops.probe.media import PLAIN
from ops.probe.questions import Paid, Question, judged
from ops.probe.things import function
from ops.tencent.refusals import is_denied
from ops.tencent.scf import Scf
from ops.tencent.triggers import Triggers
from shared.domain.job import TAG, JobState
from shared.errors import BlockedError, CloudError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ops.probe.questions import Answer
    from ops.probe.stage import Stage

_HERE = "ops/policies"
_DENIED = (401, 403)


def _callback_works(stage: Stage) -> Answer:
    """What the callback function does with a video."""
    calls = replace(stage.calls, transport=stage.limited().transport)
    try:
        made = stage.job(Paid.RIGHTS)
        calls.head(PLAIN)
        steps = {
            "GET ?acl": calls.cos("GET", PLAIN, params={"acl": ""}),
            "self-copy": onto_itself(calls, PLAIN, {"Content-Type": "video/mp4"}),
            "GET job": calls.ci("GET", f"jobs/{made.job.job_id}"),
            "list of jobs": calls.ci("GET", "jobs", params={"tag": TAG, "inputObject": PLAIN, "size": "1"}),
        }
    except BlockedError as error:
        if error.cause.status not in _DENIED:
            raise
        return judged(holds=False, evidence=f"refused: {error.cause}")
    told = ", ".join(f"{name}: {seen}" for name, seen in steps.items())
    done = made.job.state is JobState.CANCEL and all(seen.ok for seen in steps.values())
    return judged(done, f"POST job with PassRole, cancel, HEAD: done; {told}")


def _deploy_works(stage: Stage) -> Answer:
    """What `deploy` asks of a function, and one change: the forms of SCF's resources differ from page to page."""
    stage.function()
    deployment = deployment_of(stage.account.configuration, stage.account.uin).model_copy(update={"name": NAME})
    account = limited(stage.account, deploy_policy(deployment))
    scf, wanted = Scf(account.api, NAMESPACE), function(account)
    steps: dict[str, Callable[[], object]] = {
        "GetFunction": lambda: scf.function(FUNCTION),
        "GetFunctionAddress": lambda: scf.code_sha256(FUNCTION),
        "ListTriggers": lambda: Triggers(account.api, NAMESPACE).of(FUNCTION, "recorder"),
        "UpdateFunctionConfiguration": lambda: scf.update_configuration(wanted, wanted.description),
    }
    refused = {}
    for name, step in steps.items():
        try:
            step()
        except CloudError as error:
            if not is_denied(error):
                raise
            refused[name] = f"{error.cause.code} {error.cause.message}"
    Functions(Scf(stage.account.api, NAMESPACE), b"", lambda _: None).settled(FUNCTION)
    told = "; ".join(f"{name}: {refused.get(name, 'allowed')}" for name in steps)
    return judged(not refused, told)


QUESTIONS = (
    Question(
        "policy-callback-works",
        "Can the callback function do its work with the printed policy?",
        "yes: temporary keys with that policy do it",
        _HERE,
        _callback_works,
        frozenset({Paid.RIGHTS}),
    ),
    Question(
        "policy-deploy-works",
        "Can `deploy` read and change a function with the printed policy?",
        "yes: temporary keys with that policy do it",
        _HERE,
        _deploy_works,
    ),
)
