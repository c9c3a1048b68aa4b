"""A line of the log as SCF keeps it: the function's own JSON, other text that it printed, or the platform's word.

What a function prints as one line of JSON is kept as fields (https://cloud.tencent.com/document/product/583/55595),
beside those of SCF (https://cloud.tencent.com/document/product/583/60336); all values can be texts. Whether the line is
also in `SCF_Message` no page says: either will do.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ops.logs.fields import NUMBERS
from shared.log import Level

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ops.tencent.log_lines import Line

#: What SCF says of a run that is under way, or that ended well: https://cloud.tencent.com/document/product/583/42611.
WELL = ("200", "202")
_PLATFORM = "Platform"
#: Of the platform's lines on a run, those that say no more than that it began or ended.
_EMPTY = ("START ", "END ")


@dataclass(frozen=True)
class LogLine:
    """What was logged: when, in seconds since 1970; by which function, `submit` or `callback`; and its own fields.

    `run` is the id that SCF gave the run of the function.
    """

    at: float
    level: Level
    function: str
    fields: Mapping[str, str | int]
    run: str = ""


def read_line(line: Line, functions: Mapping[str, str]) -> LogLine | None:
    """The line, if it is of one of these functions (name by full name) and says anything to somebody."""
    kept = _object(line.text) or {"SCF_Message": line.text}
    function = functions.get(str(kept.get("SCF_FunctionName", "")))
    if function is None:
        return None
    message = str(kept.get("SCF_Message", ""))
    own = {name: value for name, value in kept.items() if not name.startswith(("SCF_", "__"))}
    if "event" not in own:
        own = _object(message) or ({"message": message} if message else own)
    level = _level(own.get("level", kept.get("SCF_Level")))
    if kept.get("SCF_Type") == _PLATFORM:
        status = str(kept.get("SCF_StatusCode", ""))
        if status in WELL or not status or message.startswith(_EMPTY):
            return None
        level, own = Level.ERROR, {"status": status, "message": message}
    found = {name: _value(name, value) for name, value in own.items() if name != "level" and value is not None}
    return LogLine(line.at / 1000, level, function, found, str(kept.get("SCF_RequestId", "")))


def _level(text: object) -> Level:
    try:
        return Level(str(text).upper())
    except ValueError:
        # SCF's levels are those of Log4J.
        return {"WARN": Level.WARNING, "FATAL": Level.ERROR}.get(str(text).upper(), Level.INFO)


def _value(name: str, value: object) -> str | int:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return int(text) if name in NUMBERS and text.isascii() and text.isdecimal() and len(text) < 20 else text


def _object(text: str) -> dict[str, Any]:
    """The JSON object that the text is; empty if it is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
