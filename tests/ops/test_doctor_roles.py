"""The doctor on the functions' roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.cam.roles import trust_in
from ops.doctor import roles
from ops.doctor.finding import Verdict
from ops.policies import SUBMIT_ROLE
from tests.ops.clinic import allow

if TYPE_CHECKING:
    from ops.doctor.finding import Finding
    from tests.ops.clinic import Clinic

#: Says the same on every Python.
pytestmark = pytest.mark.once


def of_submit(clinic: Clinic) -> Finding:
    submit, callback = clinic.ask(roles.roles)
    assert callback.verdict is Verdict.PASS
    return submit


def test_roles_with_the_policies_that_are_printed_pass(clinic: Clinic) -> None:
    assert of_submit(clinic).verdict is Verdict.PASS


def test_a_role_that_is_missing_fails(clinic: Clinic) -> None:
    clinic.world.cloud.cam.delete_role(SUBMIT_ROLE)

    finding = of_submit(clinic)

    assert (finding.verdict, finding.message) == (Verdict.FAIL, f"there is no role {SUBMIT_ROLE}")


def test_a_role_that_scf_may_not_assume_fails(clinic: Clinic) -> None:
    clinic.world.cloud.cam.roles.known[SUBMIT_ROLE].trust = trust_in("cvm.qcloud.com")

    assert of_submit(clinic).message == f"SCF may not assume the role {SUBMIT_ROLE}"


def test_a_role_with_another_policy_fails(clinic: Clinic) -> None:
    clinic.world.cloud.cam.create_role(SUBMIT_ROLE, allow("cos:GetObject"))

    finding = of_submit(clinic)

    assert finding.verdict is Verdict.FAIL
    assert "`./cos-watermark policy submit` prints" in finding.message


def test_settings_that_need_other_rights_make_both_fail_until_setup_has_run(clinic: Clinic) -> None:
    clinic.change_env(LEDGER_PREFIX="two/")

    assert [finding.verdict for finding in clinic.ask(roles.roles)] == [Verdict.FAIL, Verdict.FAIL]


def test_a_role_that_may_do_more_fails_and_what_it_has_too_much_is_named(clinic: Clinic) -> None:
    cam = clinic.world.cloud.cam
    cam.attach(cam.roles.known[SUBMIT_ROLE], cam.policies.create("too-much", allow("cos:*")).id)

    finding = of_submit(clinic)

    assert finding.verdict is Verdict.FAIL
    assert "too-much" in finding.message


def test_an_account_number_that_cannot_be_one_fails_in_words(clinic: Clinic) -> None:
    clinic.laptop["DEPLOY_UIN"] = "1250000000"

    finding = clinic.ask_once(roles.roles)

    assert finding.verdict is Verdict.FAIL
    assert finding.message.startswith("uin is the APPID")


def test_who_may_not_look_at_roles_is_told_so(clinic: Clinic) -> None:
    clinic.use_role(allow("cos:*", "scf:*"))

    assert clinic.ask_once(roles.roles).verdict is Verdict.UNSEEN
