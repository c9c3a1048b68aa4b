"""`policy setup` is exactly what `setup` needs, on a new account and on one that others have changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.cam import EVERYTHING
from ops.policies import Deployment, setup_policy
from ops.setup.command import setup
from tests.ops.exactness import grants, unused, watched, without
from tests.ops.setup.newcomer import CALLBACK, FIRST, LEDGER, a_newcomer, again, agree
from tests.world import BUCKET, REGION

if TYPE_CHECKING:
    from pathlib import Path

    from faketencent.cam import Policy

#: Says the same on every Python.
pytestmark = pytest.mark.once

DEPLOYMENT = Deployment(region=REGION, uin="100000000001", buckets=(BUCKET,), ledger_bucket=LEDGER)
LOGS = pytest.mark.parametrize("logs", [False, True], ids=["without logs", "with logs"])


def works(policy: Policy, folder: Path, *, logs: bool) -> bool:
    """Whether whoever has this policy, and no other, can set up, and set right."""
    options = ["--logs"] if logs else []
    with a_newcomer(folder) as newcomer:
        cloud = newcomer.cloud
        agree(cloud)
        newcomer.who = cloud.cam.create_user("administrator", policy)
        if newcomer.run(setup, *FIRST, *options)[0]:
            return False
        cam, cls = cloud.cam, cloud.cls.backend
        role = cam.roles.get(CALLBACK)
        cam.policies.update(cam.policies.get(name=CALLBACK), EVERYTHING, None)
        cam.attach(role, cam.policies.get(name="QcloudCOSDataFullControl").id)
        (statement,) = role.trust["statement"]
        role.trust = {"version": "2.0", "statement": [{**statement, "principal": {"service": "cvm.qcloud.com"}}]}
        for topic in cls.topics.values():
            cls.set_index(topic, active=False, rule=None)
        return again(newcomer)[0] == 0


@LOGS
def test_every_grant_is_used(tmp_path: Path, logs: bool) -> None:
    policy = setup_policy(DEPLOYMENT, logs=logs)
    with watched() as asked:
        assert works(policy, tmp_path, logs=logs)

    assert unused(policy, asked) == []


@LOGS
def test_every_grant_is_needed(tmp_path: Path, logs: bool) -> None:
    policy = setup_policy(DEPLOYMENT, logs=logs)
    # What logs do not add is in the other case.
    own = [grant for grant in grants(policy) if not logs or grant[0].startswith("cls:")]

    superfluous = [grant for grant in own if works(without(policy, grant), tmp_path, logs=logs)]

    assert superfluous == []
