"""Deploying a function: what CreateFunction refuses."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from faketencent.cloud import FakeCloud
from faketencent.scf.exceptions import AlreadyExistsError, InvalidValueError

if TYPE_CHECKING:
    from faketencent.scf.models import ScfBackend

#: Says the same on every Python.
pytestmark = pytest.mark.once


@pytest.fixture
def cloud() -> FakeCloud:
    return FakeCloud()


@pytest.fixture
def scf(cloud: FakeCloud) -> ScfBackend:
    return cloud.scf.backend


def environ(_: object, __: object) -> dict[str, str]:
    return dict(os.environ)


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({"SCF_X": "1"}, "EnvironmentSystemProtect"),
        ({"QCLOUD_X": "1"}, "EnvironmentSystemProtect"),
        ({"TENCENTCLOUD_SECRETID": "1"}, "EnvironmentSystemProtect"),
        ({"EMPTY": ""}, "Environment"),
        ({"1ST": "x"}, "Environment"),
        ({"WITH-DASH": "x"}, "Environment"),
        ({"": "x"}, "Environment"),
        ({"BIG": "x" * 4094}, "EnvironmentExceededLimit"),
        ({"BIG": "水" * 1365}, "EnvironmentExceededLimit"),
    ],
)
def test_variables_that_the_platform_refuses(scf: ScfBackend, environment: dict[str, str], code: str) -> None:
    with pytest.raises(InvalidValueError) as refused:
        scf.create_function("submit", environ, environment=environment)

    assert refused.value.code == f"InvalidParameterValue.{code}"


def test_four_kilobytes_of_variables_are_allowed(scf: ScfBackend) -> None:
    function = scf.create_function("submit", environ, environment={"BIG": "x" * 4093})

    assert function.environment == {"BIG": "x" * 4093}


@pytest.mark.parametrize(
    "settings",
    [{"timeout": 0}, {"timeout": 901}, {"memory": 100}, {"memory": 4096}, {"retries": 3}, {"role": "nobody"}],
)
def test_settings_that_the_platform_refuses(scf: ScfBackend, settings: dict[str, Any]) -> None:
    with pytest.raises(InvalidValueError):
        scf.create_function("submit", environ, **settings)


@pytest.mark.parametrize("name", ["", "x", "1st", "ends-", "with space", "a" * 61])
def test_names_that_the_platform_refuses(scf: ScfBackend, name: str) -> None:
    with pytest.raises(InvalidValueError):
        scf.create_function(name, environ)


def test_a_name_is_taken_once(scf: ScfBackend) -> None:
    scf.create_function("submit", environ)

    with pytest.raises(AlreadyExistsError):
        scf.create_function("submit", environ)


def test_an_update_is_checked_and_keeps_the_rest(scf: ScfBackend) -> None:
    scf.create_function("submit", environ, environment={"MODE": "old"}, timeout=30)

    scf.update_function("submit", environment={"MODE": "new"})

    assert scf.invoke("submit", {}).result["MODE"] == "new"
    assert scf.function("submit").timeout == 30
    with pytest.raises(InvalidValueError):
        scf.update_function("submit", timeout=0)
