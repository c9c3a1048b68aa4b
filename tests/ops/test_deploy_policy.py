"""The policy of whoever deploys: the tool, the roles, and what `doctor` looks at."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import pytest

from faketencent.cam import Identity
from ops.doctor.finding import Verdict
from ops.policies import Deployment, deploy_policy
from tests.world import BUCKET, LEDGER, REGION

if TYPE_CHECKING:
    from tests.ops.clinic import Clinic

#: Says the same on every Python.
pytestmark = pytest.mark.once

#: Asked for by the check that is about the functions' rights: whoever deploys need not write onto videos.
OF_THE_FUNCTIONS = ("cos:GetObject", "cos:PutObject", "cos:PutObjectCopy")


def test_the_tool_may_be_used_for_this_app_alone_and_three_roles_passed_on() -> None:
    deployment = Deployment(region=REGION, uin="100000000001", buckets=(BUCKET,), ledger_bucket=LEDGER)

    tool, roles, *_ = deploy_policy(deployment)["statement"]

    assert tool["resource"] == ["qcs::sls:ap-beijing::appname/cos-watermark/*"]
    assert (roles["action"], roles["resource"]) == (
        ["cam:PassRole"],
        [
            "qcs::cam::uin/100000000001:roleName/SLS_QcsRole",
            "qcs::cam::uin/100000000001:roleName/cos-watermark-submit",
            "qcs::cam::uin/100000000001:roleName/cos-watermark-callback",
        ],
    )


def test_doctor_uses_all_the_rest_and_needs_no_more(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    cam = clinic.world.cloud.cam
    deployment = Deployment(region=REGION, uin=cam.uin, buckets=(BUCKET,), ledger_bucket=LEDGER)
    policy = deploy_policy(deployment)
    cam.create_role("operator", policy)
    operator = cam.assume("operator")
    clinic.environment = {
        "TENCENT_SECRET_ID": operator.secret_id,
        "TENCENT_SECRET_KEY": operator.secret_key,
        "TENCENT_TOKEN": operator.token or "",
    }
    asked: set[tuple[str, str]] = set()
    may = Identity.may

    def remember(identity: Identity, action: str, resource: str) -> bool:
        asked.add((action, resource))
        return may(identity, action, resource)

    monkeypatch.setattr(Identity, "may", remember)

    examination = clinic.examine()

    assert examination.count(Verdict.FAIL) == 0
    granted = {
        (action, resource)
        for statement in policy["statement"][2:]
        for action in statement["action"]
        for resource in statement["resource"]
    }
    needed = {use for use in asked if use[0] not in OF_THE_FUNCTIONS}
    assert [use for use in needed if not _covered(use, granted)] == []
    assert [grant for grant in granted if not any(_covered(use, {grant}) for use in needed)] == []


def _covered(use: tuple[str, str], grants: set[tuple[str, str]]) -> bool:
    return any(use[0] == action and fnmatchcase(use[1], resource) for action, resource in grants)
