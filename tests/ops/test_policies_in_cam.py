"""CAM takes the policies that are made here: it refuses a whole policy for one wrong name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from faketencent.cam import Cam
from faketencent.cam.documents import read_policy
from faketencent.clock import Clock
from ops.policies import Deployment, Queue, callback_policy, deploy_policy, submit_policy
from shared.settings import MqRegion

if TYPE_CHECKING:
    from collections.abc import Callable

    from faketencent.cam import Policy

pytestmark = pytest.mark.once

DEPLOYMENT = Deployment(
    region="ap-beijing",
    uin="100000000001",
    buckets=("videos-1250000000", "clips-1250000000"),
    ledger_bucket="ledger-1250000000",
    queue=Queue(region=MqRegion.BEIJING, name="callbacks"),
)


@pytest.mark.parametrize("policy", [submit_policy, callback_policy, deploy_policy])
def test_cam_takes_it(policy: Callable[[Deployment], Policy]) -> None:
    document = policy(DEPLOYMENT)

    assert read_policy(json.dumps(document, separators=(",", ":")), Cam(Clock()).document_limit) == document
