"""Video buckets, media processing, service roles and the log service: what is made, and what only a person can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.cam.service_roles import CI_ROLE, SCF_ROLE
from faketencent.faults import Fault
from faketencent.refusals import Refusal
from ops.configuration.configuration import Site
from ops.setup.command import setup
from ops.tencent.console import CI_SERVICE_ROLE, SCF_SERVICE_ROLE, Console
from shared.cloud.refusals import refusal
from shared.errors import Cause
from tests.ops.setup.newcomer import FIRST, again, agree, set_up, signs, writes
from tests.world import BUCKET, REGION

if TYPE_CHECKING:
    from tests.ops.account import Operator

#: Says the same on every Python.
pytestmark = pytest.mark.once

CONSOLE = Console(Site.CHINA)


def sign(output: str, text: str) -> str:
    return next(sign for line, sign in signs(output).items() if line.startswith(text))


def test_without_cis_role_there_is_the_link_that_makes_it(newcomer: Operator) -> None:
    code, output = newcomer.run(setup, *FIRST)

    assert code == 1
    assert sign(output, "service role CI_QCSRole") == "!"
    assert output.count(CONSOLE.grant(CI_SERVICE_ROLE)) == 2
    assert not newcomer.cloud.cam.has_role(CI_ROLE.name)

    agree(newcomer.cloud)
    assert sign(again(newcomer)[1], "service role CI_QCSRole") == "✓"


def test_the_link_is_the_one_that_the_functions_log() -> None:
    error = refusal(Cause("POST ci videos/jobs", 400, "CIRoleNotExist"))
    assert CONSOLE.grant(CI_SERVICE_ROLE) in error.advice


def test_scfs_link_is_tencents_own() -> None:
    assert CONSOLE.grant(SCF_SERVICE_ROLE) == (
        "https://console.cloud.tencent.com/cam/role/grant?roleName=SCF_QcsRole&policyName=QcloudAccessForScfRole"
        "&principal=eyJzZXJ2aWNlIjoic2NmLnFjbG91ZC5jb20ifQ==&serviceType=scf"
    )


@pytest.mark.parametrize("policy", CI_ROLE.policies)
def test_a_role_of_ci_that_lacks_a_policy_is_for_a_person_too(newcomer: Operator, policy: str) -> None:
    set_up(newcomer)
    cam = newcomer.cloud.cam
    del cam.roles.get(CI_ROLE.name).attached[cam.policies.get(name=policy).id]

    code, output = again(newcomer)

    assert (code, sign(output, "service role CI_QCSRole")) == (1, "!")


def test_scfs_role_is_made_with_its_policy(newcomer: Operator) -> None:
    set_up(newcomer)

    cam = newcomer.cloud.cam
    role = cam.roles.get(SCF_ROLE.name)
    assert role.trusts("scf.qcloud.com")
    assert [cam.policies.get(number).name for number in role.attached] == list(SCF_ROLE.policies)


def test_half_of_scfs_role_is_completed(newcomer: Operator) -> None:
    set_up(newcomer)
    newcomer.cloud.cam.roles.get(SCF_ROLE.name).attached.clear()
    calls = len(newcomer.cloud.journal)

    assert again(newcomer)[0] == 0
    assert writes(newcomer.cloud, calls) == ["AttachRolePolicy"]


@pytest.mark.parametrize("refused", ["UnauthorizedOperation", "OperationDenied"])
def test_where_a_person_must_agree_to_scfs_role_there_is_a_link(newcomer: Operator, refused: str) -> None:
    agree(newcomer.cloud)
    newcomer.cloud.faults.on("CreateRole", Refusal(200, refused))

    code, output = newcomer.run(setup, *FIRST)

    assert code == 1
    assert CONSOLE.grant(SCF_SERVICE_ROLE) in output
    assert newcomer.cloud.cam.has_role("cos-watermark-callback")


def test_somebody_elses_role_of_that_name_is_left_alone(newcomer: Operator) -> None:
    newcomer.cloud.cam.create_role(SCF_ROLE.name, service="cvm.qcloud.com")

    _, output = newcomer.run(setup, *FIRST)

    assert sign(output, "service role SCF_QcsRole is not for scf.qcloud.com") == "!"
    assert not newcomer.cloud.cam.roles.get(SCF_ROLE.name).trusts("scf.qcloud.com")


def test_a_log_service_that_is_closed_is_opened(newcomer: Operator) -> None:
    output = set_up(newcomer)

    assert sign(output, "log service (CLS)") == "+"
    assert newcomer.cloud.cls.backend.opened


def test_where_it_is_opened_by_a_person_only_there_is_a_link(newcomer: Operator) -> None:
    agree(newcomer.cloud)
    newcomer.cloud.cls.backend.may_open = False

    code, output = newcomer.run(setup, *FIRST, "--logs")

    assert code == 1
    assert "! log service (CLS): open it once, and accept its terms (OperationDenied)" in output
    assert "! log topic: the log service must be opened first" in output
    assert CONSOLE.logs in output

    newcomer.cloud.cls.backend.opened = True
    assert again(newcomer, "--logs")[0] == 0


def test_arrears_are_no_reason_to_click_a_link(newcomer: Operator) -> None:
    newcomer.cloud.faults.on("OpenClsService", Refusal(200, "OperationDenied.AccountIsolate", "in arrears"))

    code, output = newcomer.run(setup, *FIRST)

    assert code == 3
    assert "Pay what the account owes" in output


def test_media_processing_is_turned_on_for_every_video_bucket(newcomer: Operator) -> None:
    newcomer.cloud.cos.backend.create_bucket("more-1250000000", REGION)

    set_up(newcomer, "--bucket", "more-1250000000")

    assert set(newcomer.cloud.ci.backend.buckets) == {BUCKET, "more-1250000000"}


@pytest.mark.parametrize("refused", ["CIRoleNotExist", "AccessDenied"])
def test_where_ci_wants_a_person_first_all_else_is_made(newcomer: Operator, refused: str) -> None:
    newcomer.cloud.faults.on("CreateMediaBucket", Refusal(403, refused))

    code, output = newcomer.run(setup, *FIRST)

    assert code == 1
    assert f"bind the bucket, and turn it on ({refused})" in output
    assert newcomer.cloud.cam.has_role("cos-watermark-callback")


@pytest.mark.parametrize(
    ("trouble", "advice"),
    [
        (Fault.ERROR_403, "Ask an administrator to give these credentials the policy"),
        (Refusal(403, "SignatureDoesNotMatch"), "Check the key pair"),
        (Refusal(403, "RequestTimeTooSkewed"), "Set this machine's clock"),
        (Refusal(402, "PaymentRequired"), "Pay what the Tencent Cloud account owes"),
    ],
)
def test_what_cos_refuses_is_explained_to_the_person_who_asked(
    newcomer: Operator, trouble: Fault | Refusal, advice: str
) -> None:
    set_up(newcomer)
    newcomer.cloud.faults.on("GetBucketVersioning", trouble)

    code, output = again(newcomer)

    assert (code, output.count("\n")) == (3, 1)
    assert advice in output


def test_a_video_bucket_that_is_missing_is_not_made(newcomer: Operator) -> None:
    agree(newcomer.cloud)
    mistyped = "vidoes-1250000000"

    code, output = newcomer.run(setup, *FIRST, "--bucket", mistyped)

    assert code == 1
    assert sign(output, f"video bucket {mistyped} is not in {REGION}") == "!"
    assert sign(output, f"media processing of {BUCKET}") == "+"
    assert mistyped not in newcomer.cloud.cos.backend._buckets


def test_a_bucket_of_another_region_is_missing(newcomer: Operator) -> None:
    _, output = newcomer.run(setup, *FIRST, "--region", "ap-shanghai")

    assert sign(output, f"video bucket {BUCKET} is not in ap-shanghai") == "!"
