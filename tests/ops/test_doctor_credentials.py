"""The doctor on credentials and on the clock of the machine it runs on."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import Mock, patch

import pytest

from faketencent.faults import Fault
from ops.doctor import credentials
from ops.doctor.finding import Verdict
from tests.ops.clinic import allow

if TYPE_CHECKING:
    from tests.ops.clinic import Clinic

#: Says the same on every Python.
pytestmark = pytest.mark.once


def test_credentials_that_the_service_knows_pass(clinic: Clinic) -> None:
    assert clinic.ask_once(credentials.accepted).verdict is Verdict.PASS


def test_credentials_without_any_rights_are_credentials_all_the_same(clinic: Clinic) -> None:
    clinic.use_role(allow())

    assert clinic.ask_once(credentials.accepted).verdict is Verdict.PASS


def test_with_expired_ones_nothing_is_seen(clinic: Clinic) -> None:
    clinic.use_role(allow("*"), lifetime=60)
    clinic.world.cloud.advance(61)

    finding = clinic.ask_once(credentials.accepted)

    assert finding.verdict is Verdict.UNSEEN
    assert "expired" in finding.advice


@pytest.mark.parametrize("name", ["TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY"])
def test_with_unknown_ones_nothing_is_seen_and_the_advice_names_the_variable(clinic: Clinic, name: str) -> None:
    clinic.environment[name] = "something-else"

    finding = clinic.ask_once(credentials.accepted)

    assert finding.verdict is Verdict.UNSEEN
    assert name in finding.advice
    assert clinic.world.cloud.cam.account.secret_key not in finding.message


def test_a_cloud_that_does_not_answer_is_not_seen(clinic: Clinic) -> None:
    clinic.world.cloud.faults.on("GetBucketVersioning", Fault.RESET, times=2)

    finding = clinic.ask_once(credentials.accepted)

    assert finding.verdict is Verdict.UNSEEN
    assert "network" in finding.advice


def test_a_signature_from_the_future_is_blamed_on_the_clock(clinic: Clinic) -> None:
    # The SDK dates its signatures a minute back; so much is forgiven, two are not.
    with patch("qcloud_cos.cos_auth.time", Mock(time=lambda: clinic.world.cloud.clock.now() + 120)):
        finding = clinic.ask_once(credentials.accepted)

    assert finding.verdict is Verdict.UNSEEN
    assert "clock" in finding.advice


def test_a_signature_that_has_run_out_is_blamed_on_the_clock(clinic: Clinic) -> None:
    with patch("qcloud_cos.cos_auth.time", Mock(time=lambda: clinic.world.cloud.clock.now() - 86_400)):
        finding = clinic.ask_once(credentials.accepted)

    assert finding.verdict is Verdict.UNSEEN
    assert "clock" in finding.advice


@pytest.mark.parametrize(
    ("seconds", "verdict", "words"),
    [
        (0, Verdict.PASS, "right"),
        (-14, Verdict.PASS, "right"),
        (20, Verdict.WARN, "20 s ahead"),
        (-20, Verdict.WARN, "20 s behind"),
        (60, Verdict.FAIL, "60 s ahead"),
        (-3600, Verdict.FAIL, "3600 s behind"),
    ],
)
def test_the_clock_is_compared_with_the_service(clinic: Clinic, seconds: int, verdict: Verdict, words: str) -> None:
    clinic.ahead = seconds

    finding = clinic.ask_once(credentials.clock)

    assert finding.verdict is verdict
    assert words in finding.message


def test_without_a_date_the_clock_is_left_to_the_operator(clinic: Clinic) -> None:
    with patch.object(clinic.world.cloud.cos, "finish", lambda reply: reply):
        assert clinic.ask_once(credentials.clock).verdict is Verdict.WARN
