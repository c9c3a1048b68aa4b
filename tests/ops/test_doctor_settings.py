"""The doctor on the settings, which are valid, and the secrets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from ops.doctor import settings
from ops.doctor.case import Case
from ops.doctor.finding import Verdict
from tests.ops.deployment import STRONG_SECRET, configuration, deployment

if TYPE_CHECKING:
    from tests.ops.clinic import Clinic

#: Says the same on every Python.
pytestmark = pytest.mark.once

GIVEN, DEPLOYMENT = configuration(), deployment()
ANOTHER_SECRET = STRONG_SECRET[::-1]


def test_valid_settings_pass(clinic: Clinic) -> None:
    assert clinic.ask_once(settings.settings).verdict is Verdict.PASS


def test_unencrypted_calls_are_pointed_out(clinic: Clinic) -> None:
    clinic.configure(SCHEME="http")

    assert clinic.ask_once(settings.settings).verdict is Verdict.WARN


def test_a_bill_that_nothing_bounds_is_pointed_out(clinic: Clinic) -> None:
    clinic.configure(MAX_JOBS_PER_DAY=None)

    finding = clinic.ask_once(settings.bill)

    assert finding.verdict is Verdict.WARN
    assert "there is no limit on the cost: set WATERMARK_MAX_JOBS_PER_DAY" in finding.message


def test_a_bill_that_is_bounded_passes_and_is_said(clinic: Clinic) -> None:
    clinic.configure(MAX_JOBS_PER_DAY="20")

    finding = clinic.ask_once(settings.bill)

    assert finding.verdict is Verdict.PASS
    assert "at most 20 jobs a day" in finding.message
    assert "170.00 USD" in finding.message


@pytest.mark.parametrize(
    ("secret", "verdict"),
    [
        (STRONG_SECRET, Verdict.PASS),
        ("93650712846093817465029384756102", Verdict.PASS),
        ("change-me-change-me-change-me-now", Verdict.WARN),
        ("0123456789ABCDEF0123456789abcdef", Verdict.WARN),
        ("a" * 64, Verdict.FAIL),
        ("ab12" * 16, Verdict.FAIL),
        ("0f9a2b7c4d1e8365" * 2, Verdict.FAIL),
    ],
)
def test_a_secret_is_judged_by_how_it_looks(clinic: Clinic, secret: str, verdict: Verdict) -> None:
    clinic.configure(SECRET=secret)

    finding = clinic.ask_once(settings.secret)

    assert finding.verdict is verdict
    assert secret not in finding.message + finding.advice


@given(st.binary(min_size=32, max_size=32).filter(lambda drawn: len(set(drawn)) >= 24))
def test_what_openssl_makes_never_fails(drawn: bytes) -> None:
    chosen = GIVEN.settings.model_copy(update={"secret": SecretStr(drawn.hex())})

    (finding,) = settings.secret.examine(Case(replace(GIVEN, settings=chosen), DEPLOYMENT, lambda: 0.0))

    assert finding.verdict in (Verdict.PASS, Verdict.WARN)


def test_the_previous_secret_is_judged_too(clinic: Clinic) -> None:
    clinic.configure(SECRET_PREVIOUS="b" * 32)

    assert [finding.verdict for finding in clinic.ask(settings.secret)] == [Verdict.PASS, Verdict.FAIL]


def test_a_rotation_to_the_same_secret_is_pointed_out(clinic: Clinic) -> None:
    clinic.configure(SECRET_PREVIOUS=STRONG_SECRET)

    assert clinic.ask(settings.secret)[-1].verdict is Verdict.WARN


def test_a_rotation_passes(clinic: Clinic) -> None:
    clinic.configure(SECRET_PREVIOUS=ANOTHER_SECRET)

    assert [finding.verdict for finding in clinic.ask(settings.secret)] == [Verdict.PASS, Verdict.PASS]
