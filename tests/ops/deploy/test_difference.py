"""What is to change in a function, in words that show no secret."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from ops.deploy.difference import Part, function_changes, variable_changes
from ops.deploy.goal import CALLBACK_URL, Code, Goal, goal
from ops.deploy.marker import Marker
from ops.tencent.scf import DeployedFunction
from tests.ops.deployment import STRONG_SECRET, configuration, deployment

if TYPE_CHECKING:
    from collections.abc import Mapping

MARKER = Marker("0.1.0", "a" * 64)
OLD = Marker("0.0.9", "b" * 64, 7)
GOAL = goal(deployment(), configuration(), MARKER).with_url("https://1-a.ap-beijing.tencentscf.com")


def shown(wanted: Goal = GOAL, **changes: Any) -> DeployedFunction:  # noqa: ANN401 - a reply's fields
    """GetFunction's answer when all is as wanted, with changes."""
    function = wanted.functions["submit"]
    answer: dict[str, Any] = {
        "Status": "Active",
        "Description": replace(wanted.marker, size=1234).on(function.description),
        "Handler": function.handler,
        "Runtime": function.runtime,
        "Role": function.role,
        "MemorySize": function.memory,
        "Timeout": function.timeout,
        "InitTimeout": function.init_timeout,
        "CodeSize": 1234,
        "Environment": {"Variables": variables(function.environment)},
        "PublicNetConfig": {"PublicNetStatus": "ENABLE"},
    }
    return DeployedFunction.model_validate({**answer, **changes})


def variables(environment: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in environment.items()]


def changes(found: DeployedFunction | None, given: Code = Code.AS_MARKED) -> list[tuple[Part, str]]:
    return [(change.part, change.text) for change in function_changes(GOAL, "submit", found, given)]


def test_what_is_as_wanted_does_not_differ() -> None:
    assert changes(shown()) == []


def test_what_is_not_there_is_made() -> None:
    assert changes(None) == [(Part.FUNCTION, "is created (256 MB, 270 s, role cos-watermark-submit)")]
    assert changes(shown(Status="CreateFailed")) == [
        (
            Part.FUNCTION,
            "is created again: its creation had failed (256 MB, 270 s, role cos-watermark-submit)",
        )
    ]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("Role", "", "role none → cos-watermark-submit"),
        ("MemorySize", 128, "memory 128 MB → 256 MB"),
        ("Timeout", 3, "time-out 3 s → 270 s"),
        ("InitTimeout", 65, "time-out of the start 65 s → 30 s"),
        ("PublicNetConfig", {"PublicNetStatus": "DISABLE"}, "public network off → on"),
        ("PublicNetConfig", None, "public network off → on"),
    ],
)
def test_what_was_changed_by_hand_is_put_back(field: str, value: Any, said: str) -> None:  # noqa: ANN401 - JSON
    assert changes(shown(**{field: value})) == [(Part.CONFIGURATION, said)]


def test_a_log_topic_that_nobody_chose_here_is_left_as_it_is() -> None:
    assert changes(shown(ClsTopicId="somebody's")) == []


@pytest.mark.parametrize(
    ("description", "size", "said"),
    [
        ("Submits.", 1234, "code that was not deployed by `deploy` → version 0.1.0, aaaaaaaaaaaa"),
        (OLD.on("Submits."), 7, "code: version 0.0.9, bbbbbbbbbbbb → version 0.1.0, aaaaaaaaaaaa"),
        (
            replace(MARKER, size=1234).on("Submits."),
            1235,
            "code that was changed since it was deployed (1235 bytes) → version 0.1.0, aaaaaaaaaaaa",
        ),
    ],
)
def test_other_code_is_told_by_marker_and_size(description: str, size: int, said: str) -> None:
    assert changes(shown(Description=description, CodeSize=size))[0] == (Part.CODE, said)


def test_once_new_code_was_sent_only_the_marker_is_left_to_write() -> None:
    found = shown(Description=OLD.on("Submits."), CodeSize=99)

    assert changes(found, Code.JUST_SENT) == [(Part.CONFIGURATION, "description")]
    assert GOAL.description("submit", found, Code.JUST_SENT).endswith("Size 99.")


def test_another_handler_goes_with_the_code() -> None:
    assert changes(shown(Handler="index.main")) == [(Part.CODE, "handler index.main → submit.main_handler")]


def test_variables_are_named_and_secrets_not_shown() -> None:
    old = {
        "WATERMARK_SECRET": "old-secret",
        "WATERMARK_MIN_AGE": "5",
        "TZ": "Asia/Shanghai",
        "WATERMARK_INCLUDE": "a/**",
    }
    new = {"WATERMARK_SECRET": STRONG_SECRET, "WATERMARK_SECRET_PREVIOUS": "old-secret", "WATERMARK_MIN_AGE": "6"}

    assert list(variable_changes(old, new)) == [
        "WATERMARK_SECRET is replaced (not shown)",
        "WATERMARK_MIN_AGE 5 → 6",
        "TZ is removed",
        "WATERMARK_INCLUDE is removed",
        "WATERMARK_SECRET_PREVIOUS is added (not shown)",
    ]


def test_a_callback_url_that_nobody_set_is_the_functions_own() -> None:
    url = GOAL.functions["callback"].environment[CALLBACK_URL]

    assert url == "https://1-a.ap-beijing.tencentscf.com"
    assert GOAL.with_url("").functions["submit"].environment[CALLBACK_URL] == "no"


@pytest.mark.parametrize(
    "settings",
    [
        {"WATERMARK_CALLBACK_URL": "no"},
        {"WATERMARK_CALLBACK_URL": "queue"},
        {"WATERMARK_CALLBACK_TYPE": "TDMQ", "WATERMARK_MQ_REGION": "bj", "WATERMARK_MQ_NAME": "results"},
    ],
)
def test_what_somebody_chose_stays(settings: dict[str, str]) -> None:
    chosen = goal(deployment(**settings), configuration(**settings), MARKER)

    assert not chosen.own_url
    assert chosen.functions["submit"].environment.get(CALLBACK_URL) == settings.get("WATERMARK_CALLBACK_URL")
