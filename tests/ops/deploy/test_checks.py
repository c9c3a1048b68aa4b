"""What is found before anything is deployed."""

from __future__ import annotations

import pytest

from ops.checkout import SERVERLESS_YML
from ops.deploy.checks import problems
from ops.manifest import Manifest
from ops.variables import MAX_ENVIRONMENT

MANIFEST = Manifest.read(SERVERLESS_YML)
GOOD = {
    "DEPLOY_REGION": "ap-beijing",
    "DEPLOY_BUCKET_DOMAIN": "videos-1250000000.cos.ap-beijing.myqcloud.com",
    "WATERMARK_LEDGER_BUCKET": "ledger-1250000000",
    "WATERMARK_SECRET": "0123456789abcdef" * 4,
    "WATERMARK_CALLBACK_URL": "no",
}


def test_a_good_environment_has_no_problems() -> None:
    assert problems(MANIFEST, GOOD) == []


def test_exactly_as_many_bytes_as_scf_takes_are_no_problem() -> None:
    others = sum(len(name) + len(GOOD[name]) for name in MANIFEST.environment("submit") if name != "WATERMARK_SECRET")
    longest = "x" * (MAX_ENVIRONMENT - others - len("WATERMARK_SECRET"))

    assert problems(MANIFEST, {**GOOD, "WATERMARK_SECRET": longest}) == []
    assert len(problems(MANIFEST, {**GOOD, "WATERMARK_SECRET": longest + "x"})) == 1


@pytest.mark.parametrize("name", sorted(GOOD))
@pytest.mark.parametrize("given", [{}, {"": ""}])
def test_each_variable_that_is_missing_or_empty_is_named(name: str, given: dict[str, str]) -> None:
    without = {other: value for other, value in GOOD.items() if other != name}

    assert problems(MANIFEST, {**without, **({name: ""} if given else {})}) == [f"{name} is not set"]


def test_all_that_are_missing_are_named_at_once() -> None:
    assert problems(MANIFEST, {}) == [f"{name} is not set" for name in MANIFEST.variables]


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("WATERMARK_SECRET", "short", "WATERMARK_SECRET: must have at least 32 bytes"),
        ("WATERMARK_SECRET", "0123456789abcdef" * 2 + "==", "WATERMARK_SECRET contains `=`"),
        ("WATERMARK_SECRET", "x" * 4096, "SCF takes 4096; the longest is WATERMARK_SECRET"),
        ("WATERMARK_CALLBACK_URL", "example.com", "WATERMARK_CALLBACK_URL: must be an http(s) URL"),
        ("WATERMARK_LEDGER_BUCKET", "ledger", "WATERMARK_LEDGER_BUCKET: must be <name>-<APPID>"),
        ("DEPLOY_REGION", "ap-guangzhou", "cos.ap-guangzhou.myqcloud.com, in the functions' region"),
        ("DEPLOY_REGION", "beijing", "DEPLOY_REGION: must be a region's full name, like ap-beijing"),
        (
            "DEPLOY_BUCKET_DOMAIN",
            "videos-1250000000",
            "DEPLOY_BUCKET_DOMAIN: must be <bucket>.cos.ap-beijing.myqcloud.com",
        ),
    ],
)
def test_what_is_wrong_is_said_once_and_without_the_secret(name: str, value: str, complaint: str) -> None:
    found = problems(MANIFEST, {**GOOD, name: value})

    assert len(found) == 1
    assert complaint in found[0]
    assert name != "WATERMARK_SECRET" or value not in found[0]
