"""Checks of the functions' roles: who may assume them, and what they may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from ops.doctor.finding import check, failed, passed
from ops.options import complaints
from ops.policies import callback_policy, deployment_of, submit_policy
from ops.tencent.policy_documents import same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.doctor.case import Case
    from ops.doctor.finding import Answer
    from ops.policies import Policy

_SETUP = "Run `./cos-watermark setup`"


@check("roles")
def roles(case: Case) -> Iterator[Answer]:
    """Whether each has exactly the policy that `policy` prints."""
    try:
        deployment = deployment_of(case.configuration, case.uin)
    except ValidationError as error:
        yield failed("; ".join(complaints(error)), "Correct DEPLOY_UIN, DEPLOY_BUCKETS or WATERMARK_LEDGER_BUCKET")
        return
    wanted = {"submit": submit_policy(deployment), "callback": callback_policy(deployment)}
    for key, document in wanted.items():
        yield _role(case, case.deployment.functions[key].role, document, f"./cos-watermark policy {key}")


def _role(case: Case, name: str, document: Policy, command: str) -> Answer:
    role = case.cam.role(name)
    if role is None:
        return failed(f"there is no role {name}", _SETUP)
    if "scf.qcloud.com" not in str(role.trust):
        return failed(f"SCF may not assume the role {name}", _SETUP)
    attached = case.cam.attached(name)
    documents = [case.cam.policy(policy.id).document for policy in attached]
    if not any(same(one, document) for one in documents):
        return failed(f"{name} does not have the policy that `{command}` prints", _SETUP)
    if len(documents) > 1:
        more = ", ".join(p.name for p, one in zip(attached, documents, strict=True) if not same(one, document))
        return failed(
            f"{name} has more rights than it needs: {more or 'a policy twice'}", "Detach it in the CAM console"
        )
    return passed(f"{name} has the rights that it needs, and no more")
