"""What a run learns from the platform about itself."""

from __future__ import annotations

import pytest

from shared.errors import ConfigurationError
from shared.invocation import Invocation

VARIABLE = "TENCENTCLOUD_REGION"


def test_the_region_is_that_of_the_environment_else_that_of_the_context(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "ap-beijing")
    assert Invocation({"tencentcloud_region": "ap-shanghai"}).region == "ap-beijing"

    monkeypatch.delenv(VARIABLE)
    assert Invocation({"tencentcloud_region": "ap-shanghai"}).region == "ap-shanghai"


def test_without_a_region_nothing_is_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)

    with pytest.raises(ConfigurationError, match="neither TENCENTCLOUD_REGION nor the context"):
        Invocation({}).region  # noqa: B018 - asking is what fails
