"""The doctor on the deployment file, the settings and the secrets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.doctor import settings
from ops.doctor.case import Case
from ops.doctor.finding import Verdict
from shared.settings import JobLevel
from tests.ops.clinic import STRONG_SECRET, Clinic, Inputs
from tests.world import REGION

#: Says the same on every Python.
pytestmark = pytest.mark.once

ANOTHER_SECRET = STRONG_SECRET[::-1]


def test_a_file_that_gives_both_functions_the_same_passes(clinic: Clinic) -> None:
    assert clinic.ask_once(settings.deployment_file).verdict is Verdict.PASS


def test_functions_with_different_settings_fail(clinic: Clinic) -> None:
    clinic.deploy(lambda inputs: inputs["functions"]["submit"]["environments"].pop())

    assert clinic.ask_once(settings.deployment_file).verdict is Verdict.FAIL


def test_a_setting_that_only_this_machine_has_is_pointed_out(clinic: Clinic) -> None:
    clinic.environment["WATERMARK_JOB_LEVEL"] = "2"

    finding = clinic.ask_once(settings.deployment_file)

    assert finding.verdict is Verdict.WARN
    assert "WATERMARK_JOB_LEVEL" in finding.message


def test_only_what_the_file_hands_over_counts(clinic: Clinic) -> None:
    clinic.environment |= {"WATERMARK_GIVE_UP_AFTER": "1", "WATERMARK_JOB_LEVEL": "2"}
    clinic.configure(GIVE_UP_AFTER="777")

    assert clinic.case.settings.give_up_after == 777
    assert clinic.case.settings.job_level is JobLevel.LOW


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("", "Correct serverless.yml, or say --region"),
        ("inputs", "Correct serverless.yml, or say --region"),
        ("inputs: {region: [}", "Correct serverless.yml, or say --region"),
        ("inputs: {region: ap-beijing}", "Correct serverless.yml, or say --region"),
        ("a: ${env:NO}", "Set what is missing, or say --region"),
    ],
)
def test_a_file_that_is_none_leaves_the_region_unknown(clinic: Clinic, text: str, advice: str) -> None:
    clinic.file.write_text(text, encoding="utf-8")

    finding = clinic.ask_once(settings.deployment_file)

    assert finding.verdict is Verdict.FAIL
    assert finding.advice == advice


def test_the_line_that_is_no_yaml_is_named(clinic: Clinic) -> None:
    clinic.file.write_text("app: x\ninputs: ]\n", encoding="utf-8")

    assert "line 2: " in clinic.ask_once(settings.deployment_file).message


def test_without_a_file_the_rest_can_still_be_examined(clinic: Clinic) -> None:
    clinic.file.unlink()
    clinic.environment |= clinic.world.variables
    clinic.options["chosen_region"] = REGION

    assert clinic.ask_once(settings.deployment_file).verdict is Verdict.WARN
    assert clinic.ask_once(settings.settings).verdict is Verdict.PASS


def test_variables_that_are_not_set_are_named() -> None:
    finding = settings.deployment_file.examine(Case({}, lambda: 0.0))

    assert finding is not None
    assert "DEPLOY_BUCKET_DOMAIN" in finding[0].message


def test_valid_settings_pass(clinic: Clinic) -> None:
    assert clinic.ask_once(settings.settings).verdict is Verdict.PASS


def test_unencrypted_calls_are_pointed_out(clinic: Clinic) -> None:
    clinic.configure(SCHEME="http")

    assert clinic.ask_once(settings.settings).verdict is Verdict.WARN


def test_invalid_settings_fail_and_never_show_a_value(clinic: Clinic) -> None:
    clinic.configure(SECRET="too-short", GIVE_UP_AFTER="soon")

    finding = clinic.ask_once(settings.settings)

    assert finding.verdict is Verdict.FAIL
    assert "WATERMARK_SECRET: must have" in finding.message
    assert "WATERMARK_GIVE_UP_AFTER" in finding.message
    assert "too-short" not in finding.message


def test_variables_that_are_too_long_together_fail_with_the_longest_named_once(clinic: Clinic) -> None:
    # Given a choice of keys that is right in itself
    patterns = ",".join(f"a-folder-of-videos-{number:03}/**" for number in range(200))

    def include(inputs: Inputs) -> None:
        for function in inputs["functions"].values():
            function["environments"].append({"key": "WATERMARK_INCLUDE", "value": patterns})

    clinic.deploy(include)

    finding = clinic.ask_once(settings.variables)

    assert clinic.ask_once(settings.settings).verdict is Verdict.PASS
    assert finding.verdict is Verdict.FAIL
    assert "SCF takes 4096; the longest is WATERMARK_INCLUDE" in finding.message


def test_a_value_that_the_runtime_would_split_fails(clinic: Clinic) -> None:
    clinic.configure(EXCLUDE="a=b/**")

    assert clinic.ask_once(settings.variables).verdict is Verdict.FAIL


def test_variables_that_scf_takes_pass(clinic: Clinic) -> None:
    assert clinic.ask_once(settings.variables).verdict is Verdict.PASS


def test_a_bill_that_nothing_bounds_is_pointed_out(clinic: Clinic) -> None:
    clinic.configure(MAX_JOBS_PER_DAY=None)

    finding = clinic.ask_once(settings.bill)

    assert finding.verdict is Verdict.WARN
    assert "nothing bounds the bill: set WATERMARK_MAX_JOBS_PER_DAY" in finding.message


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
    case = Case({"WATERMARK_SECRET": drawn.hex(), "WATERMARK_LEDGER_BUCKET": "ledger-1250000000"}, lambda: 0.0)

    found = settings.secret.examine(case)

    assert found is not None
    assert [finding.verdict for finding in found] in ([Verdict.PASS], [Verdict.WARN])


def test_the_previous_secret_is_judged_too(clinic: Clinic) -> None:
    clinic.configure(SECRET_PREVIOUS="b" * 32)

    assert [finding.verdict for finding in clinic.ask(settings.secret)] == [Verdict.PASS, Verdict.FAIL]


def test_a_rotation_to_the_same_secret_is_pointed_out(clinic: Clinic) -> None:
    clinic.configure(SECRET_PREVIOUS=STRONG_SECRET)

    assert clinic.ask(settings.secret)[-1].verdict is Verdict.WARN


def test_a_rotation_passes(clinic: Clinic) -> None:
    clinic.configure(SECRET_PREVIOUS=ANOTHER_SECRET)

    assert [finding.verdict for finding in clinic.ask(settings.secret)] == [Verdict.PASS, Verdict.PASS]
