"""The two functions' roles, with exactly the policies that `policy` prints."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ops import waiting
from ops.plan import Step, change, make, there
from ops.policies import callback_policy, submit_policy
from ops.setup.trust import trust_in
from ops.tencent.policy_documents import same

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ops.policies import Policy
    from ops.setup.account import Account

_SERVICE = "scf.qcloud.com"
#: Seconds. Terraform's provider waits as long: https://github.com/tencentcloudstack/terraform-provider-tencentcloud.
_PROPAGATION = 10
#: CAM takes no other signs everywhere.
_DESCRIPTION = "cos-watermark"


def steps(account: Account) -> list[Step]:
    """For each function its policy, its role, and what the role has."""
    submit, callback = account.deployment.functions
    policies = {submit: submit_policy(account.deployment), callback: callback_policy(account.deployment)}
    found = [
        step for name, policy in policies.items() for step in (_policy(account, name, policy), *_role(account, name))
    ]
    return _with_a_rest(found)


def _with_a_rest(found: list[Step]) -> list[Step]:
    """The last change takes until the other services have heard of it."""
    for place, step in reversed(list(enumerate(found))):
        if step.apply:
            details = (*step.details, f"and {_PROPAGATION} s more, until all services know the role")
            rested = replace(step, details=details, apply=partial(_and_rest, step.apply))
            return [*found[:place], rested, *found[place + 1 :]]
    return found


def _and_rest(apply: Callable[[], None]) -> None:
    apply()
    waiting.pause(_PROPAGATION)


def _policy(account: Account, name: str, document: Policy) -> Step:
    found = account.cam.find_policy(name)
    if found is None:
        return make(f"policy {name}", partial(account.cam.create_policy, name, document, _DESCRIPTION))
    if same(account.cam.policy(found.id).document, document):
        return there(f"policy {name}")
    apply = partial(account.cam.update_policy, found.id, document)
    return change(f"policy {name}", apply, "it is different from what `./cos-watermark policy` prints")


def _role(account: Account, name: str) -> Iterator[Step]:
    trust = trust_in(_SERVICE)
    found = account.cam.role(name)
    if found is None:
        yield make(f"role {name}, for {_SERVICE}", partial(account.cam.create_role, name, trust, _DESCRIPTION))
    elif same(found.trust, trust):
        yield there(f"role {name}, for {_SERVICE}")
    else:
        apply = partial(account.cam.update_trust, name, trust)
        yield change(f"role {name}, for {_SERVICE}", apply, "others may assume it, or SCF may not")
    attached = [policy.name for policy in account.cam.attached(name)] if found else []
    if name not in attached:
        yield make(f"policy {name} for role {name}", partial(account.cam.attach, name, name))
    for other in attached:
        if other != name:
            apply = partial(account.cam.detach, name, other)
            yield change(f"role {name} loses policy {other}", apply, "the role should have only its own policy")
