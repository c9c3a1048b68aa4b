"""How a line is read, in whatever form SCF keeps it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ops.logs.line import LogLine, read_line
from ops.tencent.log_lines import Line
from shared.log import Level
from tests.ops.logs.conftest import FUNCTIONS

#: Says the same on every Python.
pytestmark = pytest.mark.once

OURS: dict[str, Any] = {"level": "WARNING", "event": "sweep_done", "oldest": 7, "message": "late"}
SCF = {"SCF_FunctionName": "cos-watermark-callback", "SCF_RequestId": "r", "SCF_Type": "Custom", "SCF_Level": "INFO"}


def read(**fields: object) -> LogLine | None:
    line = Line.model_validate({"Time": 1500, "LogJson": json.dumps({**SCF, **fields})})
    return read_line(line, FUNCTIONS)


@pytest.mark.parametrize(
    "fields",
    [
        {**OURS, "SCF_Message": json.dumps(OURS)},
        {**OURS, "oldest": "7", "SCF_Message": ""},
        {**OURS, "oldest": "7", "__SOURCE__": "10.0.0.1", "__TAG__.pod": "x"},
        {"SCF_Message": json.dumps(OURS)},
    ],
)
def test_our_own_line_is_read_from_its_fields_or_from_its_text(fields: dict[str, object]) -> None:
    line = read(**fields)

    found: dict[str, str | int] = {"event": "sweep_done", "oldest": 7, "message": "late"}
    assert line == LogLine(1.5, Level.WARNING, "callback", found, "r")


@pytest.mark.parametrize(
    ("level", "meant"), [("WARN", Level.WARNING), ("error", Level.ERROR), ("DEBUG", Level.INFO), ("FATAL", Level.ERROR)]
)
def test_other_text_is_a_message_of_the_level_that_scf_gave_it(level: str, meant: Level) -> None:
    line = read(SCF_Message="Traceback", SCF_Level=level)

    assert line == LogLine(1.5, meant, "callback", {"message": "Traceback"}, "r")


@pytest.mark.parametrize("text", ['{"cut', "[1]", "7", "[" * 100_000, "\x1b[2J"])
def test_what_only_looks_like_json_is_a_message(text: str) -> None:
    line = read(SCF_Message=text)

    assert line is not None
    assert line.fields == {"message": text}


@pytest.mark.parametrize("value", [None, True, [1], {"a": None}, 1.5, "x" * 5000])
def test_no_value_of_a_field_is_too_much(value: object) -> None:
    line = read(event="submit", detail=value, oldest=value, status="²", held="9" * 30)

    assert line is not None
    assert all(isinstance(found, (str, int)) for found in line.fields.values())
    assert line.fields["held"] == "9" * 30


@pytest.mark.parametrize("kept", ["", "no JSON", "[]", "null", '"text"'])
def test_a_line_that_is_kept_as_something_else_is_nobodys(kept: str) -> None:
    assert read_line(Line.model_validate({"Time": 1, "LogJson": kept}), FUNCTIONS) is None
    assert read_line(Line.model_validate({"Time": 1, "LogJson": None, "RawLog": kept}), FUNCTIONS) is None


def test_the_platform_is_heard_only_when_a_run_failed() -> None:
    platform = {"SCF_Type": "Platform", "SCF_Message": "Report RequestId: r"}

    assert read(**platform, SCF_StatusCode="200") is None
    assert read(**platform, SCF_StatusCode="202") is None
    assert read(**{**platform, "SCF_Message": "END RequestId: r"}, SCF_StatusCode="430") is None
    failed = read(**platform, SCF_StatusCode="433")
    assert failed == LogLine(1.5, Level.ERROR, "callback", {"status": 433, "message": "Report RequestId: r"}, "r")
