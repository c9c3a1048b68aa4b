"""`policy deploy` is exactly what `deploy`, `doctor`, `version` and `remove` need."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ops.deploy.command import deploy
from ops.doctor.command import doctor
from ops.doctor.finding import Verdict
from ops.policies import Deployment, deploy_policy
from ops.remove.command import remove
from ops.version import show_version
from tests.ops.account import an_operator, prepare
from tests.ops.exactness import grants, unused, watched, without
from tests.ops.remove.test_remove import in_flight, let_time_pass
from tests.world import BUCKET, LEDGER, REGION, marked_video

if TYPE_CHECKING:
    from pathlib import Path

    from faketencent.scf.models import ScfBackend
    from tests.ops.account import Operator
    from tests.ops.clinic import Clinic

#: Says the same on every Python.
pytestmark = pytest.mark.once

SUBMIT, CALLBACK = "cos-watermark-submit", "cos-watermark-callback"
DEPLOYMENT = Deployment(region=REGION, uin="100000000001", buckets=(BUCKET,), ledger_bucket=LEDGER)


def look_after(operator: Operator) -> list[int]:
    """All that whoever deploys does, from the first deployment to the last; how each command ended."""
    cloud = operator.cloud
    ended = [operator.run(deploy, "--yes")[0]]
    cloud.cos.backend.put(BUCKET, "a.mp4", marked_video("Hello_1"))
    cloud.advance(60)
    ended += [operator.run(doctor)[0], operator.run(show_version)[0]]
    change_in_the_console(cloud.scf.backend)
    ended.append(operator.run(deploy, "--yes")[0])
    in_flight(operator)
    let_time_pass(operator)
    ended.append(operator.run(remove, "--yes")[0])
    return ended


def change_in_the_console(scf: ScfBackend) -> None:
    for name in (SUBMIT, CALLBACK):
        scf.update_function(name, code=b"another zip", timeout=60)
    (timer,) = scf.timers.of(CALLBACK)
    scf.timers.replace(timer, replace(timer, binding=replace(timer.binding, enabled=False)))
    first = scf.cos_triggers.of(SUBMIT)[0]
    scf.cos_triggers.replace(first, replace(first, binding=replace(first.binding, enabled=False)))


def test_every_grant_is_used(tmp_path: Path) -> None:
    policy = deploy_policy(DEPLOYMENT)
    with an_operator(tmp_path) as operator, watched() as asked:
        prepare(operator.cloud)
        operator.who = operator.cloud.cam.create_user("operator", policy)

        assert look_after(operator) == [0, 0, 0, 0, 0]

    # The fake names the function; refusals on accounts named the namespace, so that is allowed as well.
    assert [grant for grant in unused(policy, asked) if not grant[1].endswith(":namespace/default")] == []


def test_every_grant_to_look_is_needed_by_the_doctor(clinic: Clinic) -> None:
    # Functions have shorter names here.
    policy = json.loads(json.dumps(deploy_policy(DEPLOYMENT)).replace("function/cos-watermark-", "function/"))
    missed = []
    with watched() as asked:
        clinic.use_role(policy)
        assert clinic.examine().count(Verdict.UNSEEN) == 0
    looking = [grant for grant in grants(policy) if grant not in unused(policy, asked)]

    for grant in looking:
        clinic.use_role(without(policy, grant))
        if not clinic.examine().count(Verdict.UNSEEN):
            missed.append(grant)

    assert missed == []
